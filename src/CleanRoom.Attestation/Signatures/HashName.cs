using System.Security.Cryptography;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Digests;

namespace CleanRoom.Attestation.Signatures;

/// <summary>The hashes that a signature on evidence may use. SHA-1 is not among them.</summary>
internal enum HashName
{
    /// <summary>Never used.</summary>
    None = 0,

    Sha256,
    Sha384,
    Sha512,
}

/// <summary>What <see cref="HashName"/> stands for.</summary>
internal static class HashNames
{
    /// <summary>Hashes.</summary>
    public static byte[] Hash(this HashName name, ReadOnlySpan<byte> data) => name switch
    {
        HashName.Sha256 => SHA256.HashData(data),
        HashName.Sha384 => SHA384.HashData(data),
        HashName.Sha512 => SHA512.HashData(data),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "wanted a hash"),
    };

    /// <summary>Makes the digest that BouncyCastle's signers want.</summary>
    public static IDigest ToDigest(this HashName name) => name switch
    {
        HashName.Sha256 => new Sha256Digest(),
        HashName.Sha384 => new Sha384Digest(),
        HashName.Sha512 => new Sha512Digest(),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "wanted a hash"),
    };
}
