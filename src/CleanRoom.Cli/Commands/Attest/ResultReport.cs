using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Cli.Hosting;
using CleanRoom.Protocol.Json;

namespace CleanRoom.Cli.Commands.Attest;

/// <summary>Shows the result of an appraisal.</summary>
internal static class ResultReport
{
    /// <summary>Returns {claims, failures, format, verdict, words}, or the same in words; the exit code is the weightiest failure's.</summary>
    public static VerbAnswer Of(AttestationResult result, params ImmutableArray<string> before)
    {
        var words = before.ToBuilder();
        words.Add($"{result.Tee}: {result.Verdict.Word()}");
        if (result.Claims is { } claims)
        {
            words.AddRange(claims.Values.Select(claim => $"  {claim.Key}: {claim.Value}"));
            words.Add($"  report data: {claims.ReportData}");
            words.AddRange(claims.Tcb.Select(part => $"  tcb {part.Key}: {part.Value}"));
            words.Add($"  debug: {(claims.Debug ? "yes" : "no")}");
        }

        words.AddRange(Proven(result).Select(word => $"  {word}"));
        words.AddRange(result.Words.Select(word => $"  what it does not prove: {word}"));
        words.AddRange(result.Failures.Select(failure => $"  FAILED {failure.Check}: wanted {failure.Wanted}; got {failure.Got}"));
        var json = JsonNode.Parse(Encoding.UTF8.GetString(Jcs.Write(result.ToJson())))!; // An object.
        return new VerbAnswer(json, words.ToImmutable())
        {
            ExitCode = result.Failures.IsEmpty ? ExitCodes.Ok : ExitCodes.Of([.. result.Failures.Select(failure => failure.ToRefusal())]),
        };
    }

    /// <summary>Says what was proven, by whom and until when. Nothing is proven when a check failed.</summary>
    private static IEnumerable<string> Proven(AttestationResult result)
    {
        if (result.Claims is not { } claims || result.Verdict == AttestationVerdict.Contraindicated)
        {
            yield break;
        }

        yield return $"proven: code with measurement {claims.Values[EvidenceClaims.Measurement]} made this evidence"
            + (claims.Debug ? ", in a guest that the host may look into" : string.Empty);
        yield return $"on the word of: {result.VouchedBy ?? "a key that no pinned root vouches for; it counts when the contract names it"}";
        yield return result.ValidUntil is { } until
            ? $"until: {until}, when the first certificate, list or token that was needed lapses"
            : "until: not stated by this kind of evidence; ask again with a fresh nonce";
    }
}
