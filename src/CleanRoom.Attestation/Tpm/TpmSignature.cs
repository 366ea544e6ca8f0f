using CleanRoom.Attestation.Formats;
using CleanRoom.Attestation.Signatures;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.Tpm;

/// <summary>TPMT_SIGNATURE whose form is right. Spec: TPM 2.0 Library Part 2, TPMT_SIGNATURE.</summary>
/// <param name="Scheme">TPM_ALG_ID: RSASSA, RSAPSS or ECDSA.</param>
/// <param name="HashAlgorithm">TPM_ALG_ID, of any hash; <see cref="Hash"/> says whether it may be used.</param>
/// <param name="First">The RSA signature, or r.</param>
/// <param name="Second">Empty, or s.</param>
internal sealed record TpmSignature(ushort Scheme, ushort HashAlgorithm, Bytes First, Bytes Second)
{
    /// <summary>Gets the hash; none when it is SHA-1 or another that no signature may use.</summary>
    public HashName Hash => TpmAlgorithms.HashOf(HashAlgorithm);

    /// <summary>Reads it; null for another scheme, and for trailing bytes.</summary>
    public static TpmSignature? Parse(ReadOnlySpan<byte> signature)
    {
        var reader = new ByteReader(signature);
        var scheme = reader.UInt16Big();
        var hash = reader.UInt16Big();
        var first = new Bytes(reader.Take(reader.UInt16Big()));
        var second = scheme == TpmAlgorithms.Ecdsa ? new Bytes(reader.Take(reader.UInt16Big())) : default;
        return reader.IsDone && (scheme is TpmAlgorithms.RsaSsa or TpmAlgorithms.RsaPss or TpmAlgorithms.Ecdsa)
            ? new TpmSignature(scheme, hash, first, second)
            : null;
    }

    /// <summary>Verifies with a key; false for a hash that may not be used too.</summary>
    public bool Verifies(VerificationKey key, ReadOnlySpan<byte> data) => Hash != HashName.None && Scheme switch
    {
        TpmAlgorithms.RsaSsa => key.VerifyPkcs1(Hash, data, First.Span),
        TpmAlgorithms.RsaPss => key.VerifyPss(Hash, data, First.Span),
        _ => key.VerifyEcdsa(Hash, data, First.Span, Second.Span),
    };
}
