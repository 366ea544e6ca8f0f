using System.Diagnostics;
using CleanRoom.Benchmarks.Measures;
using CleanRoom.Benchmarks.Ratios;
using CleanRoom.Benchmarks.Rooms;
using CleanRoom.Benchmarks.Running;
using CleanRoom.Client.Queries;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Fold;

namespace CleanRoom.Benchmarks.Cancelling;

/// <summary>How soon the memory of a question is free after the one who asked has taken it back, while others run.</summary>
/// <remarks>
/// Four long questions run at once, each in an engine of its own, and the oldest is cancelled. The time goes from the call of the client to the moment at which one engine less has memory.
/// Where another question has ended by itself at that moment, it does not count. Columns in clear are the node's own and stay for the other questions.
/// </remarks>
internal static class CancelMeasures
{
    private const string Name = "cancel/call to memory released, p99";
    private const string Sql = "SELECT p.region, count(DISTINCT p.id) AS people, sum(v.amount) AS total{again} FROM {people} p JOIN {rows} v ON p.id = v.id GROUP BY p.region ORDER BY p.region";
    private const double GoalMs = 50;
    private const int AtOnce = 4;
    private const int Percent = 99;
    private const int Tries = 10;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    /// <summary>Gets the measure.</summary>
    public static RatioSuite Suite { get; } = new("cancel", TakeAsync);

    private static async IAsyncEnumerable<Ratio> TakeAsync(Choice choice)
    {
        if (!choice.Wants(Name))
        {
            yield break;
        }

        var (rows, rounds) = choice.IsFull ? (40_000_000, 102) : (4_000_000, 9);
        using var plain = new PlainEngine();
        var settings = RoomSettings.Of(isKept: true);
        settings["limits"]!["concurrentRuns"] = AtOnce;
        settings["limits"]!["decryptedBytes"] = 8L << 30;
        using var room = await BenchmarkRoom.SupplyAsync(new BenchmarkData(JoinKey.Number, rows / 4, rows), plain, settings);
        var wave = new CancelWave(room, AtOnce, s_patience);
        yield return await Ratio.TakeAsync(
            new RatioMeasure(Name, "a read of the room's status by the same member under the same load", Goal: null, () => wave.CancelNextAsync(Sql), () => wave.ReadAsync(Sql))
            {
                GoalMs = GoalMs, Rounds = rounds, Percentile = Percent,
            },
            choice);
    }

    /// <summary>Questions that run at once.</summary>
    private sealed class CancelWave(BenchmarkRoom room, int atOnce, TimeSpan patience)
    {
        private readonly Queue<Digest> _running = [];
        private int _asked;

        /// <summary>Reads what the room may do, once all run.</summary>
        public async Task<TimeSpan> ReadAsync(string sql)
        {
            await FillAsync(sql);
            var began = Stopwatch.GetTimestamp();
            Outcome.Require((await room.Analyst.StatusAsync(CancellationToken.None)).IsAccepted, "a read");
            return Stopwatch.GetElapsedTime(began);
        }

        /// <summary>Cancels the oldest question.</summary>
        public async Task<TimeSpan> CancelNextAsync(string sql)
        {
            for (var left = Tries; left > 0; left--)
            {
                if (await CancelOldestAsync(sql) is { } ended)
                {
                    return ended;
                }
            }

            throw new InvalidOperationException("the questions are too short: others ended at the same time as the one that was cancelled");
        }

        private async Task<TimeSpan?> CancelOldestAsync(string sql)
        {
            await FillAsync(sql);
            var engines = Engines();
            var query = _running.Dequeue();
            using var ends = new ProcessEnds(engines);
            var began = Stopwatch.GetTimestamp();
            var cancelled = new RoomQueries(room.Analyst).CancelAsync(query, "enough", CancellationToken.None);
            var ended = await Task.Run(() => ends.WaitForOne(patience) ? Stopwatch.GetElapsedTime(began) : TimeSpan.MaxValue);
            var isAlone = Engines().Count == atOnce - 1;
            Outcome.Require(ended < patience, "an engine that ends");
            Outcome.Require((await cancelled).IsAccepted, "a cancellation");
            var isStopped = (await new RoomRuns(room.Analyst).StatusAsync(query, CancellationToken.None)).TryGet(out var status, out _) && status.Status == QueryStatus.Stopped;
            return isAlone && isStopped && engines.Count == atOnce ? ended : null;
        }

        /// <summary>Starts as many as run at once, and waits until each has an engine and its columns.</summary>
        private async Task FillAsync(string sql)
        {
            if (_running.Count == atOnce)
            {
                return;
            }

            // What is left may be about to end by itself, which is no answer to a cancellation.
            while (_running.TryDequeue(out var last))
            {
                _ = await new RoomQueries(room.Analyst).CancelAsync(last, "enough", CancellationToken.None);
            }

            await WaitAsync(0);
            while (_running.Count < atOnce)
            {
                _running.Enqueue((await room.SubmitAsync(sql.Replace("{again}", FormattableString.Invariant($"{_asked++}"), StringComparison.Ordinal))).QueryDigest);
            }

            await WaitAsync(atOnce);
        }

        private async Task WaitAsync(int engines)
        {
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
            for (var began = Stopwatch.GetTimestamp(); Engines().Count != engines; _ = await timer.WaitForNextTickAsync())
            {
                Outcome.Require(Stopwatch.GetElapsedTime(began) < patience, $"{engines} engines at work, not {Engines().Count}: the questions are too short, or too long to wait for");
            }
        }

        private IReadOnlyList<int> Engines() => [.. ProcessTree.HoldingColumns(room.Node.Processes).Except(room.Node.Processes)];
    }
}
