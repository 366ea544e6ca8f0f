using System.Collections.Immutable;
using CleanRoom.Attestation.AmdSevSnp;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Certificates;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Attestation.Formats;
using CleanRoom.Attestation.IntelTdx;
using CleanRoom.Attestation.Tpm;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.AzureVtpm;

/// <summary>Verifies Azure confidential VMs: the hardware vouches for the paravisor and the key of its virtual TPM, and that key quotes.</summary>
/// <remarks>Endorsements are those of the hardware's evidence: SNP or TDX. Spec: contracts/spec/attestation/azure-vtpm.md.</remarks>
/// <param name="amd">The roots that an SNP report's chain may end in.</param>
/// <param name="intel">The roots that a TDX quote's chain may end in.</param>
public sealed class AzureVtpmVerifier(ImmutableArray<TrustAnchor> amd, ImmutableArray<TrustAnchor> intel) : IEvidenceVerifier, IChainedVerifier
{
    /// <summary>What every result says.</summary>
    public const string Paravisor =
        "the hardware measured microsoft's paravisor and no more: the pcrs, secure boot and the name of the machine are the paravisor's word, and freshness is that of its virtual tpm's quote";

    private readonly AmdSevSnpVerifier _snp = new(amd);
    private readonly IntelTdxVerifier _tdx = new(intel);

    /// <summary>Makes a verifier with the pinned roots of AMD and Intel.</summary>
    public AzureVtpmVerifier()
        : this(TrustAnchor.Pinned("amd-ark-milan", "amd-ark-genoa", "amd-ark-turin"), TrustAnchor.Pinned("intel-sgx-root"))
    {
    }

    /// <inheritdoc/>
    public string Tee => TeeNames.AzureVtpm;

    /// <inheritdoc/>
    public bool Recognises(ReadOnlySpan<byte> evidence) => AzureEnvelopeReader.Recognises(evidence);

    /// <inheritdoc/>
    public CheckResult<ParsedEvidence> Parse(ReadOnlySpan<byte> evidence, IReadOnlyList<Bytes> endorsements)
    {
        ArgumentNullException.ThrowIfNull(endorsements);
        if (!AzureEnvelopeReader.Read(evidence).TryGet(out var envelope, out var failures))
        {
            return failures;
        }

        var isQuote = TpmQuoteStatement.Parse(envelope.Quote.Span).TryGet(out var quote, out var broken);
        if (envelope.Signature is null)
        {
            broken = broken.Add(FailedCheck.Invalid("evidence-format", "tpmt_signature of rsassa, rsapss or ecdsa", "another form"));
        }

        if (!HclReport.Parse(envelope.HclReport.Span).TryGet(out var report, out failures))
        {
            return broken.AddRange(failures);
        }

        var runtime = RuntimeClaims.Parse(report.RuntimeClaims.Span);
        if (runtime is null)
        {
            broken = broken.Add(FailedCheck.Invalid("runtime-claims", "a json object with the key HCLAkPub, rsa of at least 2,048 bits", "another"));
        }

        IEvidenceVerifier verifier = report.Kind == HclReport.TdxKind ? _tdx : _snp;
        var isHardware = Hardware(verifier, report, envelope, endorsements).TryGet(out var hardware, out failures);
        broken = broken.AddRange(failures);
        return isQuote && isHardware && envelope.Signature is { } signature && runtime is not null
            ? new AzureVtpmEvidence(new AzureVtpmEvidence.Parts(report, runtime, quote!, signature, envelope.Pcrs), hardware!, verifier)
            : broken;
    }

    /// <inheritdoc/>
    public CheckResult<VerifiedEvidence> Verify(ParsedEvidence evidence, Timestamp at)
    {
        var parsed = ParsedEvidence.ParsedHere<AzureVtpmEvidence>(evidence);
        var isVerified = parsed.Verifier.Verify(parsed.Hardware, at).TryGet(out var hardware, out var failures);
        ImmutableArray<FailedCheck> all = [.. failures, .. BindingFailures(parsed), .. QuoteFailures(parsed)];
        return isVerified && all.IsEmpty
            ? new VerifiedEvidence(parsed.Claims(hardware!.Claims), hardware.Best, [.. hardware.Words, Paravisor])
            {
                VouchedBy = hardware.VouchedBy,
                ValidUntil = hardware.ValidUntil,
            }
            : all;
    }

    /// <inheritdoc/>
    IEnumerable<ChainQuestion> IChainedVerifier.Chains(ParsedEvidence evidence)
    {
        var parsed = ParsedEvidence.ParsedHere<AzureVtpmEvidence>(evidence);
        return parsed.Verifier is IChainedVerifier hardware ? hardware.Chains(parsed.Hardware) : [];
    }

    /// <summary>A TDREPORT proves nothing elsewhere: with TDX the quote made from it must be there, and with SNP none.</summary>
    private static CheckResult<ParsedEvidence> Hardware(IEvidenceVerifier verifier, HclReport report, AzureEnvelope envelope, IReadOnlyList<Bytes> endorsements)
    {
        if ((report.Kind == HclReport.TdxKind) != (envelope.TdQuote is not null))
        {
            return FailedCheck.Invalid("td-quote", "a tdx quote exactly where the report is a tdreport", envelope.TdQuote is null ? "a tdreport without" : "one beside an snp report");
        }

        return verifier.Parse((envelope.TdQuote ?? report.Hardware).Span, [.. envelope.Endorsements, .. endorsements]);
    }

    private static IEnumerable<FailedCheck> BindingFailures(AzureVtpmEvidence parsed)
    {
        // Without this any key stands beside a genuine hardware report.
        var wanted = Hex.Of(parsed.Report.WantedReportData.Span);
        var got = parsed.Hardware.StatedClaims.ReportData;
        if (wanted != got)
        {
            yield return FailedCheck.Invalid("runtime-binding", $"hardware report data {wanted}, the digest of the runtime claims", got);
        }

        if (parsed.Report.Kind == HclReport.TdxKind && Hex.Of(parsed.Report.TdReportData.Span) is var local && local != got)
        {
            yield return FailedCheck.Invalid("td-report", $"a tdreport with the quote's report data {got}", local);
        }
    }

    /// <summary>The hardware's evidence has a signature too: that of the quote has a name of its own.</summary>
    private static IEnumerable<FailedCheck> QuoteFailures(AzureVtpmEvidence parsed) => TpmQuoteCheck.BankFailures(parsed.Quote)
        .Concat(TpmQuoteCheck.Failures(parsed.Quote, parsed.Signature, parsed.Pcrs, parsed.Runtime.Key)
            .Select(failure => failure.Check.StartsWith("signature", StringComparison.Ordinal) ? failure with { Check = $"quote-{failure.Check}" } : failure));
}
