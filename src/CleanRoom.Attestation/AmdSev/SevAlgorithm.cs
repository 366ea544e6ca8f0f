using CleanRoom.Attestation.Signatures;

namespace CleanRoom.Attestation.AmdSev;

/// <summary>How a signature of the platform was made. Spec: AMD 55766 appendix C.2.</summary>
internal enum SevAlgorithm : uint
{
    /// <summary>No signature.</summary>
    None = 0,

    RsaSha256 = 1,
    EcdsaSha256 = 2,
    EcdhSha256 = 3,
    RsaSha384 = 0x101,
    EcdsaSha384 = 0x102,
    EcdhSha384 = 0x103,
}

/// <summary>What <see cref="SevAlgorithm"/> stands for.</summary>
internal static class SevAlgorithms
{
    /// <summary>Returns whether RSASSA-PSS is meant.</summary>
    public static bool IsRsa(this SevAlgorithm algorithm) => algorithm is SevAlgorithm.RsaSha256 or SevAlgorithm.RsaSha384;

    /// <summary>Returns whether ECDSA is meant.</summary>
    public static bool IsEcdsa(this SevAlgorithm algorithm) => algorithm is SevAlgorithm.EcdsaSha256 or SevAlgorithm.EcdsaSha384;

    /// <summary>Returns whether key agreement is meant: such a key signs nothing.</summary>
    public static bool IsEcdh(this SevAlgorithm algorithm) => algorithm is SevAlgorithm.EcdhSha256 or SevAlgorithm.EcdhSha384;

    /// <summary>Returns the hash.</summary>
    public static HashName Hash(this SevAlgorithm algorithm) =>
        algorithm is SevAlgorithm.RsaSha384 or SevAlgorithm.EcdsaSha384 or SevAlgorithm.EcdhSha384 ? HashName.Sha384 : HashName.Sha256;
}
