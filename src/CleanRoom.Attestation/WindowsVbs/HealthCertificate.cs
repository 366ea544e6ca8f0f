using System.Collections.Immutable;
using System.Formats.Asn1;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Certificates;
using CleanRoom.Attestation.Signatures;
using CleanRoom.Protocol;
using Org.BouncyCastle.Asn1.X509;

namespace CleanRoom.Attestation.WindowsVbs;

/// <summary>The certificate that a Host Guardian Service gives a host which passed its measurement: it holds the key that signs reports.</summary>
/// <remarks>Spec: contracts/spec/attestation/windows-vbs.md s.3.</remarks>
internal static class HealthCertificate
{
    private const int SaltBytes = 32;

    /// <summary>Application policies (szOID_APPLICATION_CERT_POLICIES), in which the service writes what the certificate is for.</summary>
    private const string ApplicationPolicies = "1.3.6.1.4.1.311.21.10";

    /// <summary>The policy in the certificates of hosts that passed.</summary>
    private const string HostHealth = "1.3.6.1.4.1.311.48.1.2";

    private const int MaxPolicies = 16;

    /// <summary>Returns the certificate whose key signed the package, and adds <c>health-certificate</c> or <c>signature</c> where there is none.</summary>
    public static Certificate? Find(VbsPackage package, IReadOnlyList<Certificate> certificates, List<FailedCheck> failures)
    {
        var candidates = certificates.Where(certificate => !certificate.Constraints.IsCa && !certificate.IsSignedBy(certificate.Key)).ToList();
        var found = candidates.Find(certificate => certificate.Key.VerifyPss(HashName.Sha256, package.Statement.Span, package.Signature.Span, SaltBytes));
        if (candidates.Count == 0)
        {
            failures.Add(new FailedCheck(RefusalCode.EndorsementMissing, "health-certificate", "the host's health certificate", "none"));
        }
        else if (found is null)
        {
            failures.Add(FailedCheck.Invalid("signature", "one by the key of the host's health certificate", "another"));
        }

        return found ?? candidates.FirstOrDefault();
    }

    /// <summary>Returns a failure <c>health-usage</c> for a certificate that its issuer gave for another purpose.</summary>
    public static IEnumerable<FailedCheck> Failures(Certificate certificate)
    {
        if (certificate.KeyUsageBits is not { } usage || (usage & KeyUsage.DigitalSignature) == 0)
        {
            yield return FailedCheck.Invalid("health-usage", "a key that may sign", certificate.ToString());
        }

        if (!Policies(certificate).Contains(HostHealth, StringComparer.Ordinal))
        {
            yield return FailedCheck.Invalid("health-usage", $"the application policy {HostHealth}", certificate.ToString());
        }
    }

    private static ImmutableArray<string> Policies(Certificate certificate)
    {
        var content = certificate.Extension(ApplicationPolicies).ToArray();
        return (Asn1Guard.Read(() => Read(content)) ?? []).ToImmutableArray();
    }

    private static List<string> Read(byte[] content)
    {
        var outer = new AsnReader(content, AsnEncodingRules.DER);
        var sequence = outer.ReadSequence();
        outer.ThrowIfNotEmpty();
        var policies = new List<string>();
        while (sequence.HasData && policies.Count < MaxPolicies)
        {
            // Qualifiers behind the identifier say nothing about the purpose.
            policies.Add(sequence.ReadSequence().ReadObjectIdentifier());
        }

        sequence.ThrowIfNotEmpty();
        return policies;
    }
}
