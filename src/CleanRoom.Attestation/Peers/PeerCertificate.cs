using System.Collections.Immutable;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Certificates;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Attestation.Peers;

/// <summary>A certificate that a node made for itself, with evidence about the certificate's key, as another node presented it. Nothing about it is known yet.</summary>
/// <remarks>Spec: contracts/spec/0020.</remarks>
public sealed class PeerCertificate
{
    /// <summary>Identifies the extension that carries the attestation: an arc of its own under a random UUID (ITU-T X.667).</summary>
    public const string EvidenceExtension = "2.25.54740498570964201644887008829836238042";

    /// <summary>Most bytes of a certificate: 64 KiB. A TDX quote with its collateral takes about half.</summary>
    public const int MaxBytes = 64 * 1024;

    /// <summary>The longest time that a certificate may be valid for.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(25);

    private const string KeyLabel = "cleanroom/v1/peer";

    private PeerCertificate(Certificate certificate, NodeAttestation attestation) => (Certificate, Attestation) = (certificate, attestation);

    /// <summary>Gets the certificate.</summary>
    internal Certificate Certificate { get; }

    /// <summary>Gets what it carries.</summary>
    internal NodeAttestation Attestation { get; }

    /// <summary>Returns the 32 bytes that stand in the binding's nonce: what binds the evidence to a certificate's key.</summary>
    /// <param name="subjectPublicKeyInfo">The key as it stands in the certificate, DER.</param>
    public static Bytes NonceOf(ReadOnlySpan<byte> subjectPublicKeyInfo) => new(Digest.Labelled(KeyLabel, subjectPublicKeyInfo).ToArray());

    /// <summary>Reads the form. Trust: attacker-controlled.</summary>
    public static CheckResult<PeerCertificate> Parse(ReadOnlySpan<byte> der)
    {
        if (Certificate.Parse(der, MaxBytes) is not { } certificate)
        {
            return FailedCheck.Invalid("peer-certificate", $"an X.509 certificate of at most {MaxBytes} bytes", $"{der.Length} bytes of another form");
        }

        var content = certificate.Extension(EvidenceExtension);
        if (content.Length == 0)
        {
            return FailedCheck.Invalid("peer-evidence", $"evidence in the extension {EvidenceExtension}", "a certificate without it");
        }

        return DocumentCodec.ParseAttestation(content.Span).TryGet(out var attestation, out var refusals)
            ? new PeerCertificate(certificate, attestation)
            : FailedCheck.Invalid("peer-evidence", refusals[0].Wanted, refusals[0].Got);
    }

    /// <summary>Checks that the certificate was made by its own key, for now and for a short time. Who has the key is for the evidence to say.</summary>
    public CheckResult<VerifiedPeerCertificate> Verify(Timestamp at)
    {
        var failures = CertificateFailures(at).ToImmutableArray();
        return failures.IsEmpty ? new VerifiedPeerCertificate(this) : failures;
    }

    private IEnumerable<FailedCheck> CertificateFailures(Timestamp at)
    {
        var (notBefore, notAfter) = (Certificate.NotBefore, Certificate.NotAfter);
        if (!Certificate.IsSignedBy(Certificate.Key))
        {
            yield return FailedCheck.Invalid("peer-signature", "one by the certificate's own key", "another");
        }

        if (at.Value.UtcDateTime < notBefore || at.Value.UtcDateTime > notAfter)
        {
            yield return FailedCheck.Invalid("peer-validity", $"a certificate that is valid at {at}", $"from {notBefore:O} to {notAfter:O}");
        }

        // Evidence is as fresh as the certificate that it came with: a long-lived one would outlive what became known of its machine.
        if (notAfter - notBefore > Longest)
        {
            yield return FailedCheck.Invalid("peer-lifetime", $"at most {Longest.TotalHours} hours", $"{(notAfter - notBefore).TotalHours:F0} hours");
        }
    }
}

/// <summary>A certificate that its own key signed and that is valid now. Which code holds the key is not known yet.</summary>
public sealed class VerifiedPeerCertificate
{
    internal VerifiedPeerCertificate(PeerCertificate certificate) => Certificate = certificate;

    /// <summary>Gets what was verified.</summary>
    internal PeerCertificate Certificate { get; }
}
