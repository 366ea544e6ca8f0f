using CleanRoom.Cryptography.Streams;

namespace CleanRoom.Cryptography.Keys;

/// <summary>The random key of one dataset version or of one result; it never seals anything else.</summary>
public sealed class DataKey : IDisposable
{
    private DataKey(SecretBytes secret) => Secret = secret;

    /// <summary>Gets the 32 bytes. Disposed with this object.</summary>
    public SecretBytes Secret { get; }

    /// <summary>Makes a fresh key.</summary>
    public static DataKey Generate() => new(SecretBytes.Random(SealedStream.DataKeyBytes));

    /// <summary>Copies a key and zeroes the source.</summary>
    /// <param name="source">32 bytes.</param>
    /// <exception cref="ArgumentException">The source is not 32 bytes long.</exception>
    public static DataKey Take(Span<byte> source) => source.Length == SealedStream.DataKeyBytes
        ? new DataKey(SecretBytes.Take(source))
        : throw new ArgumentException($"wanted {SealedStream.DataKeyBytes} bytes, got {source.Length}", nameof(source));

    /// <summary>Zeroes the key.</summary>
    public void Dispose() => Secret.Dispose();

    /// <inheritdoc/>
    public override string ToString() => "[redacted]";
}
