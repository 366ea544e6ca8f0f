using CleanRoom.Attestation.Signatures;
using Org.BouncyCastle.Asn1.Nist;
using Org.BouncyCastle.Asn1.Pkcs;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Asn1.X9;

namespace CleanRoom.Attestation.Certificates;

/// <summary>Verifies signatures whose algorithm is an AlgorithmIdentifier: certificates and revocation lists. SHA-2 only.</summary>
/// <remarks>Spec: RFC 5758 s.3.2 (ECDSA), RFC 4055 s.5 (RSASSA-PKCS1-v1_5) and s.3.1 (RSASSA-PSS).</remarks>
internal static class AlgorithmCheck
{
    /// <summary>Returns false for an unknown algorithm too: the issuer's key kind must fit what the signature says.</summary>
    public static bool Verify(VerificationKey key, AlgorithmIdentifier algorithm, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        var oid = algorithm.Algorithm;
        var ecdsa = oid.Equals(X9ObjectIdentifiers.ECDsaWithSha256) ? HashName.Sha256
            : oid.Equals(X9ObjectIdentifiers.ECDsaWithSha384) ? HashName.Sha384
            : oid.Equals(X9ObjectIdentifiers.ECDsaWithSha512) ? HashName.Sha512
            : HashName.None;
        if (ecdsa != HashName.None)
        {
            return key.VerifyEcdsaDer(ecdsa, data, signature);
        }

        var pkcs1 = oid.Equals(PkcsObjectIdentifiers.Sha256WithRsaEncryption) ? HashName.Sha256
            : oid.Equals(PkcsObjectIdentifiers.Sha384WithRsaEncryption) ? HashName.Sha384
            : oid.Equals(PkcsObjectIdentifiers.Sha512WithRsaEncryption) ? HashName.Sha512
            : HashName.None;
        if (pkcs1 != HashName.None)
        {
            return key.VerifyPkcs1(pkcs1, data, signature);
        }

        return oid.Equals(PkcsObjectIdentifiers.IdRsassaPss)
            && ReadPss(algorithm) is { } pss
            && key.VerifyPss(pss.Hash, data, signature, pss.SaltBytes);
    }

    /// <summary>The mask function must use the same hash, and the trailer must be the standard one.</summary>
    private static Pss? ReadPss(AlgorithmIdentifier algorithm) => Asn1Guard.Read(() =>
    {
        var parameters = RsassaPssParameters.GetInstance(algorithm.Parameters);
        var hash = Hash(parameters.HashAlgorithm);
        var mask = parameters.MaskGenAlgorithm;
        var isStandard = mask.Algorithm.Equals(PkcsObjectIdentifiers.IdMgf1)
            && Hash(AlgorithmIdentifier.GetInstance(mask.Parameters)) == hash
            && parameters.TrailerField.IntValueExact == 1;
        var salt = parameters.SaltLength.IntValueExact;
        return isStandard && hash != HashName.None && salt is >= 0 and <= 512 ? new Pss(hash, salt) : null;
    });

    private static HashName Hash(AlgorithmIdentifier algorithm) =>
        algorithm.Algorithm.Equals(NistObjectIdentifiers.IdSha256) ? HashName.Sha256
        : algorithm.Algorithm.Equals(NistObjectIdentifiers.IdSha384) ? HashName.Sha384
        : algorithm.Algorithm.Equals(NistObjectIdentifiers.IdSha512) ? HashName.Sha512
        : HashName.None;

    private sealed record Pss(HashName Hash, int SaltBytes);
}
