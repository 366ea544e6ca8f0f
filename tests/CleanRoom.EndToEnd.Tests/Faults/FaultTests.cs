using System.Diagnostics;
using System.Globalization;
using CleanRoom.EndToEnd.Tests.Support;
using CleanRoom.Protocol.Fold;
using CleanRoom.TestKit;

namespace CleanRoom.EndToEnd.Tests.Faults;

/// <summary>
/// Three institutions agree, upload, ask, approve and read answers while every two seconds something happens to the cluster. Their own clients verify
/// every row, and the demo ends with a receipt that is verified offline; nobody helps them.
/// </summary>
public sealed class FaultTests
{
    private static readonly string[] _undisturbed = ["146671", "14588"];

    private static readonly TimeSpan _minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan _soak = TimeSpan.FromMinutes(10);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_is_lost_or_doubled_whatever_happens_to_the_machines()
    {
        Assert.SkipWhen(FaultyCluster.Missing is not null && Environment.GetEnvironmentVariable("CI") != "true", FaultyCluster.Missing ?? string.Empty);
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper!.WriteLine(string.Create(CultureInfo.InvariantCulture, $"seed {seed}"));
        await using var cluster = await FaultyCluster.StartAsync(seed, Token);
        var duration = Tier.IsSoak ? _soak : _minute;
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Token);
        enough.CancelAfter(duration);
        var began = Stopwatch.GetTimestamp();
        var harm = cluster.HarmAsync(enough.Token);
        var stories = new List<CollaborationState>();
        try
        {
            do
            {
                var (state, answers) = await StoryStage.PlayAsync(cluster.Gateway.Build, cluster.Gateway.Address, _ => Task.CompletedTask, cluster.Objects);
                Check(state);
                answers[0].Rows.Select(row => row[1]).Should().Equal(_undisturbed, "an answer is the one of an undisturbed run");
                stories.Add(state);
            }
            while (Stopwatch.GetElapsedTime(began) < duration);
        }
        catch
        {
            TestContext.Current.TestOutputHelper!.WriteLine(cluster.Log);
            throw;
        }
        finally
        {
            await enough.CancelAsync();
            await harm;
        }

        cluster.Injected.Should().NotBeEmpty();
        TestContext.Current.TestOutputHelper!.WriteLine($"not done here: {string.Join("; ", FaultyCluster.Undone.DefaultIfEmpty("nothing"))}");
        var rows = stories.Sum(state => state.Log.Size);
        TestContext.Current.TestOutputHelper!.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{Stopwatch.GetElapsedTime(began).TotalSeconds:F0} s, {string.Join(", ", cluster.Injected.Select(one => $"{one.Key}: {one.Value}"))}; rooms opened beside a silo that still ran: {cluster.OpenedBeside}; {stories.Count} stories, {rows} rows, lost: 0"));
    }

    private static void Check(CollaborationState state)
    {
        state.Datasets.Values.Should().HaveCount(3).And.OnlyContain(dataset => dataset.IsUsable);
        state.Queries.Values.Where(query => !query.Runs.IsEmpty).Should().HaveCount(2).And.AllSatisfy(query =>
        {
            query.Runs.Should().ContainSingle("a kill is no second charge");
            query.Runs[0].Result.Should().NotBeNull();
            query.Runs[0].Receipt.Should().NotBeNull();
        });
    }
}
