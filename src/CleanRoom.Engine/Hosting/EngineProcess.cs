using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using CleanRoom.Engine.Child;
using CleanRoom.Engine.Native;
using CleanRoom.Engine.Running;
using CleanRoom.Engine.Sandbox;
using CleanRoom.Engine.Sandbox.ControlGroups;
using CleanRoom.Engine.Wire;
using Microsoft.Win32.SafeHandles;

namespace CleanRoom.Engine.Hosting;

/// <summary>A running engine process and the node's end of its socket. Disposing kills it and waits until it is gone.</summary>
internal sealed class EngineProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Socket _socket;
    private readonly NetworkStream _stream;

    private readonly ControlGroup? _group;

    private EngineProcess(Process process, Socket socket, ControlGroup? group)
    {
        (_process, _socket, _group) = (process, socket, group);
        _stream = new NetworkStream(socket, ownsSocket: false);
        Id = process.Id;
    }

    /// <summary>Gets the process id.</summary>
    public int Id { get; }

    /// <summary>Gets the layers that hold it.</summary>
    public SandboxReport Report { get; private set; } = new([]);

    /// <summary>Gets a value that says whether it has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>Gets the memory in use.</summary>
    /// <value>Resident bytes; 0 when the process is gone.</value>
    public long ResidentBytes
    {
        get
        {
            try
            {
                var pages = File.ReadAllText($"/proc/{Id}/statm").Split(' ')[1];
                return long.Parse(pages, CultureInfo.InvariantCulture) * Environment.SystemPageSize;
            }
            catch (IOException)
            {
                return 0;
            }
        }
    }

    /// <summary>Gets a value that says whether the kernel killed it because it wanted more memory than <see cref="LimitMemory"/> leaves it.</summary>
    public bool HasWantedTooMuchMemory => _group?.HasKilled ?? false;

    /// <summary>Takes a connected process and waits until it says that it is ready.</summary>
    /// <param name="process">The process.</param>
    /// <param name="socket">Connected to it.</param>
    /// <param name="group">The control group that it is in, if it is in one; removed with the process from here on.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="EngineChannelException">It ended, or is of another build.</exception>
    public static async Task<EngineProcess> ReadyAsync(Process process, Socket socket, ControlGroup? group, CancellationToken cancellationToken)
    {
        var ready = new EngineProcess(process, socket, group);
        var frame = await ready.ReceiveAsync(maxAnswerBytes: 0, cancellationToken);
        if (frame.Kind != FrameKind.Ready || WireJson.Read(frame.Header, WireJson.Default.ReadyHeader) is not { } header
            || header.Version != EngineServer.WireVersion || ReportedLayers.Read(header, group?.Holds(process.Id) ?? false) is not { } layers)
        {
            throw new EngineChannelException(EngineFailureKind.Protocol, "wanted a ready frame of this build; got another");
        }

        ready.Report = new SandboxReport(layers);
        return ready;
    }

    /// <summary>Sends a request.</summary>
    /// <exception cref="EngineChannelException">The process is gone.</exception>
    public async Task SendAsync<T>(
        FrameKind kind, T header, JsonTypeInfo<T> type, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        try
        {
            var head = FrameHead.Encode(kind, JsonSerializer.SerializeToUtf8Bytes(header, type), payload.Length);
            await _stream.WriteAsync(head, cancellationToken);
            await _stream.WriteAsync(payload, cancellationToken);
        }
        catch (IOException)
        {
            throw await EndedAsync();
        }
    }

    /// <summary>Hands inputs over: descriptors on one frame. No other request may come before it.</summary>
    /// <param name="inputs">At most <see cref="DescriptorPassing.MaxDescriptors"/>; more go on further frames.</param>
    /// <exception cref="EngineChannelException">The process is gone.</exception>
    public async Task SendInputsAsync(ImmutableArray<SafeFileHandle> inputs)
    {
        try
        {
            var header = new InputsHeader { Count = inputs.Length };
            var head = FrameHead.Encode(
                FrameKind.Inputs, JsonSerializer.SerializeToUtf8Bytes(header, WireJson.Default.InputsHeader), payloadBytes: 0);

            // Some such frames are all that the socket's buffer holds before the first request, so that one call takes the whole of each.
            DescriptorPassing.Send(_socket.SafeHandle, head, inputs);
        }
        catch (IOException)
        {
            throw await EndedAsync();
        }
    }

    /// <summary>Waits for a reply.</summary>
    /// <param name="maxAnswerBytes">The most payload of a text or a result; nothing is allocated for more.</param>
    /// <param name="cancellationToken">Stops waiting; the process must then be disposed.</param>
    /// <exception cref="EngineChannelException">The process is gone, or sent no reply.</exception>
    public async Task<Frame> ReceiveAsync(int maxAnswerBytes, CancellationToken cancellationToken)
    {
        try
        {
            var bytes = new byte[FrameHead.Bytes];
            await _stream.ReadExactlyAsync(bytes, cancellationToken);
            if (FrameHead.Parse(bytes, FrameLimits.Replies(maxAnswerBytes)) is not { } head)
            {
                throw new EngineChannelException(EngineFailureKind.Protocol, "wanted a reply within its limits; got another");
            }

            var body = new byte[head.BodyBytes];
            await _stream.ReadExactlyAsync(body, cancellationToken);
            return Frame.Of(head, body);
        }
        catch (IOException exception) when (exception is not EngineChannelException)
        {
            throw await EndedAsync();
        }
    }

    /// <summary>Limits all memory of the process, where it is in a control group. Beyond it the kernel kills it.</summary>
    /// <exception cref="EngineUnavailableException">The kernel would not: not the query's fault.</exception>
    public void LimitMemory(long bytes)
    {
        try
        {
            _group?.LimitMemory(bytes);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new EngineUnavailableException("wanted a control group that takes a limit; got an error", exception);
        }
    }

    /// <summary>Kills the process at once.</summary>
    public void Kill() => _process.Kill();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
        await _stream.DisposeAsync();
        _socket.Dispose();
        _process.Dispose();
        _group?.Dispose();
    }

    private async Task<EngineChannelException> EndedAsync()
    {
        // The socket closes at the end of the process, or an engine that closed it is of no use.
        _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
        return new EngineChannelException(EngineFailureKind.Ended, $"wanted a reply; got the end of the process, exit code {_process.ExitCode}");
    }
}
