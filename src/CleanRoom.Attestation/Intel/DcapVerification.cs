using System.Collections.Immutable;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Certificates;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Attestation.Formats;
using CleanRoom.Attestation.Signatures;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.Intel;

/// <summary>Verifies what SGX and TDX quotes have in common: signatures, the PCK's chain, revocation, collateral and the platform's level.</summary>
/// <remarks>Spec: Intel SGX ECDSA Quote Library Reference; Intel PCS API version 4. Pure: no network, no clock.</remarks>
internal sealed class DcapVerification
{
    /// <summary>Intel's quoting enclaves.</summary>
    private const string IntelVendor = "939a7233f79c4ca9940a0db3957f0607";

    private readonly List<FailedCheck> _failures = [];
    private readonly Quote _quote;
    private readonly DcapMaterial _material;
    private readonly ImmutableArray<TrustAnchor> _anchors;
    private readonly Timestamp _at;
    private Timestamp? _validUntil;

    private DcapVerification(DcapEvidence evidence, ImmutableArray<TrustAnchor> anchors, Timestamp at) =>
        (_quote, _material, _anchors, _at) = (evidence.Quote, evidence.Material, anchors, at);

    /// <summary>Runs every check and returns all that failed.</summary>
    public static DcapResult Of(DcapEvidence evidence, ImmutableArray<TrustAnchor> anchors, TdxModuleVersion? module, Timestamp at)
    {
        var verification = new DcapVerification(evidence, anchors, at);
        verification.CheckQuote();
        var anchor = verification.CheckPck();
        var collateral = new CollateralCheck(evidence.Material, anchors, at);
        var judgement = collateral.Judge(evidence.Quote.QeReport, module);

        // The root's list is asked for by both chains: one that is missing is one failure.
        return new DcapResult(anchor, judgement, Earliest.Of(verification._validUntil, collateral.ValidUntil), [.. verification._failures.Concat(collateral.Failures).Distinct()]);
    }

    private void CheckQuote()
    {
        var vendor = Hex.Of(_quote.QeVendor.Span);
        if (vendor != IntelVendor)
        {
            Fail("qe-vendor", $"{IntelVendor}, Intel", vendor);
        }

        var key = VerificationKey.FromPoint("P-256", _quote.AttestationKey.Span[..32], _quote.AttestationKey.Span[32..]);
        if (key is null || !key.VerifyEcdsa(HashName.Sha256, _quote.SignedBytes.Span, _quote.Signature.Span))
        {
            Fail("signature", "one by the attestation key over header and body", key is null ? "a key that is not on the curve" : "another");
        }

        // Without this anybody signs a quote with a key of his own beside a genuine report of the quoting enclave.
        byte[] bound = [.. HashName.Sha256.Hash([.. _quote.AttestationKey.Span, .. _quote.QeAuthentication.Span]), .. new byte[32]];
        if (!_quote.QeReport.ReportData.Span.SequenceEqual(bound))
        {
            Fail("qe-binding", $"{Hex.Of(bound)}, the digest of the attestation key", Hex.Of(_quote.QeReport.ReportData.Span));
        }

        if (_quote.QeReport.IsDebug || !_quote.QeReport.IsInitialised)
        {
            Fail("qe-debug", "a quoting enclave that is initialised and not debuggable", Hex.Of(_quote.QeReport.Attributes.Span));
        }
    }

    /// <summary>Checks the PCK and returns the root that its chain ended in.</summary>
    private TrustAnchor? CheckPck()
    {
        var chain = PckCheck.Of(
            _material,
            "qe-report-signature",
            key => key.VerifyEcdsa(HashName.Sha256, _quote.QeReportBytes.Span, _quote.QeReportSignature.Span),
            _anchors,
            _at,
            _failures);
        _validUntil = chain is null ? null : RevocationCheck.ValidUntil(chain, _material.RevocationLists);
        return chain?.Anchor;
    }

    private void Fail(string check, string wanted, string got) => _failures.Add(new FailedCheck(RefusalCode.EvidenceInvalid, check, wanted, got));
}
