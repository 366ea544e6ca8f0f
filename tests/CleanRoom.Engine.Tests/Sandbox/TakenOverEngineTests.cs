using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using CleanRoom.Engine.Hosting;
using CleanRoom.Engine.Sandbox;
using CleanRoom.Engine.Wire;
using CleanRoom.HostileEngine;
using CleanRoom.TestKit.Storage;

namespace CleanRoom.Engine.Tests.Sandbox;

/// <summary>
/// A hostile build of the engine tries what an exploit would. Each attempt is made twice: with the sandbox off it has to succeed, so that it
/// is an attempt at all; with the product's own sandbox it has to fail, from the serving thread and from one that is older than the last layers.
/// </summary>
public sealed class TakenOverEngineTests : IDisposable
{
    private readonly TemporaryDirectory _data = new();
    private readonly Process _victim;
    private readonly string[] _whereTheSecretIs;

    public TakenOverEngineTests()
    {
        File.WriteAllText(_data.File("ledger.db"), Victim.Secret);
        var program = Command("victim");
        var start = new ProcessStartInfo(program.FileName, program.Arguments) { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.Environment["VICTIM"] = Victim.Secret;
        _victim = Process.Start(start)!;
        _whereTheSecretIs = _victim.StandardOutput.ReadLine()!.Split(' ');
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("read-memory", "PROCESS ADDRESS", Victim.Secret)]
    [InlineData("copy-memory", "PROCESS ADDRESS", Victim.Secret)]
    [InlineData("trace", "PROCESS", "0")]
    [InlineData("read-environment", "PROCESS", Victim.Secret)]
    [InlineData("read-command-line", "PROCESS", "victim")]
    [InlineData("open-descriptor", "PROCESS DESCRIPTOR", Victim.Secret)]
    [InlineData("take-descriptor", "PROCESS DESCRIPTOR", "descriptor")]
    [InlineData("list-processes", "", "PROCESS")]
    [InlineData("signal", "PROCESS", "0")]
    [InlineData("read-file", "DATA/ledger.db", Victim.Secret)]
    [InlineData("list-directory", "DATA", "ledger.db")]
    [InlineData("list-directory", "/", "/etc")]
    [InlineData("read-file", "/etc/passwd", "root")]
    [InlineData("write-file", "DATA/written", Victim.Secret)]
    [InlineData("write-file", "DATA/ledger.db", Victim.Secret)]
    [InlineData("write-file", "/dev/shm/cleanroom-hostile", Victim.Secret)]
    [InlineData("create-directory", "DATA/created", "created")]
    [InlineData("remove-file", "DATA/ledger.db", "ledger.db")]
    [InlineData("connect-tcp", "PORT", "connected")]
    [InlineData("connect-unix", "DATA/socket", "connected")]
    [InlineData("listen-tcp", "", "listening")]
    [InlineData("start-shell", "", "from a shell")]
    public async Task Attempt_ofATakenOverEngine_succeedsOnlyWithoutTheSandbox(string attempt, string arguments, string spoils)
    {
        using var tcp = new TcpListener(IPAddress.Loopback, 0);
        tcp.Start();
        using var unix = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        unix.Bind(new UnixDomainSocketEndPoint(_data.File("socket")));
        unix.Listen();
        var order = Fill(attempt + ' ' + arguments, ((IPEndPoint)tcp.LocalEndpoint).Port);

        var held = await TryAsync("held", order);
        var loose = await TryAsync("loose", order);

        loose.Should().StartWith(HostileServer.Done).And.Contain(Fill(spoils, port: 0), "an attempt that cannot succeed shows nothing");
        held.Should().StartWith(HostileServer.Refused);
        File.Delete("/dev/shm/cleanroom-hostile");
    }

    [Fact]
    public async Task Attempt_toBecomeAnotherProgram_succeedsOnlyWithoutTheSandbox()
    {
        var trace = _data.File("trace");
        (await TryAsync("held", $"become-shell {trace}")).Should().StartWith(HostileServer.Refused);
        File.Exists(trace).Should().BeFalse();

        // The shell cannot answer: it leaves a file and ends.
        using var host = new EngineHost(Options("loose"), TimeProvider.System);
        await using var process = await host.StartAsync(Cancellation);
        using var shell = Process.GetProcessById(process.Id);
        await OrderAsync(process, $"become-shell {trace}");
        await shell.WaitForExitAsync(Cancellation);
        File.Exists(trace).Should().BeTrue();
    }

    [Fact]
    public async Task Attempt_toLeaveSomethingForTheNextQuery_succeedsOnlyWithoutTheSandbox()
    {
        (await TryAsync("held", "leave-state left-behind")).Should().StartWith(HostileServer.Refused);
        (await TryAsync("held", "find-state")).Should().StartWith(HostileServer.Refused);

        (await TryAsync("loose", "leave-state left-behind")).Should().StartWith(HostileServer.Done);
        (await TryAsync("held", "find-state")).Should().StartWith(HostileServer.Refused, "another engine has left it");
        (await TryAsync("loose", "find-state")).Should().Be(HostileServer.Done + "left-behind");
    }

    [Fact]
    public async Task Start_engineThatLeftTheSandboxOff_isRefused()
    {
        using var host = new EngineHost(new EngineOptions { Command = Command("loose") }, TimeProvider.System);
        var starting = () => host.ProbeAsync(Cancellation);
        (await starting.Should().ThrowAsync<EngineUnavailableException>()).WithMessage("*got one without *Landlock (left off)*SystemCallFilter (left off)*");
    }

    public void Dispose()
    {
        _victim.Kill();
        _victim.WaitForExit();
        _victim.Dispose();
        _data.Dispose();
    }

    private static EngineCommand Command(string mode)
    {
        var assembly = typeof(Victim).Assembly.Location;
        return EngineCommand.Of(EngineCommand.DotnetRoot(), assembly, Path.ChangeExtension(assembly, null), [mode]);
    }

    // Held: what the machine has is demanded, as of every engine. Loose: nothing is, or it would not be let in.
    internal static EngineOptions Options(string mode)
    {
        var machine = MachineSandbox.Measure();
        return new EngineOptions
        {
            Command = Command(mode),
            StartTimeout = TimeSpan.FromMinutes(5),
            Machine = mode == "held" ? machine : machine with { Layers = [] },
        };
    }

    private static async Task<string> TryAsync(string mode, string order)
    {
        using var host = new EngineHost(Options(mode), TimeProvider.System);
        await using var process = await host.StartAsync(Cancellation);
        await OrderAsync(process, order);
        return Encoding.UTF8.GetString((await process.ReceiveAsync(maxAnswerBytes: 1, Cancellation)).Payload.Span);
    }

    internal static Task OrderAsync(EngineProcess process, string order) => process.SendAsync(
        FrameKind.Run,
        new RunHeader { MemoryBytes = 1L << 28, Threads = 1, MaxOutputBytes = 1, FilesPerRelation = [] },
        WireJson.Default.RunHeader,
        Encoding.UTF8.GetBytes(order.Trim().Replace(' ', '\n')),
        Cancellation);

    private string Fill(string text, int port) => text
        .Replace("PROCESS", _whereTheSecretIs[0], StringComparison.Ordinal)
        .Replace("ADDRESS", _whereTheSecretIs[1], StringComparison.Ordinal)
        .Replace("DESCRIPTOR", _whereTheSecretIs[2], StringComparison.Ordinal)
        .Replace("DATA", _data.File("x")[..^2], StringComparison.Ordinal)
        .Replace("PORT", port.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);
}
