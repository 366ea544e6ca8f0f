using System.ComponentModel;
using System.Diagnostics;
using System.Net.Sockets;
using CleanRoom.Engine.Sandbox;
using CleanRoom.Engine.Sandbox.ControlGroups;

namespace CleanRoom.Engine.Hosting;

/// <summary>Starts engine processes. Disposing it kills all of them.</summary>
public sealed class EngineHost : IDisposable
{
    private readonly EngineLauncherThread _launcher;
    private readonly EngineCommand _command;
    private readonly ControlGroupHome? _groups;

    /// <summary>Gets ready to start engines, and closes the memory of this process to every process of its user for good.</summary>
    /// <param name="options">How they are started.</param>
    /// <param name="time">The clock of all limits.</param>
    /// <exception cref="EngineUnavailableException">There is no engine to start.</exception>
    public EngineHost(EngineOptions options, TimeProvider time)
    {
        NodeMemory.Protect();
        (Options, Time) = (options, time);
        _command = options.Command ?? EngineCommand.Default();
        _groups = ControlGroupHome.Find(out _);
        Machine = options.Machine ?? MachineSandbox.Measure();
        _launcher = new EngineLauncherThread();
    }

    /// <summary>Gets the layers that this machine can give; an engine that lacks one of them is refused.</summary>
    public SandboxReport Machine { get; }

    /// <summary>Gets the clock of all limits.</summary>
    internal TimeProvider Time { get; }

    /// <summary>Gets how processes are started.</summary>
    internal EngineOptions Options { get; }

    /// <summary>Starts a process, asks which layers hold it, and ends it.</summary>
    /// <exception cref="EngineUnavailableException">No process could be started.</exception>
    public async Task<SandboxReport> ProbeAsync(CancellationToken cancellationToken)
    {
        await using var process = await StartAsync(cancellationToken);
        return process.Report;
    }

    /// <inheritdoc/>
    public void Dispose() => _launcher.Dispose();

    /// <summary>Starts a process that is ready for its first request.</summary>
    /// <exception cref="EngineUnavailableException">
    /// It could not be started, did not get ready in time, or lacks a layer that the machine has.
    /// </exception>
    internal async Task<EngineProcess> StartAsync(CancellationToken cancellationToken)
    {
        using var rendezvous = Meet();
        var process = await LaunchAsync(rendezvous.SocketPath);
        var group = _groups?.Hold(process.Id);
        var isReady = false;
        Socket? socket = null;
        try
        {
            // For this it waits: it is in its group before it does anything.
            process.StandardInput.Close();
            using var limit = new CancellationTokenSource(Options.StartTimeout, Time);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
            socket = await rendezvous.AcceptAsync(process, both.Token);
            var ready = await EngineProcess.ReadyAsync(process, socket, group, both.Token);
            ThrowIfItLacksWhatTheMachineHas(ready.Report);
            isReady = true;
            return ready;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new EngineUnavailableException($"wanted an engine within {Options.StartTimeout}; got none");
        }
        catch (EngineChannelException exception)
        {
            throw new EngineUnavailableException("wanted an engine that reports ready; " + exception.Message, exception);
        }
        finally
        {
            if (!isReady)
            {
                socket?.Dispose();
                process.Kill();
                await process.WaitForExitAsync(CancellationToken.None);
                process.Dispose();
                group?.Dispose();
            }
        }
    }

    private void ThrowIfItLacksWhatTheMachineHas(SandboxReport report)
    {
        var missing = Machine.Layers.Where(state => state.IsActive && !report.IsActive(state.Layer)).Select(state => state.Layer).ToArray();
        if (missing.Length > 0)
        {
            var got = report.Layers.Where(state => missing.Contains(state.Layer)).Select(state => $"{state.Layer} ({state.Detail})");
            throw new EngineUnavailableException(
                $"wanted an engine with every layer that this machine has; got one without {string.Join(", ", got)}");
        }
    }

    private SocketRendezvous Meet()
    {
        try
        {
            return SocketRendezvous.Create(Options.SocketDirectory);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or SocketException)
        {
            throw new EngineUnavailableException(
                $"wanted a directory for sockets, writable and of a short path; got {Options.SocketDirectory}", exception);
        }
    }

    private async Task<Process> LaunchAsync(string socketPath)
    {
        var start = new ProcessStartInfo(_command.FileName, [.. _command.Arguments, socketPath])
        {
            // Pipes until the engine detaches itself: the node's own streams stay the node's.
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        start.Environment.Clear();

        // No diagnostics port: no debugger, profiler or dump of a process that holds decrypted rows.
        start.Environment.Add("DOTNET_EnableDiagnostics", "0");

        // Few threads and a small heap, whatever the program that starts as an engine says of itself.
        start.Environment.Add("DOTNET_gcServer", "0");
        start.Environment.Add("DOTNET_gcConcurrent", "0");
        if (EngineCommand.DotnetRoot() is { } root)
        {
            start.Environment.Add("DOTNET_ROOT", root);
        }

        try
        {
            return await _launcher.StartAsync(start);
        }
        catch (Exception exception) when (exception is Win32Exception or InvalidOperationException)
        {
            throw new EngineUnavailableException($"wanted to start {_command.FileName}; got an error", exception);
        }
    }
}
