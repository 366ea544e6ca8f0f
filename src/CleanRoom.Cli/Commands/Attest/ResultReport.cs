using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using CleanRoom.Attestation.Appraisal;
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

        words.AddRange(result.Words.Select(word => $"  what it does not prove: {word}"));
        words.AddRange(result.Failures.Select(failure => $"  FAILED {failure.Check}: wanted {failure.Wanted}; got {failure.Got}"));
        var json = JsonNode.Parse(Encoding.UTF8.GetString(Jcs.Write(result.ToJson())))!; // An object.
        return new VerbAnswer(json, words.ToImmutable())
        {
            ExitCode = result.Failures.IsEmpty ? ExitCodes.Ok : ExitCodes.Of([.. result.Failures.Select(failure => failure.ToRefusal())]),
        };
    }
}
