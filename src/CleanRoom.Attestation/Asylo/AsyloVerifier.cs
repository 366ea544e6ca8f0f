using System.Collections.Immutable;
using System.Text;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Certificates;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Attestation.Formats;
using CleanRoom.Attestation.Intel;
using CleanRoom.Attestation.Signatures;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.Asylo;

/// <summary>Verifies certificates of the keys of Asylo's assertion generators. Endorsements are those of an SGX quote, without an enclave identity.</summary>
/// <remarks>Spec: contracts/spec/attestation/asylo.md.</remarks>
/// <param name="anchors">The roots that a PCK's chain may end in.</param>
public sealed class AsyloVerifier(ImmutableArray<TrustAnchor> anchors) : IEvidenceVerifier
{
    private const int ZeroBytes = 16;

    private static readonly ImmutableArray<string> s_words =
    [
        "the key of an assertion generator is proven, and no enclave that it speaks for",
        "there is no nonce: the certificate may be as old as the key",
    ];

    /// <summary>Makes a verifier with Intel's pinned root.</summary>
    public AsyloVerifier()
        : this(TrustAnchor.Pinned("intel-sgx-root"))
    {
    }

    private static ReadOnlySpan<byte> Purpose => "ASYLO SIGNREPORT"u8;

    /// <inheritdoc/>
    public string Tee => TeeNames.Asylo;

    /// <inheritdoc/>
    public bool Recognises(ReadOnlySpan<byte> evidence) => AttestationKeyCertificate.Parse(evidence) is not null;

    /// <inheritdoc/>
    public CheckResult<ParsedEvidence> Parse(ReadOnlySpan<byte> evidence, IReadOnlyList<Bytes> endorsements)
    {
        ArgumentNullException.ThrowIfNull(endorsements);
        return AttestationKeyCertificate.Parse(evidence) is { } certificate
            ? new AsyloEvidence(certificate, DcapMaterial.Of([], endorsements))
            : FailedCheck.Invalid("evidence-format", $"a certificate of an attestation key of at most {AttestationKeyCertificate.MaxBytes} bytes", "another form");
    }

    /// <inheritdoc/>
    public CheckResult<VerifiedEvidence> Verify(ParsedEvidence evidence, Timestamp at)
    {
        var parsed = ParsedEvidence.ParsedHere<AsyloEvidence>(evidence);
        var failures = new List<FailedCheck>(CertificateFailures(parsed.Certificate));
        var chain = PckCheck.Of(parsed.Material, "signature", key => IsSigned(parsed.Certificate, key), anchors, at, failures);
        var collateral = new CollateralCheck(parsed.Material, anchors, at);
        var platform = collateral.JudgePlatform();

        // The root's list is asked for by both chains: one that is missing is one failure.
        ImmutableArray<FailedCheck> all = [.. failures.Concat(collateral.Failures).Distinct()];
        if (!all.IsEmpty || chain is null)
        {
            return all;
        }

        var validUntil = Earliest.Of(RevocationCheck.ValidUntil(chain, parsed.Material.RevocationLists), collateral.ValidUntil);
        return new VerifiedEvidence(
            parsed.StatedClaims.WithJudgement(new DcapResult(chain.Anchor, platform, validUntil, all)), AttestationVerdict.Warning, s_words)
        {
            VouchedBy = chain.Anchor.Name, ValidUntil = validUntil,
        };
    }

    private static bool IsSigned(AttestationKeyCertificate certificate, VerificationKey key) =>
        key.VerifyEcdsa(HashName.Sha256, certificate.ReportBody.Span, certificate.Signature.Span);

    private static IEnumerable<FailedCheck> CertificateFailures(AttestationKeyCertificate certificate)
    {
        var report = certificate.Report;
        byte[] bound = [.. HashName.Sha256.Hash(certificate.Payload.Span), .. new byte[ZeroBytes], .. Purpose];
        if (!report.ReportData.Span.SequenceEqual(bound))
        {
            yield return FailedCheck.Invalid("payload-binding", $"report data {Hex.Of(bound)}", Hex.Of(report.ReportData.Span));
        }

        if (!report.IsInitialised)
        {
            yield return FailedCheck.Invalid("sgx-attributes", "an enclave that is initialised", Hex.Of(report.Attributes.Span));
        }

        (string Check, string Wanted, Bytes Got)[] texts =
        [
            ("payload-version", "PCE Sign Report v0.1", certificate.PayloadVersion),
            ("key-version", "Assertion Generator Enclave Attestation Key v0.1", certificate.KeyVersion),
            ("key-purpose", "Assertion Generator Enclave Attestation Key", certificate.KeyPurpose),
        ];
        foreach (var (check, wanted, got) in texts)
        {
            var text = Encoding.UTF8.GetString(got.Span);
            if (text != wanted)
            {
                yield return FailedCheck.Invalid(check, wanted, Printable.Text(text));
            }
        }
    }
}
