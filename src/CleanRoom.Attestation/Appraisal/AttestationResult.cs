using System.Collections.Immutable;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Json;

namespace CleanRoom.Attestation.Appraisal;

/// <summary>What an appraisal found. Spec: RFC 9334 s.8.4; contracts/spec/0006 s.6.</summary>
public sealed record AttestationResult
{
    /// <summary>Gets the kind of evidence.</summary>
    public required string Tee { get; init; }

    /// <summary>Gets the verdict: contraindicated exactly when a check failed.</summary>
    public required AttestationVerdict Verdict { get; init; }

    /// <summary>Gets every check that failed.</summary>
    public required ImmutableArray<FailedCheck> Failures { get; init; }

    /// <summary>Gets what the evidence says; null when it could not be read. Worth nothing when the verdict is contraindicated.</summary>
    public required EvidenceClaims? Claims { get; init; }

    /// <summary>Gets plain sentences for people, such as what this kind of evidence does not prove.</summary>
    public required ImmutableArray<string> Words { get; init; }

    /// <summary>Gets who vouches, in words; null when the verdict is contraindicated or nobody does.</summary>
    public string? VouchedBy { get; init; }

    /// <summary>Gets the moment until which what was checked can be believed; null when it has no end or the verdict is contraindicated.</summary>
    public Timestamp? ValidUntil { get; init; }

    /// <summary>Gets the certificates of the evidence's chains, leaf first, with what each check found; empty for evidence that has none, or whose chains are not shown one by one.</summary>
    /// <remarks>Worked out when it is first asked for: signatures are checked once more, which nobody pays for who looks at the verdict alone.</remarks>
    public ImmutableArray<CertificateFinding> Certificates => Examined.Value;

    internal static Lazy<ImmutableArray<CertificateFinding>> NothingToExamine { get; } = new([]);

    internal Lazy<ImmutableArray<CertificateFinding>> Examined { get; init; } = NothingToExamine;

    /// <summary>Returns this result with checks that failed elsewhere before its own: contraindicated, and without words. None changes nothing.</summary>
    public AttestationResult With(ImmutableArray<FailedCheck> failures) => failures.IsEmpty
        ? this
        : this with { Verdict = AttestationVerdict.Contraindicated, Failures = [.. failures, .. Failures], Words = [], VouchedBy = null, ValidUntil = null };

    /// <summary>Returns {claims, failures, format, validUntil, verdict, vouchedBy, words} for output.</summary>
    public JsonObject ToJson() => new(
        new JsonMember("claims", Claims is null ? JsonNull.Instance : ToJson(Claims)),
        new JsonMember("failures", new JsonArray([.. Failures.Select(ToJson)])),
        new JsonMember("format", Tee),
        new JsonMember("validUntil", ValidUntil is { } until ? until.ToString() : JsonNull.Instance),
        new JsonMember("verdict", Verdict.Word()),
        new JsonMember("vouchedBy", VouchedBy is { } who ? who : JsonNull.Instance),
        new JsonMember("words", new JsonArray([.. Words.Select(word => (JsonValue)word)])));

    private static JsonValue ToJson(FailedCheck failure) => new JsonObject(
        new JsonMember("check", failure.Check), new JsonMember("wanted", failure.Wanted), new JsonMember("got", failure.Got));

    private static JsonObject ToJson(EvidenceClaims claims)
    {
        var members = ImmutableArray.CreateBuilder<JsonMember>();
        members.AddRange(claims.Values.Select(claim => new JsonMember(claim.Key, claim.Value)));
        members.Add(new JsonMember("reportData", claims.ReportData));
        members.Add(new JsonMember("tcb", new JsonObject(claims.Tcb.Select(part => new JsonMember(part.Key, part.Value)).ToImmutableArray())));
        members.Add(new JsonMember("debug", claims.Debug ? JsonBoolean.True : JsonBoolean.False));
        members.Add(new JsonMember("chipId", claims.ChipId is { } chip ? chip : JsonNull.Instance));
        members.Add(new JsonMember("anchor", claims.Anchor is { } anchor ? anchor : JsonNull.Instance));
        return new JsonObject(members.ToImmutable());
    }
}
