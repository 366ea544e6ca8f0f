using CleanRoom.Engine.Hosting;
using CleanRoom.Engine.Running;
using CleanRoom.Engine.Tests.Support;

namespace CleanRoom.Engine.Tests.Running;

public class MemoryWatchdogTests(EngineFixture engine)
{
    [Fact]
    public async Task Watchdog_processBeyondTheCeiling_isKilled()
    {
        await using var process = await engine.Host.StartAsync(TestContext.Current.CancellationToken);
        process.ResidentBytes.Should().BePositive();
        await using var watchdog = new MemoryWatchdog(process, ceilingBytes: 1, TimeSpan.FromMilliseconds(10), TimeProvider.System);

        var reading = () => process.ReceiveAsync(1_000, TestContext.Current.CancellationToken);
        (await reading.Should().ThrowAsync<EngineChannelException>()).Which.Kind.Should().Be(EngineFailureKind.Ended);
        watchdog.HasKilled.Should().BeTrue();
    }
}
