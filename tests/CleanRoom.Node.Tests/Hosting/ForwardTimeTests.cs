using CleanRoom.Grains.Admission;
using CleanRoom.Node.Hosting;
using CleanRoom.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace CleanRoom.Node.Tests.Hosting;

/// <summary>A clock that is set back while a silo runs.</summary>
public sealed class ForwardTimeTests
{
    private static readonly DateTimeOffset _start = DateTimeOffset.UnixEpoch.AddYears(56);
    private static readonly TimeSpan _hour = TimeSpan.FromHours(1);

    [Fact]
    public void GetUtcNow_of_a_clock_that_was_set_back_goes_on_by_the_time_that_passes()
    {
        var clock = new MovedClock();
        var time = new ForwardTime(clock);
        clock.Moved = -_hour;
        time.GetUtcNow().Should().Be(_start);
        clock.Passed.Advance(TimeSpan.FromMinutes(10));
        time.GetUtcNow().Should().Be(_start.AddMinutes(10));
        clock.Passed.Advance(TimeSpan.FromMinutes(10));
        time.GetUtcNow().Should().Be(_start.AddMinutes(20));
    }

    [Fact]
    public void GetUtcNow_is_the_clock_s_again_when_it_stands_no_longer_behind()
    {
        var clock = new MovedClock();
        var time = new ForwardTime(clock);
        clock.Moved = -_hour;
        clock.Moved = _hour;
        time.GetUtcNow().Should().Be(_start + _hour);
        clock.Passed.Advance(TimeSpan.FromMinutes(1));
        time.GetUtcNow().Should().Be(_start + _hour + TimeSpan.FromMinutes(1));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_silo_whose_clock_was_set_back_activates_grains_by_such_a_clock_and_not_by_its_own(bool isForward)
    {
        var clock = new MovedClock();
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<TimeProvider>(isForward ? new ForwardTime(clock) : clock);
        builder.UseOrleans(silo => silo.UseLocalhostClustering(FreePort.Find(), gatewayPort: 0, serviceId: "forward", clusterId: "forward"));
        using var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        try
        {
            clock.Moved = -_hour;
            var limits = new ShareLimits(OfMember: 1, OfRoom: 1);
            var activate = () => host.Services.GetRequiredService<IGrainFactory>().GetGrain<IAdmissionGrain>("room").TakeAsync("member", 1, limits);
            if (isForward)
            {
                await activate.Should().NotThrowAsync();
            }
            else
            {
                await activate.Should().ThrowAsync<ArgumentException>("this is what such a clock is for");
            }
        }
        finally
        {
            await host.StopAsync(CancellationToken.None);
        }
    }

    /// <summary>A clock that can be moved, beside time that passes.</summary>
    private sealed class MovedClock : TimeProvider
    {
        public FakeTimeProvider Passed { get; } = new(_start);

        public TimeSpan Moved { get; set; }

        public override long TimestampFrequency => Passed.TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => Passed.GetUtcNow() + Moved;

        public override long GetTimestamp() => Passed.GetTimestamp();
    }
}
