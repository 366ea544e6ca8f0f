using System.Collections.Immutable;
using System.Security.Cryptography;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Certificates;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Attestation.Formats;
using CleanRoom.Attestation.IntelSgx;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.OpenEnclave;

/// <summary>Knows remote reports and evidence of the Open Enclave SDK over SGX. Endorsements are those of <see cref="IntelSgxVerifier"/>.</summary>
/// <remarks>Spec: contracts/spec/attestation/open-enclave.</remarks>
/// <param name="anchors">The roots that a chain may end in.</param>
public sealed class OpenEnclaveVerifier(ImmutableArray<TrustAnchor> anchors) : IEvidenceVerifier
{
    private const string CustomClaims = "customClaims";

    private readonly IntelSgxVerifier _sgx = new(anchors);

    /// <summary>Makes a verifier with Intel's pinned root.</summary>
    public OpenEnclaveVerifier()
        : this(TrustAnchor.Pinned("intel-sgx-root"))
    {
    }

    /// <inheritdoc/>
    public string Tee => TeeNames.OpenEnclave;

    /// <inheritdoc/>
    public bool Recognises(ReadOnlySpan<byte> evidence) =>
        OpenEnclaveFrame.Parse(evidence) is { } frame && _sgx.Recognises(frame.Quote.Span);

    /// <inheritdoc/>
    public CheckResult<ParsedEvidence> Parse(ReadOnlySpan<byte> evidence, IReadOnlyList<Bytes> endorsements)
    {
        if (OpenEnclaveFrame.Parse(evidence) is not { } frame)
        {
            return new FailedCheck(
                RefusalCode.EvidenceInvalid, "evidence-format", "a remote report or evidence of Open Enclave, of the stated length", "another form");
        }

        if (!_sgx.Parse(frame.Quote.Span, endorsements).TryGet(out var quote, out var failures))
        {
            return failures;
        }

        return new OpenEnclaveEvidence(quote, frame, With(quote.StatedClaims, frame));
    }

    /// <inheritdoc/>
    public CheckResult<VerifiedEvidence> Verify(ParsedEvidence evidence, Timestamp at)
    {
        var parsed = ParsedEvidence.ParsedHere<OpenEnclaveEvidence>(evidence);
        var isVerified = _sgx.Verify(parsed.Quote, at).TryGet(out var quote, out var failures);
        if (parsed.Frame.CustomClaims is { } claims)
        {
            // An empty buffer is bound too.
            var wanted = Hex.Of([.. SHA256.HashData(claims.Span), .. new byte[32]]);
            if (wanted != parsed.StatedClaims.ReportData)
            {
                failures = failures.Add(new FailedCheck(
                    RefusalCode.EvidenceInvalid, "custom-claims", $"report data {wanted}, their digest", parsed.StatedClaims.ReportData));
                isVerified = false;
            }
        }

        return isVerified
            ? new VerifiedEvidence(With(quote!.Claims, parsed.Frame), quote.Best, quote.Words) { VouchedBy = quote.VouchedBy, ValidUntil = quote.ValidUntil }
            : failures;
    }

    private static EvidenceClaims With(EvidenceClaims claims, OpenEnclaveFrame frame) => frame.CustomClaims is { } custom
        ? claims with { Values = claims.Values.SetItem(CustomClaims, Hex.Of(custom.Span)) }
        : claims;
}
