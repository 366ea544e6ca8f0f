using CleanRoom.Grains.Partitions;
using CleanRoom.Protocol;

namespace CleanRoom.Node.Tests.Admission;

public sealed class RunTurnsTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TakeAsync_rooms_take_turns_whoever_asked_for_more()
    {
        var turns = new RunTurns(new RunLimits { ConcurrentRuns = 1 });
        (await turns.TakeAsync("busy", Stop)).Should().BeNull();
        var order = new List<string>();
        var waiting = new List<Task>();
        foreach (var room in new[] { "busy", "busy", "busy", "quiet", "other", "quiet" })
        {
            waiting.Add(RunAsync(room));
        }

        turns.Give();
        await Task.WhenAll(waiting);

        order.Should().Equal("busy", "quiet", "other", "busy", "quiet", "busy");

        async Task RunAsync(string room)
        {
            (await turns.TakeAsync(room, Stop)).Should().BeNull();
            order.Add(room);
            turns.Give();
        }
    }

    [Fact]
    public async Task TakeAsync_room_with_a_full_line_is_refused_at_once_and_others_are_not()
    {
        var turns = new RunTurns(new RunLimits { ConcurrentRuns = 1, WaitingRuns = 2 });
        await turns.TakeAsync("busy", Stop);
        var first = turns.TakeAsync("busy", Stop);
        var second = turns.TakeAsync("busy", Stop);

        (await turns.TakeAsync("busy", Stop))!.Code.Should().Be(RefusalCode.TooManyRequests);
        var other = turns.TakeAsync("quiet", Stop);

        other.IsCompleted.Should().BeFalse("it waits in its own line");
        foreach (var waiting in new[] { first, other, second })
        {
            turns.Give();
            (await waiting).Should().BeNull();
        }
    }

    [Fact]
    public async Task TakeAsync_whoever_gives_up_leaves_the_line_and_takes_no_turn_along()
    {
        var turns = new RunTurns(new RunLimits { ConcurrentRuns = 1, WaitingRuns = 1 });
        await turns.TakeAsync("room", Stop);
        using var patience = new CancellationTokenSource();
        var left = turns.TakeAsync("room", patience.Token);
        await patience.CancelAsync();
        await FluentActions.Awaiting(() => left).Should().ThrowAsync<OperationCanceledException>();

        var next = turns.TakeAsync("room", Stop);
        turns.Give();

        (await next).Should().BeNull("the place in line was free, and so is the turn");
        turns.Give();
        (await turns.TakeAsync("another", Stop)).Should().BeNull();
    }

    [Fact]
    public async Task TakeAsync_turns_are_neither_lost_nor_doubled_when_many_give_up()
    {
        var turns = new RunTurns(new RunLimits { ConcurrentRuns = 3, WaitingRuns = 10_000 });
        var (running, most) = (0, 0);
        await Parallel.ForEachAsync(Enumerable.Range(0, 2_000), new ParallelOptions { MaxDegreeOfParallelism = 64, CancellationToken = Stop }, async (i, _) =>
        {
            using var patience = new CancellationTokenSource();
            var taking = turns.TakeAsync($"room {i % 5}", patience.Token);
            if (i % 3 == 0)
            {
                await patience.CancelAsync();
            }

            try
            {
                await taking;
            }
            catch (OperationCanceledException)
            {
                return;
            }

            var now = Interlocked.Increment(ref running);
            InterlockedMax(ref most, now);
            await Task.Yield();
            Interlocked.Decrement(ref running);
            turns.Give();
        });

        most.Should().BeInRange(1, 3);
        foreach (var _ in Enumerable.Range(0, 3))
        {
            var free = turns.TakeAsync("after", Stop);
            free.IsCompletedSuccessfully.Should().BeTrue("every turn was given back");
        }
    }

    private static void InterlockedMax(ref int most, int now)
    {
        for (var seen = most; seen < now; seen = most)
        {
            Interlocked.CompareExchange(ref most, now, seen);
        }
    }
}
