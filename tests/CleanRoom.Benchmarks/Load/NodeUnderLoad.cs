using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using CleanRoom.Benchmarks.Rooms;
using CleanRoom.Benchmarks.Running;
using CleanRoom.TestKit;
using CleanRoom.TestKit.Storage;

namespace CleanRoom.Benchmarks.Load;

/// <summary>The built program as a node in a process of its own, with the limits that it has by itself.</summary>
internal sealed class NodeUnderLoad : IServedNode
{
    private readonly TemporaryDirectory _directory = new();
    private readonly Process _process;

    private NodeUnderLoad(Process process, TemporaryDirectory directory, string address, string build) =>
        (_process, _directory, Address, Build) = (process, directory, address, build);

    /// <inheritdoc/>
    public string Address { get; }

    /// <inheritdoc/>
    public string Build { get; }

    /// <inheritdoc/>
    public IReadOnlyList<int> Processes => [_process.Id];

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

    /// <inheritdoc/>
    public string Data => _directory.File("data");

    /// <summary>Starts one and waits until it serves.</summary>
    /// <param name="settings">Added to its configuration.</param>
    /// <param name="role">What of a node it is.</param>
    /// <param name="with">A program that starts it, with its arguments, and becomes it: <c>taskset -c 0</c>.</param>
    public static async Task<NodeUnderLoad> StartAsync(JsonObject? settings = null, string role = "all", params string[] with)
    {
        var directory = new TemporaryDirectory();
        var address = $"http://127.0.0.1:{FreePort.Find()}";
        var config = directory.File("node.json");
        var all = (JsonObject)(settings?.DeepClone() ?? new JsonObject());
        (all["listen"], all["dataDirectory"]) = (address, directory.File("data"));
        await File.WriteAllTextAsync(config, all.ToJsonString(JsonSerializerOptions.Default));
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Name;
        var program = Path.Combine(AppContext.BaseDirectory, "..", "..", "CleanRoom.Cli", configuration, "cleanroom");
        string[] command = [.. with, program, "serve", "--role", role, "--config", config, "--json"];
        var process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true })!;
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
