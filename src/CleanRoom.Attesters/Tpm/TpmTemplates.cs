using CleanRoom.Attesters.Tpm.Wire;

namespace CleanRoom.Attesters.Tpm;

/// <summary>The TPMT_PUBLIC of the objects that this library makes. Spec: contracts/spec/0006 s.9 and s.10; TPM 2.0 Library Part 2.</summary>
internal static class TpmTemplates
{
    /// <summary>fixedTPM, fixedParent, sensitiveDataOrigin, userWithAuth, restricted, sign: signs nothing that the TPM did not make.</summary>
    private const uint AttestationKeyAttributes = 0x0005_0072;

    /// <summary>fixedTPM, fixedParent, sensitiveDataOrigin, userWithAuth, noDA, restricted, decrypt. Spec: TCG TPM v2.0 Provisioning Guidance s.7.5.</summary>
    private const uint StorageKeyAttributes = 0x0003_0472;

    /// <summary>fixedTPM, fixedParent, noDA; without userWithAuth only the policy opens it.</summary>
    private const uint SealedObjectAttributes = 0x0000_0412;

    private const int AesKeyBits = 128;

    /// <summary>A restricted ECDSA P-256 signing key with SHA-256.</summary>
    public static byte[] AttestationKey()
    {
        using var writer = new TpmWriter();
        return writer.U16(TpmConstants.Ecc).U16(TpmConstants.Sha256).U32(AttestationKeyAttributes).Sized([])
            .U16(TpmConstants.Null)
            .U16(TpmConstants.Ecdsa).U16(TpmConstants.Sha256)
            .U16(TpmConstants.NistP256)
            .U16(TpmConstants.Null)
            .Sized([]).Sized([]).Written.ToArray();
    }

    /// <summary>A restricted P-256 storage key with AES-128-CFB, the parent of sealed objects.</summary>
    public static byte[] StorageKey()
    {
        using var writer = new TpmWriter();
        return writer.U16(TpmConstants.Ecc).U16(TpmConstants.Sha256).U32(StorageKeyAttributes).Sized([])
            .U16(TpmConstants.Aes).U16(AesKeyBits).U16(TpmConstants.Cfb)
            .U16(TpmConstants.Null)
            .U16(TpmConstants.NistP256)
            .U16(TpmConstants.Null)
            .Sized([]).Sized([]).Written.ToArray();
    }

    /// <summary>Sealed bytes that a policy opens.</summary>
    public static byte[] SealedObject(ReadOnlySpan<byte> policyDigest)
    {
        using var writer = new TpmWriter();
        return writer.U16(TpmConstants.KeyedHash).U16(TpmConstants.Sha256).U32(SealedObjectAttributes).Sized(policyDigest)
            .U16(TpmConstants.Null)
            .Sized([]).Written.ToArray();
    }
}
