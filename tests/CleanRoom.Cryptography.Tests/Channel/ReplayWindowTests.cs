using CleanRoom.Cryptography.Channel;
using CleanRoom.Protocol;
using Microsoft.Extensions.Time.Testing;

namespace CleanRoom.Cryptography.Tests.Channel;

public sealed class ReplayWindowTests
{
    private static readonly TimeSpan s_tolerance = TimeSpan.FromMinutes(5);

    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(56)) { AutoAdvanceAmount = TimeSpan.Zero };

    private Timestamp Now => Timestamp.From(_time.GetUtcNow());

    [Fact]
    public void Take_twice_is_replayed()
    {
        var window = new ReplayWindow(_time, s_tolerance, 10);

        window.Take(1, Now).Should().BeNull();
        window.Take(1, Now)!.Code.Should().Be(RefusalCode.Replayed);
        window.Take(2, Now).Should().BeNull();
    }

    [Fact]
    public void Take_again_at_the_very_edge_of_its_life_is_replayed()
    {
        var window = new ReplayWindow(_time, s_tolerance, 10);
        var made = Now;
        window.Take(1, made);

        _time.Advance(s_tolerance);

        window.Take(1, made)!.Code.Should().Be(RefusalCode.Replayed);
    }

    [Fact]
    public void Take_from_the_future_and_again_after_its_tolerance_is_replayed()
    {
        var window = new ReplayWindow(_time, s_tolerance, 10);
        var made = Now.Plus(s_tolerance);
        window.Take(1, made).Should().BeNull();

        _time.Advance(2 * s_tolerance);

        window.Take(1, made)!.Code.Should().Be(RefusalCode.Replayed, "it is still within the tolerance of its own time");
    }

    [Fact]
    public void Take_too_old_or_too_new_is_refused()
    {
        var window = new ReplayWindow(_time, s_tolerance, 10);
        var millisecond = TimeSpan.FromMilliseconds(1);

        window.Take(1, Now.Plus(-s_tolerance - millisecond))!.Code.Should().Be(RefusalCode.ClockWrong);
        window.Take(2, Now.Plus(s_tolerance + millisecond))!.Code.Should().Be(RefusalCode.ClockWrong);
        window.Take(3, Now.Plus(-s_tolerance)).Should().BeNull();
        window.Take(4, Now.Plus(s_tolerance)).Should().BeNull();
    }

    [Fact]
    public void Take_more_than_the_capacity_is_refused_until_some_expire()
    {
        var window = new ReplayWindow(_time, s_tolerance, 2);
        window.Take(1, Now);
        window.Take(2, Now);

        window.Take(3, Now)!.Code.Should().Be(RefusalCode.TooManyRequests);
        _time.Advance(s_tolerance + TimeSpan.FromSeconds(1));
        window.Take(3, Now).Should().BeNull();
    }

    [Fact]
    public void Take_after_the_clock_went_back_is_not_fresh_again()
    {
        var clock = new SettableClock(_time.GetUtcNow());
        var window = new ReplayWindow(clock, s_tolerance, 10);
        var made = Now;
        window.Take(1, made);
        clock.Now += 2 * s_tolerance;
        window.Take(2, Timestamp.From(clock.Now));

        clock.Now -= 2 * s_tolerance;

        window.Take(1, made)!.Code.Should().Be(RefusalCode.ClockWrong);
    }

    private sealed class SettableClock(DateTimeOffset now) : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = now;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
