using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.Intel;

/// <summary>A quote with what came with it; every form is right and nothing is verified.</summary>
/// <param name="quote">The quote.</param>
/// <param name="material">Certificates and collateral.</param>
/// <param name="statedClaims">What the quote says.</param>
internal abstract class DcapEvidence(Quote quote, DcapMaterial material, EvidenceClaims statedClaims) : ParsedEvidence(statedClaims)
{
    /// <summary>Gets the quote.</summary>
    public Quote Quote { get; } = quote;

    /// <summary>Gets certificates and collateral.</summary>
    public DcapMaterial Material { get; } = material;

    /// <summary>Reads a quote, the report in its body, and what came with it.</summary>
    /// <param name="teeType">The tee type that the quote must state.</param>
    /// <param name="wanted">What the body must be, for the failure.</param>
    /// <param name="report">Reads the body; null for another.</param>
    /// <param name="make">Makes the evidence.</param>
    public static CheckResult<ParsedEvidence> Parse<TReport>(
        ReadOnlySpan<byte> evidence,
        IReadOnlyList<Bytes> endorsements,
        uint teeType,
        string wanted,
        Func<Quote, TReport?> report,
        Func<Quote, TReport, DcapMaterial, DcapEvidence> make)
        where TReport : class
    {
        ArgumentNullException.ThrowIfNull(endorsements);
        if (!QuoteParser.Parse(evidence, teeType).TryGet(out var quote, out var failures))
        {
            return failures;
        }

        return report(quote) is { } body
            ? make(quote, body, DcapMaterial.Of(quote.Certificates, endorsements))
            : FailedCheck.Invalid("evidence-format", wanted, "another body");
    }
}
