using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using CleanRoom.TestKit;

namespace CleanRoom.Portal.Tests.Support;

/// <summary>The built program, started as a person starts it, until the test has ended.</summary>
internal sealed class BuiltProgram : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _messages;

    private BuiltProgram(Process process, StringBuilder messages, JsonNode facts) => (_process, _messages, Facts) = (process, messages, facts);

    /// <summary>Gets the folder of the program of the same build configuration.</summary>
    public static string Folder { get; } = Path.GetFullPath(
        Path.Combine(AppContext.BaseDirectory, "..", "..", "CleanRoom.Cli", new DirectoryInfo(AppContext.BaseDirectory).Name));

    /// <summary>Gets what it printed when it served.</summary>
    public JsonNode Facts { get; }

    /// <summary>Gets where it serves.</summary>
    public Uri Address => new(Facts["address"]!.GetValue<string>());

    /// <summary>Starts a verb that serves, with --json, and waits for the line that says where.</summary>
    public static async Task<BuiltProgram> StartAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(Folder, "cleanroom"), [.. arguments, "--json"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = RepositoryFiles.Root,
        };
        var messages = new StringBuilder();
        var process = Process.Start(start)!;
        process.ErrorDataReceived += (_, line) =>
        {
            lock (messages)
            {
                messages.AppendLine(line.Data);
            }
        };
        process.BeginErrorReadLine();
        var served = await process.StandardOutput.ReadLineAsync(CancellationToken.None);
        served.Should().NotBeNull("the program says where it serves; it said: {0}", messages);
        return new BuiltProgram(process, messages, JsonNode.Parse(served!)!);
    }

    /// <summary>Starts a node over a folder.</summary>
    public static async Task<BuiltProgram> ServeAsync(string folder)
    {
        var config = Path.Combine(folder, "node.json");
        var json = new JsonObject { ["listen"] = "http://127.0.0.1:0", ["dataDirectory"] = Path.Combine(folder, "data"), ["logLevel"] = "warning" };
        await File.WriteAllTextAsync(config, json.ToJsonString(System.Text.Json.JsonSerializerOptions.Default), CancellationToken.None);
        return await StartAsync("serve", "--config", config);
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        lock (_messages)
        {
            return _messages.ToString();
        }
    }
}
