using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using CleanRoom.Benchmarks.Running;
using CleanRoom.TestKit;
using CleanRoom.TestKit.Storage;

namespace CleanRoom.Benchmarks.Load;

/// <summary>The built program as a node in a process of its own, with the limits that it has by itself.</summary>
internal sealed class NodeUnderLoad : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly Process _process;

    private NodeUnderLoad(Process process, TemporaryDirectory directory, string address, string build) =>
        (_process, _directory, Address, Build) = (process, directory, address, build);

    /// <summary>Gets where it answers.</summary>
    public string Address { get; }

    /// <summary>Gets the name of the build, as it says itself.</summary>
    public string Build { get; }

    /// <summary>Gets the processor time that it has taken.</summary>
    public TimeSpan Processor
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Gets the most memory that it has had at once, in bytes.</summary>
    public long PeakBytes => PeakMemory.OfProcess(_process.Id);

    /// <summary>Gets the folder of its data.</summary>
    public string Data => _directory.File("data");

    /// <summary>Waits until the node and what it has started have nothing to do: a spare engine stands, and nothing is arranged behind a run.</summary>
    public async Task RestAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        for (var (quiet, before) = (0, ProcessorTime.OfTree(_process.Id)); quiet < 3 && await timer.WaitForNextTickAsync();)
        {
            var now = ProcessorTime.OfTree(_process.Id);
            quiet = now - before < TimeSpan.FromMilliseconds(20) ? quiet + 1 : 0;
            before = now;
        }
    }

    /// <summary>Starts one and waits until it serves.</summary>
    /// <param name="settings">Added to its configuration.</param>
    public static async Task<NodeUnderLoad> StartAsync(JsonObject? settings = null)
    {
        var directory = new TemporaryDirectory();
        var address = $"http://127.0.0.1:{FreePort.Find()}";
        var config = directory.File("node.json");
        var all = (JsonObject)(settings?.DeepClone() ?? new JsonObject());
        (all["listen"], all["dataDirectory"]) = (address, directory.File("data"));
        await File.WriteAllTextAsync(config, all.ToJsonString(JsonSerializerOptions.Default));
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Name;
        var program = Path.Combine(AppContext.BaseDirectory, "..", "..", "CleanRoom.Cli", configuration, "cleanroom");
        var process = Process.Start(new ProcessStartInfo(program, ["serve", "--config", config, "--json"]) { RedirectStandardOutput = true })!;
        var served = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("the node ended before it served");
        return new NodeUnderLoad(process, directory, address, JsonNode.Parse(served)!["build"]!.GetValue<string>());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
        _directory.Dispose();
    }
}
