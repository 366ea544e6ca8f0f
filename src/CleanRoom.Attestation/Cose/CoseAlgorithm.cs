using CleanRoom.Attestation.Signatures;

namespace CleanRoom.Attestation.Cose;

/// <summary>The signature algorithms that tokens use, numbered as in COSE. Spec: RFC 9053 s.2.1, RFC 8230 s.2.</summary>
internal enum CoseAlgorithm
{
    /// <summary>No algorithm, or one that is not verified here.</summary>
    None = 0,

    /// <summary>ECDSA with SHA-256, over P-256.</summary>
    Es256 = -7,

    /// <summary>ECDSA with SHA-384, over P-384.</summary>
    Es384 = -35,

    /// <summary>ECDSA with SHA-512, over P-521.</summary>
    Es512 = -36,

    /// <summary>RSASSA-PSS with SHA-384 and a salt of 48 bytes.</summary>
    Ps384 = -38,
}

/// <summary>What <see cref="CoseAlgorithm"/> stands for.</summary>
internal static class CoseAlgorithms
{
    private const int Sha384Bytes = 48;

    /// <summary>Returns the algorithm of a number; None for one that is not verified here.</summary>
    public static CoseAlgorithm Of(long number) => number switch
    {
        (long)CoseAlgorithm.Es256 => CoseAlgorithm.Es256,
        (long)CoseAlgorithm.Es384 => CoseAlgorithm.Es384,
        (long)CoseAlgorithm.Es512 => CoseAlgorithm.Es512,
        (long)CoseAlgorithm.Ps384 => CoseAlgorithm.Ps384,
        _ => CoseAlgorithm.None,
    };

    /// <summary>Verifies; false when the key is not of the kind and curve that belong to the algorithm.</summary>
    public static bool Verify(this CoseAlgorithm algorithm, VerificationKey key, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature) => algorithm switch
    {
        CoseAlgorithm.Es256 => key.FieldBytes == 32 && key.VerifyEcdsa(HashName.Sha256, data, signature),
        CoseAlgorithm.Es384 => key.FieldBytes == 48 && key.VerifyEcdsa(HashName.Sha384, data, signature),
        CoseAlgorithm.Es512 => key.FieldBytes == 66 && key.VerifyEcdsa(HashName.Sha512, data, signature),
        CoseAlgorithm.Ps384 => key.IsRsa && key.VerifyPss(HashName.Sha384, data, signature, Sha384Bytes),
        _ => false,
    };
}
