using System.Collections.Immutable;
using System.Security.Cryptography;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Certificates;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Attestation.Formats;
using CleanRoom.Attestation.Intel;
using CleanRoom.Attestation.IntelSgx;
using CleanRoom.Attestation.IntelTdx;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.RaTls;

/// <summary>Knows self-signed certificates that carry an SGX or TDX quote about their key. Endorsements are those of the quote.</summary>
/// <remarks>Spec: contracts/spec/attestation/ra-tls.</remarks>
/// <param name="anchors">The roots that a quote's chain may end in.</param>
public sealed class RaTlsVerifier(ImmutableArray<TrustAnchor> anchors) : IEvidenceVerifier
{
    private const int MaxPemBytes = 2 * Certificate.MaxBytes;

    private readonly IntelSgxVerifier _sgx = new(anchors);
    private readonly IntelTdxVerifier _tdx = new(anchors);

    /// <summary>Makes a verifier with Intel's pinned root.</summary>
    public RaTlsVerifier()
        : this(TrustAnchor.Pinned("intel-sgx-root"))
    {
    }

    /// <inheritdoc/>
    public string Tee => TeeNames.RaTls;

    /// <inheritdoc/>
    public bool Recognises(ReadOnlySpan<byte> evidence) => Read(evidence) is { } certificate && RaTlsExtension.IsIn(certificate);

    /// <inheritdoc/>
    public CheckResult<ParsedEvidence> Parse(ReadOnlySpan<byte> evidence, IReadOnlyList<Bytes> endorsements)
    {
        if (Read(evidence) is not { } certificate || RaTlsExtension.Of(certificate) is not { } extension)
        {
            return new FailedCheck(RefusalCode.EvidenceInvalid, "evidence-format", "one certificate with a quote in an extension", "another form");
        }

        IEvidenceVerifier verifier = QuoteParser.Recognises(extension.Quote.Span, QuoteParser.TdxTee) ? _tdx : _sgx;
        if (!verifier.Parse(extension.Quote.Span, endorsements).TryGet(out var quote, out var failures))
        {
            return failures;
        }

        return new RaTlsEvidence(certificate, extension, quote, verifier, With(quote.StatedClaims, certificate, verifier));
    }

    /// <inheritdoc/>
    public CheckResult<VerifiedEvidence> Verify(ParsedEvidence evidence, Timestamp at)
    {
        var parsed = ParsedEvidence.ParsedHere<RaTlsEvidence>(evidence);
        var isVerified = parsed.Verifier.Verify(parsed.Quote, at).TryGet(out var quote, out var failures);
        ImmutableArray<FailedCheck> all = [.. failures, .. CertificateFailures(parsed, at)];
        return isVerified && all.IsEmpty
            ? new VerifiedEvidence(With(quote!.Claims, parsed.Certificate, parsed.Verifier), quote.Best, quote.Words)
            {
                VouchedBy = quote.VouchedBy,
                ValidUntil = Earliest.Of(quote.ValidUntil, Earliest.At(parsed.Certificate.NotAfter)),
            }
            : all;
    }

    private static IEnumerable<FailedCheck> CertificateFailures(RaTlsEvidence parsed, Timestamp at)
    {
        var (certificate, extension) = (parsed.Certificate, parsed.Extension);
        if (!certificate.IsSignedBy(certificate.Key))
        {
            yield return FailedCheck.Invalid("certificate-signature", "one by the certificate's own key", "another");
        }

        if (at.Value.UtcDateTime < certificate.NotBefore || at.Value.UtcDateTime > certificate.NotAfter)
        {
            yield return FailedCheck.Invalid("certificate-validity", $"a certificate that is valid at {at}", $"from {certificate.NotBefore:O} to {certificate.NotAfter:O}");
        }

        var reportData = Convert.FromHexString(parsed.StatedClaims.ReportData);
        var rest = reportData.AsSpan(SHA256.HashSizeInBytes).ContainsAnyExcept((byte)0);
        if (extension.Claims is { } claims && (rest || !reportData.AsSpan(0, SHA256.HashSizeInBytes).SequenceEqual(SHA256.HashData(claims.Span))))
        {
            yield return FailedCheck.Invalid("claims-binding", $"report data {Hex.Of(SHA256.HashData(claims.Span))} and zeros", parsed.StatedClaims.ReportData);
        }

        // Without this a genuine quote is copied into a certificate for somebody else's key.
        if (!extension.IsKeyBound(reportData) || (extension.Claims is null && rest))
        {
            yield return FailedCheck.Invalid("key-binding", $"a digest of the certificate's key {certificate.SpkiDigest}", "another");
        }
    }

    private static Certificate? Read(ReadOnlySpan<byte> evidence)
    {
        if (evidence.Length > MaxPemBytes)
        {
            return null;
        }

        var pem = Pem.Read(evidence, Pem.CertificateLabel);
        return pem switch
        {
            [] => Certificate.Parse(evidence),
            [var only] => Certificate.Parse(only.Span),
            _ => null,
        };
    }

    private static EvidenceClaims With(EvidenceClaims claims, Certificate certificate, IEvidenceVerifier verifier) => claims with
    {
        Values = claims.Values.SetItem("publicKey", certificate.SpkiDigest.ToString()).SetItem("quote", verifier.Tee),
    };
}
