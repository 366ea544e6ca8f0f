using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CleanRoom.Node.Tests.Peers;
using CleanRoom.TestKit;

namespace CleanRoom.Node.Tests.Cluster;

/// <summary>A member of a cluster in a process of its own: the built program, which can be killed.</summary>
internal sealed class MemberProcess : IAsyncDisposable
{
    private static readonly string _program = Path.GetFullPath(
        Path.Combine(AppContext.BaseDirectory, "..", "..", "CleanRoom.Cli", new DirectoryInfo(AppContext.BaseDirectory).Name, "cleanroom"));

    private readonly Process _process;
    private readonly StringBuilder _log = new();
    private readonly List<(string Text, TaskCompletionSource Seen)> _waiting = [];

    private MemberProcess(Process process)
    {
        _process = process;
        process.ErrorDataReceived += (_, line) => Take(line.Data);
        process.BeginErrorReadLine();
    }

    /// <summary>Gets everything that it has logged.</summary>
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

    /// <summary>Starts it.</summary>
    public static MemberProcess Start(ClusterScene scene, string role, string machine = "machine")
    {
        var options = scene.Options(machine);
        var members = new JsonObject
        {
            ["listen"] = options.Listen,
            ["dataDirectory"] = options.DataDirectory,
            ["objectsDirectory"] = options.ObjectsDirectory,
            ["postgres"] = new JsonObject { ["connectionFile"] = options.Postgres!.ConnectionFile, ["schema"] = options.Postgres.Schema },
            ["cluster"] = new JsonObject { ["name"] = machine, ["siloPort"] = 0, ["gatewayPort"] = 0 },
        };
        var config = $"{scene.ConnectionFile}.{machine}.json";
        File.WriteAllText(config, members.ToJsonString(JsonSerializerOptions.Default));
        return new(Process.Start(new ProcessStartInfo(_program, ["serve", "--role", role, "--config", config, "--json"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = RepositoryFiles.Root,
        })!);
    }

    /// <summary>Waits until it says where it serves.</summary>
    public async Task<Uri> ServesAsync(CancellationToken cancellationToken)
    {
        var line = await _process.StandardOutput.ReadLineAsync(cancellationToken).AsTask().WaitAsync(PeerIntruder.Patience, cancellationToken);
        line.Should().NotBeNull("it says where it serves; it logged: {0}", Log);
        return new Uri(JsonNode.Parse(line!)!["address"]!.GetValue<string>());
    }

    /// <summary>Waits for a text in its log.</summary>
    public Task LoggedAsync(string text, CancellationToken cancellationToken)
    {
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_log)
        {
            if (_log.ToString().Contains(text, StringComparison.Ordinal))
            {
                return Task.CompletedTask;
            }

            _waiting.Add((text, seen));
        }

        return seen.Task.WaitAsync(PeerIntruder.Patience, cancellationToken);
    }

    /// <summary>Kills it as a power cut would.</summary>
    public async Task KillAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync(CancellationToken.None);
    }

    /// <summary>Asks it to end, and waits until it has.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> EndAsync(CancellationToken cancellationToken)
    {
        using var ask = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
        return await EndedAsync(cancellationToken);
    }

    /// <summary>Waits until it has ended by itself.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> EndedAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken).WaitAsync(PeerIntruder.Patience, cancellationToken);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    private void Take(string? line)
    {
        lock (_log)
        {
            _log.AppendLine(line);
            _waiting.RemoveAll(one => line?.Contains(one.Text, StringComparison.Ordinal) == true && one.Seen.TrySetResult());
        }
    }
}
