using System.Security.Cryptography;

namespace CleanRoom.Cryptography;

/// <summary>Secret bytes that the collector never moves and that are zeroed when disposed.</summary>
/// <remarks>
/// Pinned, so that no copy stays behind when the heap is compacted. Who creates one disposes it. Not safe against
/// disposal on another thread while it is read.
/// </remarks>
public sealed class SecretBytes : IDisposable
{
    private byte[]? _bytes;

    private SecretBytes(int length) => _bytes = GC.AllocateArray<byte>(length, pinned: true);

    /// <summary>Gets the length in bytes.</summary>
    /// <exception cref="ObjectDisposedException">The secret was disposed.</exception>
    public int Length => Live.Length;

    /// <summary>Gets the secret itself.</summary>
    /// <exception cref="ObjectDisposedException">The secret was disposed.</exception>
    public ReadOnlySpan<byte> Span => Live;

    /// <summary>Gets the secret itself; it is zeroed under the holder's hands when this is disposed.</summary>
    /// <exception cref="ObjectDisposedException">The secret was disposed.</exception>
    public ReadOnlyMemory<byte> Memory => Live;

    private byte[] Live
    {
        get
        {
            ObjectDisposedException.ThrowIf(_bytes is null, this);
            return _bytes;
        }
    }

    /// <summary>Copies bytes; the source stays as it is and is the caller's to zero.</summary>
    public static SecretBytes CopyOf(ReadOnlySpan<byte> source)
    {
        var secret = Allocate(source.Length, out var bytes);
        source.CopyTo(bytes);
        return secret;
    }

    /// <summary>Copies bytes and zeroes the source.</summary>
    public static SecretBytes Take(Span<byte> source)
    {
        var secret = CopyOf(source);
        CryptographicOperations.ZeroMemory(source);
        return secret;
    }

    /// <summary>Draws bytes from the system's generator.</summary>
    public static SecretBytes Random(int length)
    {
        var secret = Allocate(length, out var bytes);
        RandomNumberGenerator.Fill(bytes);
        return secret;
    }

    /// <summary>Compares in a time that does not depend on the content.</summary>
    public bool FixedTimeEquals(ReadOnlySpan<byte> other) => CryptographicOperations.FixedTimeEquals(Span, other);

    /// <summary>Zeroes the secret.</summary>
    public void Dispose()
    {
        if (_bytes is { } bytes)
        {
            _bytes = null;
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    /// <inheritdoc/>
    public override string ToString() => "[redacted]";

    /// <summary>Makes a zeroed secret for the caller to fill.</summary>
    internal static SecretBytes Allocate(int length, out Span<byte> bytes)
    {
        var secret = new SecretBytes(length);
        bytes = secret._bytes;
        return secret;
    }

    /// <summary>Returns the bytes for a caller that must write them across an await.</summary>
    internal Memory<byte> Writable() => Live;
}
