using System.Buffers.Binary;
using CleanRoom.Attestation.Formats;
using CleanRoom.Attestation.Signatures;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.WindowsVbs;

/// <summary>What SQL Server sends of its enclave: the enclave's key, the host's certificate, the report, and a signed key for the session.</summary>
/// <param name="EnclaveKey">The enclave's RSA key as a BCRYPT_RSAKEY_BLOB: the report holds its digest.</param>
/// <param name="Certificate">The host's health certificate, DER.</param>
/// <param name="Package">The report.</param>
/// <param name="SessionKey">A P-384 key as a BCRYPT_ECCKEY_BLOB.</param>
/// <param name="SessionSignature">By the enclave's key over the session's key, RSASSA-PKCS1-v1_5 with SHA-256.</param>
/// <remarks>Spec: Microsoft.Data.SqlClient, AttestationInfo and EnclaveDiffieHellmanInfo; Windows SDK, bcrypt.h. Little endian.</remarks>
internal sealed record SqlEnvelope(Bytes EnclaveKey, Bytes Certificate, Bytes Package, Bytes SessionKey, Bytes SessionSignature)
{
    private const int MaxBytes = 64 * 1_024;
    private const int KeyAt = 16;
    private const uint SizesBytes = 3 * sizeof(uint);
    private const uint SessionKeyBytes = 104;
    private const uint SessionKeyMagic = 0x334B4345;
    private const uint RsaPublicMagic = 0x31415352;
    private const int MaxExponentBytes = 8;
    private const int MaxModulusBytes = 1_024;

    /// <summary>Returns whether bytes begin like an envelope.</summary>
    public static bool LooksLikeOne(ReadOnlySpan<byte> bytes) =>
        bytes.Length is > KeyAt + sizeof(uint) and <= MaxBytes && BinaryPrimitives.ReadUInt32LittleEndian(bytes[KeyAt..]) == RsaPublicMagic;

    /// <summary>Reads an envelope; null for another form, lengths that do not add up, or trailing bytes. Trust: attacker-controlled.</summary>
    public static SqlEnvelope? Parse(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > MaxBytes)
        {
            return null;
        }

        var reader = new ByteReader(bytes);
        var total = reader.UInt32Little();
        var (keyBytes, certificateBytes, packageBytes) = (reader.UInt32Little(), reader.UInt32Little(), reader.UInt32Little());
        var key = reader.Take(keyBytes);
        var certificate = reader.Take(certificateBytes);
        var package = reader.Take(packageBytes);
        var fits = total == (ulong)SizesBytes + keyBytes + certificateBytes + packageBytes;

        // The length does not count itself; the session's number is eight bytes that nothing vouches for.
        var rest = reader.Remaining;
        fits &= reader.UInt32Little() == rest - sizeof(uint);
        reader.Take(sizeof(ulong));
        var (sessionBytes, signatureBytes) = (reader.UInt32Little(), reader.UInt32Little());
        var session = reader.Take(sessionBytes);
        var signature = reader.Take(signatureBytes);
        fits &= sessionBytes == SessionKeyBytes && session.Length > sizeof(uint) && BinaryPrimitives.ReadUInt32LittleEndian(session) == SessionKeyMagic;
        return fits && reader.IsDone
            ? new SqlEnvelope(new Bytes(key), new Bytes(certificate), new Bytes(package), new Bytes(session), new Bytes(signature))
            : null;
    }

    /// <summary>Reads the enclave's key; null for another form than a public BCRYPT_RSAKEY_BLOB, or a key that no check could use.</summary>
    public VerificationKey? Key()
    {
        var reader = new ByteReader(EnclaveKey.Span);
        var isPublic = reader.UInt32Little() == RsaPublicMagic;
        var bits = reader.UInt32Little();
        var (exponentBytes, modulusBytes) = (reader.UInt32Little(), reader.UInt32Little());
        reader.Zeros(2 * sizeof(uint));
        if (!isPublic || exponentBytes > MaxExponentBytes || modulusBytes > MaxModulusBytes || bits != 8 * modulusBytes)
        {
            return null;
        }

        var exponent = reader.Take(exponentBytes);
        var modulus = reader.Take(modulusBytes);
        return reader.IsDone ? VerificationKey.FromRsa(modulus, exponent) : null;
    }
}
