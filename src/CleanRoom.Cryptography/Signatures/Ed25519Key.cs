using CleanRoom.Protocol;
using Org.BouncyCastle.Math.EC.Rfc8032;

namespace CleanRoom.Cryptography.Signatures;

/// <summary>An Ed25519 key made from a 32-byte seed; the same seed gives the same key. Spec: RFC 8032 s.5.1.</summary>
public sealed class Ed25519Key : IWitnessKey
{
    /// <summary>Length of seed and public key in bytes.</summary>
    public const int SeedBytes = 32;

    /// <summary>Length of a signature in bytes.</summary>
    public const int SignatureBytes = 64;

    private readonly SecretBytes _seed;

    private Ed25519Key(SecretBytes seed)
    {
        _seed = seed;
        Span<byte> publicKey = stackalloc byte[SeedBytes];
        Ed25519.GeneratePublicKey(seed.Span, publicKey);
        PublicKey = new Bytes(publicKey);
    }

    /// <inheritdoc/>
    public Bytes PublicKey { get; }

    /// <summary>Makes a fresh key.</summary>
    public static Ed25519Key Generate() => new(SecretBytes.Random(SeedBytes));

    /// <summary>Makes the key of a seed.</summary>
    /// <param name="seed">32 bytes. Copied: the caller still disposes it.</param>
    /// <exception cref="ArgumentException">The seed is not 32 bytes long.</exception>
    public static Ed25519Key FromSeed(SecretBytes seed)
    {
        ArgumentNullException.ThrowIfNull(seed);
        return seed.Length == SeedBytes
            ? new Ed25519Key(SecretBytes.CopyOf(seed.Span))
            : throw new ArgumentException($"wanted {SeedBytes} bytes, got {seed.Length}", nameof(seed));
    }

    /// <summary>Signs the data.</summary>
    /// <returns>64 bytes.</returns>
    public byte[] Sign(ReadOnlySpan<byte> data)
    {
        var signature = new byte[SignatureBytes];
        Ed25519.Sign(_seed.Span, data, signature);
        return signature;
    }

    /// <inheritdoc/>
    public ValueTask<byte[]> SignEd25519Async(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(Sign(data.Span));
    }

    /// <summary>Zeroes the seed.</summary>
    public void Dispose() => _seed.Dispose();

    /// <inheritdoc/>
    public override string ToString() => "[redacted]";
}
