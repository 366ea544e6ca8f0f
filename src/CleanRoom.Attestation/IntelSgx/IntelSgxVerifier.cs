using System.Collections.Immutable;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Certificates;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Attestation.Formats;
using CleanRoom.Attestation.Intel;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.IntelSgx;

/// <summary>Knows Intel SGX DCAP quotes of ECDSA with P-256.</summary>
/// <remarks>
/// Endorsements, in any order: TCB info and enclave identity as Intel's service answers them, the TCB signing certificate, the revocation lists
/// of the root and of the PCK's issuer, and the PCK's chain where the quote does not carry it. Spec: contracts/spec/attestation/intel-sgx.
/// </remarks>
/// <param name="anchors">The roots that a chain may end in.</param>
public sealed class IntelSgxVerifier(ImmutableArray<TrustAnchor> anchors) : IEvidenceVerifier, IChainedVerifier
{
    /// <summary>Makes a verifier with Intel's pinned root.</summary>
    public IntelSgxVerifier()
        : this(TrustAnchor.Pinned("intel-sgx-root"))
    {
    }

    /// <inheritdoc/>
    public string Tee => TeeNames.IntelSgx;

    /// <inheritdoc/>
    public bool Recognises(ReadOnlySpan<byte> evidence) => QuoteParser.Recognises(evidence, QuoteParser.SgxTee);

    /// <inheritdoc/>
    public CheckResult<ParsedEvidence> Parse(ReadOnlySpan<byte> evidence, IReadOnlyList<Bytes> endorsements) => DcapEvidence.Parse(
        evidence,
        endorsements,
        QuoteParser.SgxTee,
        "a report whose reserved bytes are zero",
        quote => SgxReport.Parse(quote.Body.Span),
        (quote, report, material) => new SgxEvidence(quote, report, material, SgxClaims.Of(report, quote.QeReport.IsvSvn, material.Pck?.Extension)));

    /// <inheritdoc/>
    public CheckResult<VerifiedEvidence> Verify(ParsedEvidence evidence, Timestamp at)
    {
        var parsed = ParsedEvidence.ParsedHere<SgxEvidence>(evidence);
        var result = DcapVerification.Of(parsed, anchors, module: null, at);
        var failures = result.Failures;
        if (!parsed.Report.IsInitialised)
        {
            failures = failures.Add(new FailedCheck(
                RefusalCode.EvidenceInvalid, "sgx-attributes", "an enclave that is initialised", Hex.Of(parsed.Report.Attributes.Span)));
        }

        return failures.IsEmpty
            ? new VerifiedEvidence(parsed.StatedClaims.WithJudgement(result), AttestationVerdict.Affirming, [])
            {
                VouchedBy = result.Anchor?.Name,
                ValidUntil = result.ValidUntil,
            }
            : failures;
    }

    /// <inheritdoc/>
    IEnumerable<ChainQuestion> IChainedVerifier.Chains(ParsedEvidence evidence) => PckCheck.Chains(ParsedEvidence.ParsedHere<SgxEvidence>(evidence).Material, anchors);
}
