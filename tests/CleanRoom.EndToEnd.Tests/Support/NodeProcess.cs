using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CleanRoom.TestKit;
using CleanRoom.TestKit.Storage;

namespace CleanRoom.EndToEnd.Tests.Support;

/// <summary>A node in a process of its own, which can be killed and started again over the same data and address.</summary>
internal sealed class NodeProcess : IAsyncDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly StringBuilder _log = new();
    private readonly int _port = FreePort.Find();
    private Process? _process;

    /// <summary>Gets the data directory.</summary>
    public DirectoryInfo Data => new(_directory.File("data"));

    /// <summary>Gets what else the configuration says, member by member.</summary>
    public IReadOnlyDictionary<string, JsonNode> Settings { get; init; } = new Dictionary<string, JsonNode>();

    /// <summary>Gets the program that runs.</summary>
    public string Program { get; init; } = CleanRoomProgram.Path;

    /// <summary>Gets what of a node it is.</summary>
    public string Role { get; init; } = "all";

    /// <summary>Gets the address.</summary>
    public string Address => $"http://127.0.0.1:{_port}";

    /// <summary>Gets the name of the build that runs, as it says itself.</summary>
    public string Build { get; private set; } = string.Empty;

    /// <summary>Gets everything that the node has logged.</summary>
    public string Log
    {
        get
        {
            lock (_log)
            {
                return _log.ToString();
            }
        }
    }

    /// <summary>Starts it and waits until it serves.</summary>
    public async Task StartAsync()
    {
        var config = _directory.File("node.json");
        var members = new JsonObject { ["listen"] = Address, ["dataDirectory"] = Data.FullName, ["logLevel"] = "debug" };
        foreach (var (name, value) in Settings)
        {
            members[name] = value.DeepClone();
        }

        await File.WriteAllTextAsync(config, members.ToJsonString(JsonSerializerOptions.Default), TestContext.Current.CancellationToken);
        _process = CleanRoomProgram.Start(Program, "serve", "--role", Role, "--config", config, "--json");
        _process.ErrorDataReceived += (_, line) =>
        {
            lock (_log)
            {
                _log.AppendLine(line.Data);
            }
        };
        _process.BeginErrorReadLine();
        var served = await _process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        served.Should().NotBeNull("the node says where it serves; it logged: {0}", Log);
        Build = JsonNode.Parse(served!)!["build"]!.GetValue<string>();
    }

    /// <summary>Kills it as a power cut would: no handler runs, nothing is flushed.</summary>
    public async Task KillAsync()
    {
        _process!.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        _process.Dispose();
    }

    /// <summary>Asks it to end, and waits until it has handed over and ended.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> EndAsync()
    {
        using (var ask = Process.Start("kill", ["-TERM", $"{_process!.Id}"]))
        {
            await ask.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            await KillAsync();
        }

        _directory.Dispose();
    }
}
