using CleanRoom.Attestation.Signatures;

namespace CleanRoom.Attestation.Tpm;

/// <summary>TPM_ALG_ID, TPM_ECC_CURVE and tags. Spec: TPM 2.0 Library Part 2, tables TPM_ALG_ID, TPM_ECC_CURVE, TPM_ST.</summary>
internal static class TpmAlgorithms
{
    public const ushort Rsa = 0x0001;
    public const ushort Sha1 = 0x0004;
    public const ushort Sha256 = 0x000B;
    public const ushort Sha384 = 0x000C;
    public const ushort Sha512 = 0x000D;
    public const ushort Null = 0x0010;
    public const ushort RsaSsa = 0x0014;
    public const ushort RsaPss = 0x0016;
    public const ushort Ecdsa = 0x0018;
    public const ushort Ecc = 0x0023;

    /// <summary>TPM_GENERATED_VALUE: an own key that is restricted signs no other data that begins so.</summary>
    public const uint Generated = 0xFF54_4347;

    /// <summary>TPM_ST_ATTEST_QUOTE.</summary>
    public const ushort Quote = 0x8018;

    /// <summary>Returns the hash; none for SHA-1 and for everything else that no check may use.</summary>
    public static HashName HashOf(ushort algorithm) => algorithm switch
    {
        Sha256 => HashName.Sha256,
        Sha384 => HashName.Sha384,
        Sha512 => HashName.Sha512,
        _ => HashName.None,
    };

    /// <summary>Returns the name of a bank of PCRs as tools write it; null for one that is not known.</summary>
    public static string? BankOf(ushort algorithm) => algorithm switch
    {
        Sha1 => "sha1",
        Sha256 => "sha256",
        Sha384 => "sha384",
        Sha512 => "sha512",
        _ => null,
    };

    /// <summary>Returns whether a bank of PCRs may count as proof of what was measured. SHA-1 never does.</summary>
    public static bool IsProof(ushort bank) => bank is Sha256 or Sha384;

    /// <summary>Returns the curve; null for one that is not allowed. TPM_ECC_NIST_P256 and P384.</summary>
    public static string? CurveOf(ushort curve) => curve switch
    {
        0x0003 => "P-256",
        0x0004 => "P-384",
        _ => null,
    };
}
