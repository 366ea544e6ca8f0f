using System.Diagnostics;
using CleanRoom.Benchmarks.Measures;
using CleanRoom.Benchmarks.Ratios;
using CleanRoom.Benchmarks.Rooms;
using CleanRoom.Benchmarks.Running;
using CleanRoom.Client.Results;
using CleanRoom.Protocol;

namespace CleanRoom.Benchmarks.Fixed;

/// <summary>What a question costs whatever it asks: of 1,000 rows, from its approval to a verified receipt.</summary>
internal static class FixedMeasures
{
    private const string Sql = "SELECT count(*) AS n, sum(v.amount) AS total{again} FROM {people} p JOIN {rows} v ON p.id = v.id";
    private const string EmptyCall = "a call of a grain that does nothing";
    private const double GoalMs = 150;
    private const int Rounds = 51;

    /// <summary>Gets the measures.</summary>
    public static RatioSuite Suite { get; } = new("fixed", TakeAsync);

    private static async IAsyncEnumerable<Ratio> TakeAsync(Choice choice)
    {
        (string Name, bool IsFromSignature, bool IsAtRest)[] wanted =
        [
            .. new[]
            {
                ("fixed/approved to receipt", false, true),
                ("fixed/approval's signature to receipt", true, true),
                ("fixed/approved to receipt, one after the other", false, false),
            }.Where(one => choice.Wants(one.Item1)),
        ];
        if (wanted.Length == 0)
        {
            yield break;
        }

        using var plain = new PlainEngine();
        await using var calls = await EmptyCalls.StartAsync();
        using var room = await BenchmarkRoom.SupplyAsync(new BenchmarkData(JoinKey.Number, 250, 1_000) { IsApproved = true }, plain, RoomSettings.Of(isKept: false));
        var expected = plain.Ask(room.Data.OfPlain(Sql.Replace("{again}", string.Empty, StringComparison.Ordinal), room.Folder)).Rows;
        foreach (var (name, isFromSignature, isAtRest) in wanted)
        {
            var number = 0;
            yield return await Ratio.TakeAsync(
                new RatioMeasure(name, EmptyCall, Goal: null, () => RunAsync(room, expected, isFromSignature, isAtRest, FormattableString.Invariant($"{isFromSignature}{isAtRest}{number++}")), calls.CallAsync)
                {
                    GoalMs = isAtRest ? GoalMs : null, Rounds = choice.IsFull ? Rounds : null,
                },
                choice);
        }
    }

    /// <summary>Takes one. At rest the spare engine stands that the run before has asked for.</summary>
    private static async Task<TimeSpan> RunAsync(BenchmarkRoom room, List<string[]> expected, bool isFromSignature, bool isAtRest, string again)
    {
        if (isAtRest)
        {
            await ProcessTree.RestAsync(room.Node.Processes);
        }

        var submitted = await room.SubmitAsync(Sql.Replace("{again}", again, StringComparison.Ordinal));
        var signed = Stopwatch.GetTimestamp();
        await room.ApproveAsync(submitted);
        var approved = Stopwatch.GetTimestamp();
        await room.FollowAsync(submitted.QueryDigest);
        var receipt = await ReceiptAsync(room, submitted.QueryDigest);
        var took = Stopwatch.GetElapsedTime(isFromSignature ? signed : approved);
        Outcome.Require(receipt.Report.IsVerified, "the receipt");
        RoomQuestion.RequireSame("fixed", await room.OpenAsync(submitted.QueryDigest), expected);
        return took;
    }

    private static async Task<VerifiedReceipt> ReceiptAsync(BenchmarkRoom room, Digest query) =>
        (await new RoomResults(room.Analyst).ReceiptAsync(query, isRedacted: false, CancellationToken.None)).TryGet(out var receipt, out var refusals)
            ? receipt
            : throw new InvalidOperationException($"wanted a receipt; got {refusals[0]}");
}
