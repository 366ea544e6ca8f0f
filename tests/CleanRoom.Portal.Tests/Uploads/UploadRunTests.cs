using CleanRoom.Client.Datasets;
using CleanRoom.Portal.Features.Uploads;
using CleanRoom.Portal.Shared;

namespace CleanRoom.Portal.Tests.Uploads;

/// <summary>What a person is told of an upload under way: how far, how fast, how long still.</summary>
public sealed class UploadRunTests
{
    private readonly Clock _clock = new();

    [Fact]
    public async Task Speed_is_that_of_the_last_seconds_and_gives_the_time_left()
    {
        using var run = new UploadRun("hospital.notes", _clock);
        run.Begin("send", 1_000_000, under: null);
        await run.LookAsync();
        run.Speed.Should().BeNull("one look has no speed");

        _clock.Pass(TimeSpan.FromSeconds(2));
        run.Finish(200_000);
        await run.LookAsync();

        run.Speed.Should().Be(100_000);
        run.Left.Should().Be(TimeSpan.FromSeconds(8));
        run.Percent.Should().Be(20);
    }

    [Fact]
    public async Task What_is_under_way_counts_and_nothing_goes_back()
    {
        var under = 300L;
        using var run = new UploadRun("hospital.notes", _clock);
        run.Begin("send", 1_000, () => ValueTask.FromResult(under));
        run.Finish(400);
        await run.LookAsync();
        run.Done.Should().Be(700);

        // A part that was sent in vain begins anew.
        under = 0;
        await run.LookAsync();
        run.Done.Should().Be(700);

        under = 900;
        await run.LookAsync();
        run.Done.Should().Be(1_000, "no more than there is");
    }

    [Fact]
    public async Task Paused_upload_has_no_speed_and_a_signed_step_none_either()
    {
        using var run = new UploadRun("hospital.notes", _clock);
        run.Begin("send", 1_000, under: null);
        await run.LookAsync();
        _clock.Pass(TimeSpan.FromSeconds(1));
        run.Finish(100);
        await run.LookAsync();
        run.Pause.Pause();
        run.Speed.Should().BeNull();
        run.Pause.Resume();
        run.Speed.Should().Be(100);

        run.Begin("publish", 100, under: null);
        run.IsBytes.Should().BeFalse();
        run.Speed.Should().BeNull();
    }

    [Fact]
    public async Task Pause_holds_back_until_it_is_resumed_or_cancelled()
    {
        var pause = new UploadPause();
        using var cancel = new CancellationTokenSource();
        await pause.WaitAsync(cancel.Token);

        pause.Pause();
        pause.Pause();
        var waiting = pause.WaitAsync(cancel.Token);
        waiting.IsCompleted.Should().BeFalse();
        pause.Resume();
        await waiting;

        pause.Pause();
        var cancelled = pause.WaitAsync(cancel.Token);
        await cancel.CancelAsync();
        await FluentActions.Awaiting(() => cancelled).Should().ThrowAsync<OperationCanceledException>();
    }

    [Theory]
    [InlineData(0, "0 bytes")]
    [InlineData(999, "999 bytes")]
    [InlineData(1_000, "1.0 kB")]
    [InlineData(9_990, "9.9 kB")]
    [InlineData(312_400_000, "312 MB")]
    [InlineData(5_000_000_000, "5.0 GB")]
    public void Amount_is_said_in_the_largest_unit(long bytes, string said) => Amount.Of(bytes).Should().Be(said);

    [Theory]
    [InlineData(7, "7 s")]
    [InlineData(125, "2 min 5 s")]
    [InlineData(7_500, "2 h 5 min")]
    public void Span_is_said_in_its_two_largest_units(int seconds, string said) => Amount.Of(TimeSpan.FromSeconds(seconds)).Should().Be(said);

    private sealed class Clock : TimeProvider
    {
        private long _now = 1_000;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now;

        public void Pass(TimeSpan span) => _now += span.Ticks;
    }
}
