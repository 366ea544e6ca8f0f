using System.Collections.Immutable;
using System.CommandLine;
using System.Text.Json.Nodes;
using CleanRoom.Cli.Commands.Log;
using CleanRoom.Cli.Hosting;
using CleanRoom.Cli.Profiles;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Receipts;

namespace CleanRoom.Cli.Commands.Receipt;

/// <summary><c>cleanroom receipt verify F</c>: offline; says which contract, query, datasets, code and budget it proves.</summary>
internal static class ReceiptVerifyCommand
{
    private static readonly Argument<FileInfo> _file = new("file") { Description = "A .receipt file." };

    private static readonly Option<string?> _at = new("--at") { Description = "Appraise the code as of this time: 2026-01-31T08:00:00.000Z. Default: the row's own." };

    private static readonly Option<bool> _redacted = new("--redacted") { Description = "Is content with a bundle without contract and query: their digests only." };

    public static Command Create(CliHost host) => new("receipt", "What an answer came from.")
    {
        Verb.Create(host, "verify", "Checks a receipt without a network and says what it proves.", [_file, _at, _redacted], (context, _) => Task.FromResult(Run(context))),
    };

    private static Result<VerbAnswer> Run(VerbContext context)
    {
        Timestamp? at = null;
        if (context.Get(_at) is { } text)
        {
            if (!Timestamp.TryParse(text, out var time))
            {
                return new Refusal(RefusalCode.DocumentInvalid, "--at as 2026-01-31T08:00:00.000Z", "another text");
            }

            at = time;
        }

        if (!InputFiles.Read(context.Require(_file), DocumentCodec.MaxDocumentBytes).TryGet(out var bytes, out var refusals))
        {
            return refusals;
        }

        var report = ReceiptVerifier.Verify(bytes, at, context.Host.Services.Fold);
        if (report is { Receipt: null })
        {
            // A file that is no receipt at all is not proof of anything: as bad as a forged one.
            return new Refusal(RefusalCode.ReceiptInvalid, "a receipt", string.Join("; ", report.Failures));
        }

        if (report is { IsVerified: true, IsRedacted: true } && !context.Get(_redacted))
        {
            return new Refusal(RefusalCode.ReceiptInvalid, "a receipt with contract and query, or --redacted", "a redacted one");
        }

        if (report.Receipt is { } receipt && Compare(context, bytes, receipt.Predicate.Collaboration).TryGet(out var seen, out refusals))
        {
            return Describe(report with { Proven = [.. report.Proven, .. seen] });
        }

        return Describe(report with { Failures = report.Failures.AddRange(refusals) });
    }

    /// <summary>A receipt carries a checkpoint that somebody else was shown. This profile's own view of that ledger has to hold it.</summary>
    private static Result<ImmutableArray<string>> Compare(VerbContext context, ReadOnlySpan<byte> bytes, string collaboration)
    {
        var fold = context.Host.Services.Fold;
        if (new FileRoomMemory(context.Profile).LoadSeen(collaboration, fold) is not { } kept || !DocumentCodec.Parse<ReceiptBundle>(bytes).TryGet(out var bundle, out _))
        {
            return ImmutableArray<string>.Empty;
        }

        if (!kept.TryGet(out var own, out var refusals) || !own.Compare(bundle.Checkpoint, fold).TryGet(out var compared, out refusals))
        {
            return refusals;
        }

        return GossipCommands.WhyForked(own, compared, context.Require(_file), proof: null) is { } forked
            ? forked
            : ImmutableArray.Create(compared.Other.Size > own.Checkpoint.Size
                ? $"its log is longer than the {own.Checkpoint.Size} rows that this profile has seen: audit the room to compare"
                : $"it is of the history that this profile has seen, {own.Checkpoint.Size} rows");
    }

    private static VerbAnswer Describe(ReceiptReport report)
    {
        var predicate = report.Receipt!.Predicate; // Run has seen it.
        var json = new JsonObject
        {
            ["verified"] = report.IsVerified,
            ["time"] = report.Time?.ToString(),
            ["commitment"] = report.Receipt.Subject[0].Digest.Sha256.ToString(),
            ["collaboration"] = predicate.Collaboration,
            ["contractDigest"] = predicate.ContractDigest.ToString(),
            ["queryDigest"] = predicate.QueryDigest.ToString(),
            ["evidenceDigest"] = predicate.EvidenceDigest.ToString(),
            ["datasets"] = new JsonArray([.. predicate.Manifests.Select(input => new JsonObject { ["dataset"] = input.Dataset, ["manifest"] = input.ManifestDigest.ToString() })]),
            ["charged"] = new JsonArray([.. predicate.Charged.Select(cost => new JsonObject { ["dataset"] = cost.Dataset, ["owner"] = cost.Owner, ["queries"] = cost.Queries })]),
            ["receivers"] = new JsonArray([.. predicate.Receivers.Select(receiver => (JsonNode)receiver)]),
            ["proven"] = new JsonArray([.. report.Proven.Select(sentence => (JsonNode)sentence)]),
            ["notShown"] = new JsonArray([.. report.NotShown.Select(sentence => (JsonNode)sentence)]),
            ["failures"] = new JsonArray([.. report.Failures.Select(failure => (JsonNode)failure.ToString())]),
        };
        if (predicate.Releases is { } releases)
        {
            json["releases"] = new JsonArray([.. releases.Select(release => new JsonObject
            {
                ["manifest"] = release.ManifestDigest.ToString(),
                ["units"] = release.Units,
                ["commitment"] = release.Commitment.ToString(),
            })]);
        }

        return new VerbAnswer(
            json,
            [
                report.IsVerified ? "The receipt holds." : "The receipt does NOT hold.",
                .. report.IsVerified ? report.Proven.Select(sentence => "  " + sentence) : [],
                .. report.NotShown.Select(sentence => "  Not shown: " + sentence),
                .. report.Failures.Select(failure => $"  FAILED {failure}"),
            ])
        {
            ExitCode = report.IsVerified ? ExitCodes.Ok : ExitCodes.Of(report.Failures),
        };
    }
}
