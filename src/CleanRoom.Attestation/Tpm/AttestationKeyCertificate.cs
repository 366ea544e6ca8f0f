using System.Collections.Immutable;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Certificates;
using CleanRoom.Attestation.Formats;
using CleanRoom.Protocol;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.X509;

namespace CleanRoom.Attestation.Tpm;

/// <summary>What a certificate of an attestation key must say. Spec: TCG EK Credential Profile s.3; RFC 5280 s.4.2.1.</summary>
internal static class AttestationKeyCertificate
{
    private const string ExtendedKeyUsageOid = "2.5.29.37";
    private const string SubjectAlternativeNameOid = "2.5.29.17";

    /// <summary>tcg-kp-AIKCertificate, and tcg-kp-EKCertificate, which Google's older certificates of attestation keys carry.</summary>
    private static readonly ImmutableHashSet<string> s_purposes = ["2.23.133.8.3", "2.23.133.8.1"];

    /// <summary>tcg-at-tpmManufacturer, tcg-at-tpmModel, tcg-at-tpmVersion, with the claims that they become.</summary>
    private static readonly (string Oid, string Claim)[] s_attributes =
        [("2.23.133.2.1", "tpmManufacturer"), ("2.23.133.2.2", "tpmModel"), ("2.23.133.2.3", "tpmVersion")];

    /// <summary>Gets the rules: the name of the TPM stands in a critical extension, which is read here.</summary>
    public static ChainRules Rules { get; } = new() { KnownCritical = [SubjectAlternativeNameOid] };

    /// <summary>Returns the failures: <c>ak-certificate-usage</c>, <c>ak-certificate-name</c>, <c>ak-certificate-instance</c>.</summary>
    public static IEnumerable<FailedCheck> Failures(Certificate certificate)
    {
        var purposes = Purposes(certificate);

        // Google's newer certificates name no purpose; the virtual machine that they name says as much.
        var isForQuotes = purposes.Any(s_purposes.Contains) || (certificate.Extension(ExtendedKeyUsageOid).Length == 0 && GceInstance.IsIn(certificate));
        if (certificate.Constraints.IsCa || (certificate.KeyUsageBits & KeyUsage.DigitalSignature) != KeyUsage.DigitalSignature || !isForQuotes)
        {
            var got = certificate.Constraints.IsCa ? "a ca" : $"usages {Printable.Text(string.Join(", ", purposes))}";
            yield return new FailedCheck(
                RefusalCode.EvidenceInvalid, "ak-certificate-usage", $"digital signatures of a tpm ({string.Join(" or ", s_purposes)})", got);
        }

        if (certificate.Extension(SubjectAlternativeNameOid).Length > 0 && Name(certificate) is null)
        {
            yield return new FailedCheck(RefusalCode.EvidenceInvalid, "ak-certificate-name", "the name of a tpm", "another kind of name");
        }

        if (GceInstance.IsIn(certificate) && GceInstance.Of(certificate) is null)
        {
            yield return FailedCheck.Invalid("ak-certificate-instance", "a virtual machine of google's production", "another, or another form");
        }
    }

    /// <summary>Returns maker, model and version of the TPM and Google's virtual machine, as far as the certificate names them.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Claims(Certificate certificate) =>
        NameClaims(certificate).Concat(GceInstance.Of(certificate)?.ToClaims() ?? []);

    private static IEnumerable<KeyValuePair<string, string>> NameClaims(Certificate certificate) => Name(certificate) is not { } name
        ? []
        : s_attributes
            .Select(attribute => KeyValuePair.Create(attribute.Claim, name.GetValueList(new DerObjectIdentifier(attribute.Oid)).FirstOrDefault()))
            .Where(claim => claim.Value is not null)
            .Select(claim => KeyValuePair.Create(claim.Key, Printable.Text(claim.Value)));

    private static ImmutableArray<string> Purposes(Certificate certificate)
    {
        var der = certificate.Extension(ExtendedKeyUsageOid).ToArray();
        return der.Length == 0
            ? []
            : [.. Asn1Guard.Read(() => ExtendedKeyUsage.GetInstance(Asn1Object.FromByteArray(der)).GetAllUsages().Select(usage => usage.Id).ToList()) ?? []];
    }

    private static X509Name? Name(Certificate certificate)
    {
        var der = certificate.Extension(SubjectAlternativeNameOid).ToArray();
        return der.Length == 0
            ? null
            : Asn1Guard.Read(() => GeneralNames.GetInstance(Asn1Object.FromByteArray(der)).GetNames() is [{ TagNo: GeneralName.DirectoryName } only]
                ? X509Name.GetInstance(only.Name)
                : null);
    }
}
