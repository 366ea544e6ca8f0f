using System.Collections.Immutable;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Tpm.EventLog;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Json;

namespace CleanRoom.Attestation.Tpm;

/// <summary>Reads the envelope of TPM evidence; only the one written form passes. Spec: contracts/spec/0006 s.9.</summary>
internal static class TpmEvidenceReader
{
    /// <summary>The member <c>type</c>.</summary>
    public const string Type = "cleanroom/v1/tpm-evidence";

    private const int MaxBytes = 262_144;

    private static readonly ImmutableHashSet<string> s_members = ["akPublic", "eventLog", "pcrs", "quote", "signature", "type"];

    /// <summary>Reads it. Trust: attacker-controlled.</summary>
    /// <returns>The parts, or all failures: <c>evidence-format</c>, <c>event-log-format</c>, and those of the quote's form.</returns>
    public static CheckResult<TpmEvidence.Parts> Read(ReadOnlySpan<byte> evidence)
    {
        if (!StrictJson.Parse(evidence, MaxBytes).TryGet(out var tree, out var refusals))
        {
            return Invalid(refusals[0].Wanted, refusals[0].Got);
        }

        if (tree is not JsonObject o || o.Find("type") is not JsonString { Value: Type } || o.Members.Any(member => !s_members.Contains(member.Name))
            || Bytes(o, "akPublic") is not { } key || Bytes(o, "quote") is not { } quote || Bytes(o, "signature") is not { } signature
            || o.Find("pcrs") is not JsonObject pcrs || PcrSet.Read(pcrs) is not { } values)
        {
            return Invalid($"the members of {Type}", "other members");
        }

        if (!evidence.SequenceEqual(Jcs.Write(o)))
        {
            return Invalid("the one written form", "another spelling");
        }

        return Read(o, pcrs, values, (key, quote, signature));
    }

    private static CheckResult<TpmEvidence.Parts> Read(JsonObject o, JsonObject pcrs, PcrSet values, (Bytes Key, Bytes Quote, Bytes Signature) bytes)
    {
        var failures = ImmutableArray.CreateBuilder<FailedCheck>();
        if (!TpmQuoteStatement.Parse(bytes.Quote.Span).TryGet(out var quote, out var broken))
        {
            failures.AddRange(broken);
        }

        var key = TpmPublicKey.Parse(bytes.Key.Span);
        if (key is null)
        {
            failures.Add(Invalid("tpmt_public of an rsa or nist p-256 or p-384 signing key", "another form"));
        }

        var signature = TpmSignature.Parse(bytes.Signature.Span);
        if (signature is null)
        {
            failures.Add(Invalid("tpmt_signature of rsassa, rsapss or ecdsa", "another form"));
        }

        var hasLog = o.Find("eventLog") is not null;
        var log = Bytes(o, "eventLog") is { } logBytes ? TcgEventLogReader.Parse(logBytes.Span) : null;
        if (hasLog && log is null)
        {
            failures.Add(new FailedCheck(RefusalCode.EvidenceInvalid, "event-log-format", "a log of tcg2 events", "another form"));
        }

        return failures.Count > 0 || quote is null || key is null || signature is null
            ? failures.ToImmutable()
            : new TpmEvidence.Parts(key, quote, signature, values, TpmEvidence.Measurement(pcrs), log);
    }

    private static Bytes? Bytes(JsonObject o, string name) =>
        Protocol.Bytes.TryParse((o.Find(name) as JsonString)?.Value, out var bytes) ? bytes : null;

    private static FailedCheck Invalid(string wanted, string got) => new(RefusalCode.EvidenceInvalid, "evidence-format", wanted, got);
}
