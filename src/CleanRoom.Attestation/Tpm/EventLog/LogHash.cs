using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Digests;

namespace CleanRoom.Attestation.Tpm.EventLog;

/// <summary>The hashes of the banks of a log. SHA-1 is there to read old logs; no verdict rests on it.</summary>
internal static class LogHash
{
    /// <summary>Returns the bytes of a digest; 0 for a bank that is not known.</summary>
    public static int Bytes(ushort algorithm) => algorithm switch
    {
        TpmAlgorithms.Sha1 => 20,
        TpmAlgorithms.Sha256 => 32,
        TpmAlgorithms.Sha384 => 48,
        TpmAlgorithms.Sha512 => 64,
        _ => 0,
    };

    /// <summary>Hashes.</summary>
    public static byte[] Of(ushort algorithm, ReadOnlySpan<byte> data) => algorithm switch
    {
        TpmAlgorithms.Sha1 => Sha1(data),
        TpmAlgorithms.Sha256 => SHA256.HashData(data),
        TpmAlgorithms.Sha384 => SHA384.HashData(data),
        TpmAlgorithms.Sha512 => SHA512.HashData(data),
        _ => throw new ArgumentOutOfRangeException(nameof(algorithm), algorithm, "wanted the hash of a known bank"),
    };

    private static byte[] Sha1(ReadOnlySpan<byte> data)
    {
        var digest = new Sha1Digest();
        digest.BlockUpdate(data);
        var result = new byte[digest.GetDigestSize()];
        digest.DoFinal(result, 0);
        return result;
    }
}
