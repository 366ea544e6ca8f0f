using CleanRoom.Attestation.Evidence;
using CleanRoom.Attestation.Intel;
using CleanRoom.Attestation.IntelSgx;

namespace CleanRoom.Attestation.Asylo;

/// <summary>A certificate of an attestation key whose form is right, and what came with it.</summary>
internal sealed class AsyloEvidence(AttestationKeyCertificate certificate, DcapMaterial material) : ParsedEvidence(Claims(certificate, material))
{
    public AttestationKeyCertificate Certificate { get; } = certificate;

    public DcapMaterial Material { get; } = material;

    private static EvidenceClaims Claims(AttestationKeyCertificate certificate, DcapMaterial material)
    {
        var claims = SgxClaims.Of(certificate.Report, qeSvn: null, material.Pck?.Extension);
        return claims with { Values = claims.Values.Add("attestationKey", certificate.Key.SpkiDigest().ToString()) };
    }
}
