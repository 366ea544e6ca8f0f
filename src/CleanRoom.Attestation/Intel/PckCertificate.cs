using CleanRoom.Attestation.Certificates;

namespace CleanRoom.Attestation.Intel;

/// <summary>A certificate with Intel's SGX extension. Nothing is known about who made it.</summary>
/// <param name="Certificate">The certificate of the provisioning certification key.</param>
/// <param name="Extension">What it says about the platform; null when the extension has not its form.</param>
internal sealed record PckCertificate(Certificate Certificate, PckExtension? Extension)
{
    /// <summary>The common name of every PCK certificate.</summary>
    public const string Name = "Intel SGX PCK Certificate";

    /// <summary>Identifies the attribute commonName.</summary>
    public const string CommonName = "2.5.4.3";

    /// <summary>Returns the certificate as a PCK certificate; null when it lacks the extension.</summary>
    public static PckCertificate? Of(Certificate certificate) => certificate.Extension(PckExtension.Oid) is { Length: > 0 } content
        ? new PckCertificate(certificate, PckExtension.Parse(content.Span))
        : null;
}
