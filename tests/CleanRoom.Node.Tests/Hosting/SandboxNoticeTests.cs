using CleanRoom.Engine.Sandbox;
using CleanRoom.Node.Hosting;
using CleanRoom.Node.Tests.Harness;
using Microsoft.Extensions.Logging;

namespace CleanRoom.Node.Tests.Hosting;

public class SandboxNoticeTests
{
    [Fact]
    public async Task Start_layerThatTheMachineLacks_isAWarningOfItsOwn()
    {
        var lines = new WrittenLines<SandboxNotice>();
        var machine = MachineSandbox.Measure();
        var poorer = machine with
        {
            Layers = [.. machine.Layers.Select(state => state with { IsActive = state.Layer != SandboxLayer.Landlock, Detail = "of the test" })],
        };
        await new SandboxNotice(poorer, lines).StartAsync(TestContext.Current.CancellationToken);

        lines.Written.Should().Equal(
            (4011, LogLevel.Information, "Engines are held by 14 of 15 layers; one that lacks any of these is refused"),
            (4012, LogLevel.Warning, "Engines are not held by Landlock on this machine: of the test"));
    }
}
