using System.Collections.Immutable;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Certificates;
using CleanRoom.Attestation.Signatures;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.Intel;

/// <summary>Checks the PCK certificate of evidence, and that its key signed a report.</summary>
internal static class PckCheck
{
    private static readonly ImmutableArray<string> s_issuers = ["Intel SGX PCK Platform CA", "Intel SGX PCK Processor CA"];

    /// <summary>Returns the chains of evidence: that of the first PCK certificate, or none.</summary>
    public static IEnumerable<ChainQuestion> Chains(DcapMaterial material, ImmutableArray<TrustAnchor> anchors) =>
        material.Pck is { } pck ? [Question(material, pck.Certificate, anchors)] : [];

    private static ChainQuestion Question(DcapMaterial material, Certificate pck, ImmutableArray<TrustAnchor> anchors) =>
        new("the key of the platform", pck, material.Certificates, anchors, ChainRules.Strict) { Lists = material.RevocationLists, AreListsRequired = true };

    /// <summary>Adds what fails and returns the certificate's chain; null when there is none.</summary>
    /// <param name="signatureCheck">The name of the check of the report's signature.</param>
    /// <param name="isSigned">Whether a key signed the report.</param>
    /// <param name="failures">Takes <c>pck-certificate</c>, the signature's check, <c>chain-*</c>, <c>pck-issuer</c>, <c>crl-*</c>, <c>revoked</c>.</param>
    public static CertificateChain? Of(
        DcapMaterial material,
        string signatureCheck,
        Func<VerificationKey, bool> isSigned,
        ImmutableArray<TrustAnchor> anchors,
        Timestamp at,
        List<FailedCheck> failures)
    {
        if (material.Pck is not { } pck)
        {
            failures.Add(new FailedCheck(RefusalCode.EndorsementMissing, "pck-certificate", "a certificate with Intel's SGX extension", "none"));
            return null;
        }

        if (pck.Extension is null || pck.Certificate.SubjectValue(PckCertificate.CommonName) != PckCertificate.Name)
        {
            failures.Add(FailedCheck.Invalid("pck-certificate", $"{PckCertificate.Name} with a well-formed extension", pck.Certificate.ToString()));
        }

        if (!isSigned(pck.Certificate.Key))
        {
            failures.Add(FailedCheck.Invalid(signatureCheck, $"one by {pck.Certificate}", "another"));
        }

        if (!Question(material, pck.Certificate, anchors).Build(at).TryGet(out var chain, out var broken))
        {
            failures.AddRange(broken);
            return null;
        }

        if (chain.IssuerOf(0).SubjectValue(PckCertificate.CommonName) is not { } issuer || !s_issuers.Contains(issuer))
        {
            failures.Add(FailedCheck.Invalid("pck-issuer", string.Join(" or ", s_issuers), chain.IssuerOf(0).ToString()));
        }

        failures.AddRange(RevocationCheck.Failures(chain, material.RevocationLists, at, _ => true));
        return chain;
    }
}
