using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Formats;
using CleanRoom.Attestation.Signatures;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.Tpm;

/// <summary>TPMT_PUBLIC of a signing key, whose form is right. Spec: TPM 2.0 Library Part 2, TPMT_PUBLIC, TPMA_OBJECT.</summary>
/// <param name="Key">The key.</param>
/// <param name="Attributes">TPMA_OBJECT.</param>
/// <param name="Name">nameAlg, then the digest of TPMT_PUBLIC: how a TPM names the object.</param>
internal sealed record TpmPublicKey(VerificationKey Key, uint Attributes, Bytes Name)
{
    private const uint FixedTpm = 1 << 1;
    private const uint FixedParent = 1 << 4;
    private const uint SensitiveDataOrigin = 1 << 5;
    private const uint Restricted = 1 << 16;
    private const uint Decrypt = 1 << 17;
    private const uint Sign = 1 << 18;

    /// <summary>fixedTPM, fixedParent, sensitiveDataOrigin, restricted, sign.</summary>
    private const uint WantedAttributes = FixedTpm | FixedParent | SensitiveDataOrigin | Restricted | Sign;

    /// <summary>RSA's exponent is written as 0 when it is 65,537.</summary>
    private const uint DefaultExponent = 65_537;

    /// <summary>
    /// Gets a value that says whether the key was made in the TPM, never leaves it, and signs nothing that begins like a TPM's own
    /// statement unless the TPM made it. An unrestricted key signs a made-up quote.
    /// </summary>
    public bool IsAttestationKey => (Attributes & (WantedAttributes | Decrypt)) == WantedAttributes;

    /// <summary>Gets the failure <c>ak-attributes</c> of a key that is no attestation key; null of one that is.</summary>
    public FailedCheck? AttributeFailure => IsAttestationKey
        ? null
        : FailedCheck.Invalid("ak-attributes", "fixed to the tpm and its parent, made there, restricted, signing and not decrypting", $"0x{Attributes:x8}");

    /// <summary>Reads it; null for another kind of key, a symmetric algorithm, a curve or size that is not allowed, and trailing bytes.</summary>
    public static TpmPublicKey? Parse(ReadOnlySpan<byte> template)
    {
        var reader = new ByteReader(template);
        var type = reader.UInt16Big();
        var nameAlgorithm = reader.UInt16Big();
        var attributes = reader.UInt32Big();
        reader.Take(reader.UInt16Big());
        var symmetric = reader.UInt16Big();
        var scheme = reader.UInt16Big();
        if (scheme != TpmAlgorithms.Null)
        {
            reader.UInt16Big();
        }

        var key = type switch
        {
            TpmAlgorithms.Rsa => ReadRsa(ref reader),
            TpmAlgorithms.Ecc => ReadEcc(ref reader),
            _ => null,
        };
        var hash = TpmAlgorithms.HashOf(nameAlgorithm);
        return key is not null && symmetric == TpmAlgorithms.Null && hash != HashName.None && reader.IsDone
            ? new TpmPublicKey(key, attributes, new Bytes([(byte)(nameAlgorithm >> 8), (byte)nameAlgorithm, .. hash.Hash(template)]))
            : null;
    }

    private static VerificationKey? ReadRsa(ref ByteReader reader)
    {
        reader.UInt16Big();
        var exponent = reader.UInt32Big();
        var modulus = reader.Take(reader.UInt16Big());
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(bytes, exponent == 0 ? DefaultExponent : exponent);
        return reader.Failed ? null : VerificationKey.FromRsa(modulus, bytes);
    }

    private static VerificationKey? ReadEcc(ref ByteReader reader)
    {
        var curve = TpmAlgorithms.CurveOf(reader.UInt16Big());
        var derivation = reader.UInt16Big();
        var x = reader.Take(reader.UInt16Big());
        var y = reader.Take(reader.UInt16Big());
        return reader.Failed || curve is null || derivation != TpmAlgorithms.Null ? null : VerificationKey.FromPoint(curve, x, y);
    }
}
