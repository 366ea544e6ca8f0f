using CleanRoom.Node.Admission;
using CleanRoom.Node.Configuration;
using CleanRoom.Node.Sessions;
using CleanRoom.Protocol;
using Microsoft.Extensions.Time.Testing;

namespace CleanRoom.Node.Tests.Admission;

public sealed class AdmissionControlTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private AdmissionControl? _control;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Request_beyond_a_members_burst_is_refused_with_a_time_and_others_are_not()
    {
        var control = With(new AdmissionOptions { RequestsPerSecond = 5 });

        (await CountAsync(control, Member("ada"), 10_000)).Should().BeInRange(20, 9_999, "four seconds' worth is taken on at once, and not all");

        using var refused = await RefusedAsync(control, Member("ada"));
        refused.Refusal!.Code.Should().Be(RefusalCode.TooManyRequests);
        refused.RetryAfter.Should().BeGreaterThanOrEqualTo(1);
        refused.Refusal.Got.Should().Contain($"{refused.RetryAfter} s");
        (await CountAsync(control, Member("lea"), 5)).Should().Be(5);
        (await CountAsync(control, Member("ada", room: "another"), 5)).Should().Be(5, "a member of another room is another member");
    }

    [Fact]
    public async Task Request_of_all_members_of_a_room_together_are_bounded_too()
    {
        var control = With(new AdmissionOptions { RequestsPerSecond = 1_000, RoomRequestsPerSecond = 10 });

        var taken = 0;
        for (var i = 0; i < 20; i++)
        {
            taken += await CountAsync(control, Member($"member {i}"), 1_000);
        }

        taken.Should().BeInRange(40, 19_999);
        (await CountAsync(control, Member("ada", room: "another"), 5)).Should().Be(5);
    }

    [Fact]
    public async Task AnalysisAsync_member_that_asks_for_much_stands_in_the_rooms_line_once()
    {
        var control = With(new AdmissionOptions { AnalysesAtOnce = 1 });
        var running = await control.AnalysisAsync(Member("ada"), Stop);
        var more = Enumerable.Range(0, 5).Select(_ => control.AnalysisAsync(Member("ada"), Stop)).ToList();
        var other = control.AnalysisAsync(Member("lea"), Stop);

        running.Dispose();
        using (var admitted = await other)
        {
            admitted.Refusal.Should().BeNull("it is the other member's turn, though five asked before it");
            more.Should().OnlyContain(waiting => !waiting.IsCompleted);
        }

        foreach (var waiting in more)
        {
            (await waiting).Dispose();
        }
    }

    [Fact]
    public async Task AnalysisAsync_full_line_is_refused_at_once_and_a_long_wait_after_a_while()
    {
        var control = With(new AdmissionOptions { AnalysesAtOnce = 1 });
        using var running = await control.AnalysisAsync(Member("ada"), Stop);
        var waiting = Enumerable.Range(0, 8).Select(_ => control.AnalysisAsync(Member("ada"), Stop)).ToList();

        using var refused = await control.AnalysisAsync(Member("ada"), Stop);

        refused.Refusal!.Code.Should().Be(RefusalCode.TooManyRequests);
        waiting.Should().OnlyContain(one => !one.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(20));
        foreach (var one in waiting)
        {
            (await one).Refusal!.Code.Should().Be(RefusalCode.TooManyRequests);
        }

        running.Dispose();
        using var after = await control.AnalysisAsync(Member("ada"), Stop);
        after.Refusal.Should().BeNull("whoever gave up holds nothing");
    }

    [Fact]
    public async Task AnalysisAsync_caller_that_goes_away_holds_nothing()
    {
        var control = With(new AdmissionOptions { AnalysesAtOnce = 1 });
        var running = await control.AnalysisAsync(Member("lea"), Stop);
        using var gone = new CancellationTokenSource();
        var waiting = control.AnalysisAsync(Member("ada"), gone.Token);

        await gone.CancelAsync();

        await FluentActions.Awaiting(() => waiting).Should().ThrowAsync<OperationCanceledException>();
        running.Dispose();
        using var after = await control.AnalysisAsync(Member("ada"), Stop);
        after.Refusal.Should().BeNull();
    }

    [Fact]
    public void Stream_is_counted_until_it_has_ended()
    {
        var control = With(new AdmissionOptions { StreamsOfMember = 2 });
        var first = control.Stream(Member("ada"));
        using var second = control.Stream(Member("ada"));

        control.Stream(Member("ada")).Refusal!.Code.Should().Be(RefusalCode.TooManyRequests);
        control.Stream(Member("lea")).Refusal.Should().BeNull();
        first.Dispose();

        control.Stream(Member("ada")).Refusal.Should().BeNull();
    }

    [Fact]
    public async Task PartAsync_parts_wait_for_their_turn_and_beyond_the_line_are_refused()
    {
        var control = With(new AdmissionOptions { PartsAtOnce = 1 });
        var writing = await control.PartAsync(Stop);
        var waiting = Enumerable.Range(0, 8).Select(_ => control.PartAsync(Stop)).ToList();

        using var refused = await control.PartAsync(Stop);
        writing.Dispose();

        refused.Refusal!.Code.Should().Be(RefusalCode.TooManyRequests);
        foreach (var part in waiting)
        {
            using var taken = await part;
            taken.Refusal.Should().BeNull();
        }
    }

    public void Dispose() => _control?.Dispose();

    private static Session Member(string name, string room = "room") => new(room, "registry", name, Digest.Of("channel"u8), DateTimeOffset.MaxValue);

    /// <summary>Counts how many of some requests are taken on.</summary>
    private static async Task<int> CountAsync(AdmissionControl control, Session session, int requests)
    {
        var taken = 0;
        for (var i = 0; i < requests; i++)
        {
            using var admitted = await control.RequestAsync(session);
            taken += admitted.Refusal is null ? 1 : 0;
        }

        return taken;
    }

    /// <summary>Asks until a request is refused: tokens come back as real time goes on.</summary>
    private static async Task<Admitted> RefusedAsync(AdmissionControl control, Session session)
    {
        while (true)
        {
            var admitted = await control.RequestAsync(session);
            if (admitted.Refusal is not null)
            {
                return admitted;
            }

            admitted.Dispose();
        }
    }

    private AdmissionControl With(AdmissionOptions options) => _control = new AdmissionControl(options, _time, shares: null);
}
