using System.Collections.Immutable;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Tpm;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Json;

namespace CleanRoom.Attestation.AzureVtpm;

/// <summary>Reads the envelope of this product's attester, in its one written form, and those of Confidential Containers' trustee.</summary>
/// <remarks>Spec: contracts/spec/0006 s.9; contracts/spec/attestation/azure-vtpm.md s.2.</remarks>
internal static class AzureEnvelopeReader
{
    private const string Type = "cleanroom/v1/azure-vtpm-evidence";
    private const int MaxBytes = 262_144;

    private static readonly ImmutableHashSet<string> s_members = ["hclReport", "pcrs", "quote", "signature", "tdQuote", "type"];

    /// <summary>Returns whether the text looks like one of the envelopes.</summary>
    public static bool Recognises(ReadOnlySpan<byte> evidence) =>
        evidence.Length <= MaxBytes && evidence.TrimStart(" \t\r\n"u8) is [(byte)'{', ..]
        && (evidence.EndsWith("\"type\":\"cleanroom/v1/azure-vtpm-evidence\"}"u8) || Has(evidence, "\"hcl_report\""u8)
            || (Has(evidence, "\"report\""u8) && Has(evidence, "\"quote\""u8) && Has(evidence, "\"vcek\""u8)));

    /// <summary>Reads it. Trust: attacker-controlled.</summary>
    /// <returns>The parts, or <c>evidence-format</c>.</returns>
    public static CheckResult<AzureEnvelope> Read(ReadOnlySpan<byte> evidence)
    {
        if (!StrictJson.Parse(evidence, MaxBytes).TryGet(out var tree, out var refusals))
        {
            return Invalid(refusals[0].Wanted, refusals[0].Got);
        }

        return tree switch
        {
            JsonObject own when own.Find("type") is JsonString { Value: Type } => ReadOwn(own, evidence),
            JsonObject trustee when TrusteeEnvelope.Read(trustee) is { } envelope => envelope,
            _ => Invalid($"the members of {Type}, or of trustee's az-snp-vtpm or az-tdx-vtpm", "other members"),
        };
    }

    private static CheckResult<AzureEnvelope> ReadOwn(JsonObject o, ReadOnlySpan<byte> evidence)
    {
        var tdQuote = Bytes(o, "tdQuote");
        if (o.Members.Any(member => !s_members.Contains(member.Name)) || (o.Find("tdQuote") is not null && tdQuote is null)
            || Bytes(o, "hclReport") is not { } report || Bytes(o, "quote") is not { } quote || Bytes(o, "signature") is not { } signature
            || o.Find("pcrs") is not JsonObject pcrs || PcrSet.Read(pcrs) is not { } values)
        {
            return Invalid($"the members of {Type}", "other members");
        }

        return evidence.SequenceEqual(Jcs.Write(o))
            ? new AzureEnvelope(report, quote, TpmSignature.Parse(signature.Span), values, tdQuote, [])
            : Invalid("the one written form", "another spelling");
    }

    private static bool Has(ReadOnlySpan<byte> evidence, ReadOnlySpan<byte> text) => evidence.IndexOf(text) >= 0;

    private static Bytes? Bytes(JsonObject o, string name) =>
        Protocol.Bytes.TryParse((o.Find(name) as JsonString)?.Value, out var bytes) ? bytes : null;

    private static FailedCheck Invalid(string wanted, string got) => FailedCheck.Invalid("evidence-format", wanted, got);
}
