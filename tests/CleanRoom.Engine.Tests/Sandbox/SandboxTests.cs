using System.Diagnostics;
using System.Globalization;
using CleanRoom.Engine.Hosting;
using CleanRoom.Engine.Native;
using CleanRoom.Engine.Results;
using CleanRoom.Engine.Running;
using CleanRoom.Engine.Sandbox;
using CleanRoom.Engine.Tests.Support;
using CleanRoom.TestKit;

namespace CleanRoom.Engine.Tests.Sandbox;

public class SandboxTests(EngineFixture engine)
{
    private const int SystemAdministration = 21;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Probe_everyLayerThatTheMachineHas_isActive()
    {
        var report = await engine.Host.ProbeAsync(Cancellation);
        foreach (var layer in MachineSandbox.Measure().Layers.Where(state => state.IsActive).Select(state => state.Layer))
        {
            report.IsActive(layer).Should().BeTrue($"{layer}: {report.Layers.Single(state => state.Layer == layer).Detail}");
        }
    }

    [Fact]
    public void Measure_kernelOfToday_hasLandlockAndTheFilter()
    {
        // A machine without them may run a node, which says so; these tests would then show less than they claim.
        var machine = MachineSandbox.Measure();
        machine.IsActive(SandboxLayer.Landlock).Should().BeTrue();
        machine.IsActive(SandboxLayer.SystemCallFilter).Should().BeTrue();
        machine.IsActive(SandboxLayer.NetworkNamespace).Should().Be(MayCreateNamespaces());
    }

    [Fact]
    public async Task Probe_layersOfTheFirstVersion_areActive()
    {
        var report = await engine.Host.ProbeAsync(Cancellation);
        foreach (var layer in new[]
        {
            SandboxLayer.SeparateProcess, SandboxLayer.ClearedEnvironment, SandboxLayer.NoInheritedDescriptors,
            SandboxLayer.NoNewPrivileges, SandboxLayer.NoCapabilities, SandboxLayer.NotDumpable, SandboxLayer.DiesWithNode,
            SandboxLayer.ResourceLimits, SandboxLayer.MemoryCeiling, SandboxLayer.NodeMemory,
        })
        {
            report.IsActive(layer).Should().BeTrue($"{layer}: {report.Layers.Single(state => state.Layer == layer).Detail}");
        }
    }

    [Fact]
    public async Task Probe_everyLayer_isReportedOnce()
    {
        var report = await engine.Host.ProbeAsync(Cancellation);
        report.Layers.Select(state => state.Layer).Should()
            .BeEquivalentTo(Enum.GetValues<SandboxLayer>().Where(layer => layer != SandboxLayer.None));
    }

    [Fact]
    public async Task Probe_networkNamespace_isActiveWhereTheNodeMayCreateOne()
    {
        (await engine.Host.ProbeAsync(Cancellation)).IsActive(SandboxLayer.NetworkNamespace).Should().Be(MayCreateNamespaces());
    }

    [Fact]
    public async Task Start_descriptorThatTheNodeLeaks_isNotInherited()
    {
        // dup clears close-on-exec: what a careless native library would do.
        using var file = File.OpenHandle("/dev/null");
        var leaked = Libc.Duplicate((int)file.DangerousGetHandle());
        leaked.Should().BePositive();
        using var owned = new Microsoft.Win32.SafeHandles.SafeFileHandle(leaked, ownsHandle: true);

        (await engine.Host.ProbeAsync(Cancellation)).IsActive(SandboxLayer.NoInheritedDescriptors).Should().BeTrue();
    }

    [Fact]
    public async Task Start_withoutTheLauncher_isRefusedAndSaysWhatIsMissing()
    {
        using var file = File.OpenHandle("/dev/null");
        using var leaked = new Microsoft.Win32.SafeHandles.SafeFileHandle(Libc.Duplicate((int)file.DangerousGetHandle()), ownsHandle: true);

        // A shell in front swaps the arguments, so that the engine starts as if it were confined already.
        var command = EngineCommand.Default();
        var engineOnly = new EngineCommand(
            "/bin/sh", ["-c", $"exec '{command.FileName}' {string.Join(' ', command.Arguments.Select(a => $"'{a}'"))} \"$0\" confined"]);
        using var host = new EngineHost(new EngineOptions { Command = engineOnly }, TimeProvider.System);
        var starting = () => host.ProbeAsync(Cancellation);

        var said = (await starting.Should().ThrowAsync<EngineUnavailableException>()).Which.Message;
        said.Should().StartWith("wanted an engine with every layer that this machine has; got one without ");
        foreach (var layer in new[] { SandboxLayer.NoInheritedDescriptors, SandboxLayer.DiesWithNode, SandboxLayer.Landlock })
        {
            said.Should().Contain($"{layer} (");
        }
    }

    [Fact]
    public async Task Start_withoutThePrivilegeOfNamespaces_runsAndSaysWhatIsMissing()
    {
        // As in a container: a root that was left no capability, or the user who runs the tests.
        var measured = MachineSandbox.Measure();
        var options = new EngineOptions
        {
            Command = Unprivileged(),
            Machine = measured with
            {
                Layers = [.. measured.Layers.Select(state => state.Layer == SandboxLayer.NetworkNamespace ? state with { IsActive = false } : state)],
            },
        };
        using var host = new EngineHost(options, TimeProvider.System);
        await using var runner = new EngineRunner(host);
        using var people = engine.Leased(ParquetBytes.People());
        var run = await runner.RunAsync(EngineFixture.Job("SELECT count(*) AS n FROM engine_input_0", people), progress: null, Cancellation);

        EngineRows.Read(run.Outcome.Value.Encoded, maxRows: 1).Value.Rows[0].Should().Equal(20_000L);
        run.Sandbox.Layers.Where(state => !state.IsActive).Select(state => state.Layer).Should().BeEquivalentTo(
            [SandboxLayer.NetworkNamespace]);
    }

    [Fact]
    public async Task Start_withoutThePrivilegeThatTheNodeHas_isRefused()
    {
        Assert.SkipUnless(MayCreateNamespaces(), "this user cannot create a namespace, and so wants none of an engine");
        using var host = new EngineHost(new EngineOptions { Command = Unprivileged() }, TimeProvider.System);
        var starting = () => host.ProbeAsync(Cancellation);
        (await starting.Should().ThrowAsync<EngineUnavailableException>()).WithMessage("*got one without NetworkNamespace (the node's namespace*");
    }

    [Fact]
    public async Task Start_limits_areTheKernels()
    {
        await using var process = await engine.Host.StartAsync(Cancellation);
        var limits = await File.ReadAllLinesAsync($"/proc/{process.Id}/limits", Cancellation);
        limits.Should().Contain(line => line.StartsWith("Max file size ", StringComparison.Ordinal) && Hard(line) == "0");
        limits.Should().Contain(line => line.StartsWith("Max core file size ", StringComparison.Ordinal) && Hard(line) == "0");
        limits.Should().Contain(line => line.StartsWith("Max open files ", StringComparison.Ordinal) && Hard(line) == "2048");
    }

    [Fact]
    public async Task Host_process_isClosedToProcessesOfItsUser()
    {
        // A child of the same user without capabilities, as an engine is; it may look at itself, not at its parent.
        var readItself = await MapsReadableAsync("self");
        var readParent = await MapsReadableAsync(Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        (readItself, readParent, NodeMemory.IsProtected).Should().Be((true, false, true));
    }

    [Fact]
    public async Task Start_engine_leadsASessionWithoutATerminal()
    {
        await using var process = await engine.Host.StartAsync(Cancellation);

        // After the name in brackets: state, parent, group, session, terminal.
        var fields = (await File.ReadAllTextAsync($"/proc/{process.Id}/stat", Cancellation)).Split(") ")[1].Split(' ');
        fields[3].Should().Be(process.Id.ToString(CultureInfo.InvariantCulture));
        fields[4].Should().Be("0");
    }

    /// <summary>Under want of memory the kernel drops names and files that nobody holds, those of <c>/proc</c> among them.</summary>
    [Fact]
    public async Task Start_andRun_whileTheKernelForgetsFiles_succeed()
    {
        Assert.SkipWhen(ForgetfulKernel.Missing is not null, ForgetfulKernel.Missing ?? string.Empty);
        using var kernel = ForgetfulKernel.Begin();
        using var people = engine.Leased(ParquetBytes.People());
        for (var run = 0; run < 3; run++)
        {
            // One without a spare: it starts under the same conditions.
            await using var runner = new EngineRunner(engine.Host);
            var answered = await runner.RunAsync(EngineFixture.Job("SELECT count(*) AS n FROM engine_input_0", people), progress: null, Cancellation);
            EngineRows.Read(answered.Outcome.Value.Encoded, maxRows: 1).Value.Rows[0].Should().Equal(20_000L);
        }
    }

    private static EngineCommand Unprivileged()
    {
        var command = EngineCommand.Default();
        return MayCreateNamespaces()
            ? new EngineCommand("/usr/bin/setpriv", ["--bounding-set=-all", "--inh-caps=-all", command.FileName, .. command.Arguments])
            : command;
    }

    private static async Task<bool> MapsReadableAsync(string process)
    {
        string[] command = ["/bin/cat", $"/proc/{process}/maps"];
        if (MayCreateNamespaces())
        {
            command = ["/usr/bin/setpriv", "--bounding-set=-all", "--inh-caps=-all", .. command];
        }

        using var reader = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = reader.StandardError.ReadToEndAsync(Cancellation);
        var maps = await reader.StandardOutput.ReadToEndAsync(Cancellation);
        _ = await errors;
        await reader.WaitForExitAsync(Cancellation);
        return maps.Length > 0;
    }

    private static bool MayCreateNamespaces()
    {
        var capabilities = File.ReadLines("/proc/self/status").First(line => line.StartsWith("CapEff:", StringComparison.Ordinal))[7..].Trim();
        return (ulong.Parse(capabilities, NumberStyles.HexNumber, CultureInfo.InvariantCulture) >> SystemAdministration & 1) == 1;
    }

    private static string Hard(string line) => line[26..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
}
