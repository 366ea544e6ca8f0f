using System.Diagnostics;
using System.Net.Sockets;
using CleanRoom.Engine.Hosting;
using CleanRoom.Engine.Running;
using CleanRoom.Engine.Tests.Support;
using CleanRoom.Engine.Wire;
using CleanRoom.TestKit.Storage;

namespace CleanRoom.Engine.Tests.Hosting;

public class EngineHostTests(EngineFixture engine)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Dispose_runningEngine_isKilledByTheKernel()
    {
        var host = new EngineHost(new EngineOptions(), TimeProvider.System);
        await using var process = await host.StartAsync(Cancellation);
        using var system = Process.GetProcessById(process.Id);

        host.Dispose();

        await system.WaitForExitAsync(Cancellation);
        process.HasExited.Should().BeTrue();
    }

    [Fact]
    public async Task Start_socketDirectory_isGoneOnceTheEngineStands()
    {
        var parent = Directory.CreateTempSubdirectory();
        using var host = new EngineHost(new EngineOptions { SocketDirectory = parent.FullName }, TimeProvider.System);
        await using var process = await host.StartAsync(Cancellation);
        parent.EnumerateFileSystemInfos().Should().BeEmpty();
        parent.Delete();
    }

    [Fact]
    public async Task Start_programThatIsNoEngine_saysSo()
    {
        using var host = new EngineHost(new EngineOptions { Command = new EngineCommand("/bin/ls", []) }, TimeProvider.System);
        var starting = () => host.StartAsync(Cancellation);
        (await starting.Should().ThrowAsync<EngineUnavailableException>()).WithMessage("wanted an engine that connects; got exit code*");
    }

    [Fact]
    public async Task Start_engineWithoutItsLibrary_saysWhatIsMissing()
    {
        using var directory = new TemporaryDirectory();
        foreach (var name in new[] { "CleanRoom.Engine.dll", "CleanRoom.Engine.runtimeconfig.json", "DuckDB.NET.Data.dll", "DuckDB.NET.Bindings.dll" })
        {
            File.Copy(Path.Combine(AppContext.BaseDirectory, name), directory.File(name));
        }

        var assembly = directory.File("CleanRoom.Engine.dll");
        var command = EngineCommand.Of(EngineCommand.DotnetRoot(), assembly, assembly, []);
        using var host = new EngineHost(new EngineOptions { Command = command }, TimeProvider.System);
        var starting = () => host.StartAsync(Cancellation);
        (await starting.Should().ThrowAsync<EngineUnavailableException>()).WithMessage("wanted an engine that connects; got exit code*duckdb*");
    }

    [Fact]
    public async Task Start_programThatIsNotThere_saysSo()
    {
        using var host = new EngineHost(new EngineOptions { Command = new EngineCommand("/nowhere/engine", []) }, TimeProvider.System);
        var starting = () => host.StartAsync(Cancellation);
        (await starting.Should().ThrowAsync<EngineUnavailableException>()).WithMessage("wanted to start /nowhere/engine*");
    }

    [Theory]
    [InlineData("/dev/null/below-what-is-no-directory")]
    [InlineData("/proc/self")]
    public async Task Start_socketDirectoryThatCannotBeUsed_saysSo(string directory) => await ShouldNotMeetIn(directory);

    [Fact]
    public async Task Start_socketDirectoryTooLongForAnAddress_saysSoAndLeavesNothing()
    {
        using var parent = new TemporaryDirectory();
        var directory = Directory.CreateDirectory(parent.File(new string('d', 108)));
        await ShouldNotMeetIn(directory.FullName);
        directory.EnumerateFileSystemInfos().Should().BeEmpty();
    }

    [Fact]
    public async Task Accept_connectionOfAnotherProcess_isRefused()
    {
        using var rendezvous = SocketRendezvous.Create(Path.GetTempPath());
        using var expected = Process.Start(new ProcessStartInfo("/bin/cat") { RedirectStandardInput = true })!;
        using var stranger = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        var accepting = () => rendezvous.AcceptAsync(expected, Cancellation);
        await stranger.ConnectAsync(new UnixDomainSocketEndPoint(rendezvous.SocketPath), Cancellation);

        (await accepting.Should().ThrowAsync<EngineUnavailableException>()).WithMessage("wanted a connection of process*");
        expected.Kill();
        await expected.WaitForExitAsync(Cancellation);
    }

    [Fact]
    public async Task Receive_frameBeyondTheLimit_isRefusedBeforeItIsRead()
    {
        await using var process = await engine.Host.StartAsync(Cancellation);
        await process.SendAsync(
            FrameKind.Parse, new ParseHeader { MemoryBytes = 1L << 28 }, WireJson.Default.ParseHeader, "SELECT 1"u8.ToArray(), Cancellation);
        var reading = () => process.ReceiveAsync(maxAnswerBytes: 10, Cancellation);
        (await reading.Should().ThrowAsync<EngineChannelException>()).Which.Kind.Should().Be(EngineFailureKind.Protocol);
    }

    [Fact]
    public async Task Send_whatIsNoRequest_endsTheEngineOnly()
    {
        await using var process = await engine.Host.StartAsync(Cancellation);
        await process.SendAsync(FrameKind.Text, new TextHeader(), WireJson.Default.TextHeader, default, Cancellation);
        var reading = () => process.ReceiveAsync(maxAnswerBytes: 1_000, Cancellation);
        (await reading.Should().ThrowAsync<EngineChannelException>()).Which.Kind.Should().Be(EngineFailureKind.Ended);
    }

    private static async Task ShouldNotMeetIn(string directory)
    {
        using var host = new EngineHost(new EngineOptions { SocketDirectory = directory }, TimeProvider.System);
        var starting = () => host.StartAsync(Cancellation);
        (await starting.Should().ThrowAsync<EngineUnavailableException>()).WithMessage("wanted a directory for sockets*");
    }
}
