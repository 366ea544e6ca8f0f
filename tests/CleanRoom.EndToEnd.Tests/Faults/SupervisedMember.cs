using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CleanRoom.EndToEnd.Tests.Support;
using CleanRoom.TestKit;

namespace CleanRoom.EndToEnd.Tests.Faults;

/// <summary>A member of a cluster that is started again whenever it ends, as a service manager does.</summary>
internal sealed class SupervisedMember : IAsyncDisposable
{
    private readonly string[] _command;
    private readonly int _port = FreePort.Find();
    private readonly Lock _starting = new();
    private readonly StringBuilder _log = new();
    private readonly TaskCompletionSource _served = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _supervision = Task.CompletedTask;
    private Process? _process;
    private bool _isStopping;

    /// <summary>Writes its configuration.</summary>
    /// <param name="folder">Where it and its files go.</param>
    /// <param name="name">Its name.</param>
    /// <param name="role">Its role.</param>
    /// <param name="settings">What all members have.</param>
    /// <param name="address">Its address; null for that of this machine.</param>
    /// <param name="on">What its command line begins with, such as the machine that it runs on.</param>
    public SupervisedMember(string folder, string name, string role, JsonObject settings, IPAddress? address = null, params string[] on)
    {
        var config = Path.Combine(folder, name + ".json");
        _command = [.. on, CleanRoomProgram.Path, "serve", "--role", role, "--config", config, "--json"];
        var members = settings.DeepClone().AsObject();
        members["listen"] = Address;
        members["dataDirectory"] = Path.Combine(folder, name);
        SiloPort = FreePort.Find();
        members["cluster"] = new JsonObject
        {
            ["name"] = name,
            ["address"] = (address ?? IPAddress.Loopback).ToString(),
            ["siloPort"] = SiloPort,
            ["gatewayPort"] = FreePort.Find(),
        };
        File.WriteAllText(config, members.ToJsonString(JsonSerializerOptions.Default));
    }

    /// <summary>Gets the address of its API or of its health.</summary>
    public string Address => $"http://127.0.0.1:{_port}";

    /// <summary>Gets the port by which other members know it.</summary>
    public int SiloPort { get; }

    /// <summary>Gets a value that says whether it runs, and has served since it was last started.</summary>
    public bool IsServing { get; private set; }

    /// <summary>Gets how often it was started.</summary>
    public int Starts { get; private set; }

    /// <summary>Gets or sets what hears each line that it logs.</summary>
    public Action<string> Hears { get; set; } = _ => { };

    /// <summary>Gets the name of the build, as it says itself.</summary>
    public string Build { get; private set; } = string.Empty;

    /// <summary>Gets what it has logged, over all its starts.</summary>
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

    /// <summary>Begins to keep it running, and waits until it has served once.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _supervision = SuperviseAsync();
        await _served.Task.WaitAsync(TimeSpan.FromMinutes(2), cancellationToken);
    }

    /// <summary>Kills it as a power cut would.</summary>
    /// <returns>False when it does not run at present.</returns>
    public bool Kill()
    {
        lock (_starting)
        {
            if (_process is not { HasExited: false } process)
            {
                return false;
            }

            process.Kill(entireProcessTree: true);
            return true;
        }
    }

    /// <summary>Stops it in its tracks, as a host does with a virtual machine, or lets it go on.</summary>
    /// <returns>False when it does not run at present.</returns>
    public bool Freeze(bool isFrozen)
    {
        lock (_starting)
        {
            if (_process is not { HasExited: false } process)
            {
                return false;
            }

            using var signal = Process.Start("kill", [isFrozen ? "-STOP" : "-CONT", process.Id.ToString(CultureInfo.InvariantCulture)]);
            signal.WaitForExit();
            return signal.ExitCode == 0;
        }
    }

    /// <summary>Kills one of the engines that it runs.</summary>
    /// <returns>False when it runs none at present.</returns>
    public bool KillEngine(Random random)
    {
        lock (_starting)
        {
            if (_process is not { HasExited: false } process || Children(process.Id) is not { Count: > 0 } engines)
            {
                return false;
            }

            try
            {
                using var engine = Process.GetProcessById(engines[random.Next(engines.Count)]);
                engine.Kill(entireProcessTree: true);
                return true;
            }
            catch (ArgumentException)
            {
                return false; // It ended in between.
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        lock (_starting)
        {
            _isStopping = true;
        }

        Kill();
        await _supervision;
    }

    private static List<int> Children(int parent) =>
    [
        .. Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0)
            .Where(id => id > 0 && ParentOf(id) == parent),
    ];

    private static int ParentOf(int id)
    {
        try
        {
            // pid (name) state ppid ...; the name may have anything in it but is the only thing in brackets.
            var status = File.ReadAllText($"/proc/{id}/stat");
            return int.Parse(status[(status.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0; // It has ended.
        }
    }

    private async Task SuperviseAsync()
    {
        while (true)
        {
            Process process;
            lock (_starting)
            {
                if (_isStopping)
                {
                    return;
                }

                process = _process = CleanRoomProgram.Start(_command[0], _command[1..]);
                Starts++;
            }

            process.ErrorDataReceived += (_, line) => Take(line.Data);
            process.BeginErrorReadLine();
            if (await process.StandardOutput.ReadLineAsync() is { } served)
            {
                Build = JsonNode.Parse(served)!["build"]!.GetValue<string>();
                IsServing = true;
                _served.TrySetResult();
            }

            await process.WaitForExitAsync();
            IsServing = false;
            lock (_starting)
            {
                _process = null;
            }

            process.Dispose();
        }
    }

    private void Take(string? line)
    {
        lock (_log)
        {
            _log.AppendLine(line);
        }

        Hears(line ?? string.Empty);
    }
}
