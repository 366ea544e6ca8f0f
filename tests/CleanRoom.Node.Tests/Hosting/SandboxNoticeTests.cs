using CleanRoom.Engine.Sandbox;
using CleanRoom.Node.Hosting;
using Microsoft.Extensions.Logging;

namespace CleanRoom.Node.Tests.Hosting;

public class SandboxNoticeTests
{
    [Fact]
    public async Task Start_layerThatTheMachineLacks_isAWarningOfItsOwn()
    {
        var lines = new Lines();
        var machine = MachineSandbox.Measure();
        var poorer = machine with
        {
            Layers = [.. machine.Layers.Select(state => state with { IsActive = state.Layer != SandboxLayer.Landlock, Detail = "of the test" })],
        };
        await new SandboxNotice(poorer, lines).StartAsync(TestContext.Current.CancellationToken);

        lines.Written.Should().Equal(
            (4011, LogLevel.Information, "Engines are held by 13 of 14 layers; one that lacks any of these is refused"),
            (4012, LogLevel.Warning, "Engines are not held by Landlock on this machine: of the test"));
    }

    private sealed class Lines : ILogger<SandboxNotice>
    {
        public List<(int Id, LogLevel Level, string Text)> Written { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Written.Add((eventId.Id, logLevel, formatter(state, exception)));
    }
}
