using System.Diagnostics;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using CleanRoom.Engine.Child;
using CleanRoom.Engine.Hosting;
using CleanRoom.Engine.Sandbox;
using CleanRoom.Engine.Wire;

namespace CleanRoom.Engine.Tests.Support;

/// <summary>A process that the node takes for an engine, while the test says what comes over its socket.</summary>
internal sealed class FakeEngine : IAsyncDisposable
{
    private readonly Socket _socket;

    private FakeEngine(Socket socket, EngineProcess process) => (_socket, Process) = (socket, process);

    /// <summary>Gets the node's view of it.</summary>
    public EngineProcess Process { get; }

    /// <summary>Gets the report of an engine of this build.</summary>
    public static ReadyHeader Ready { get; } = new()
    {
        Version = EngineServer.WireVersion,
        Layers =
        [
            .. Enum.GetValues<SandboxLayer>()
                .Where(layer => layer != SandboxLayer.None && !ReportedLayers.SeenByNode.Contains(layer))
                .Select(layer => new SandboxLayerState { Layer = layer, IsActive = false, Detail = "none" }),
        ],
        NetworkNamespace = "net:[0]",
    };

    /// <summary>Starts one that says it is ready.</summary>
    public static Task<FakeEngine> StartAsync(CancellationToken cancellationToken) => StartAsync(Ready, cancellationToken);

    /// <summary>Starts one that sends a report.</summary>
    public static async Task<FakeEngine> StartAsync(ReadyHeader ready, CancellationToken cancellationToken)
    {
        // A name in no file system.
        var address = new UnixDomainSocketEndPoint("\0" + Guid.NewGuid().ToString("N"));
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(address);
        listener.Listen(1);
        var engine = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await engine.ConnectAsync(address, cancellationToken);
        var node = await listener.AcceptAsync(cancellationToken);
        await SendAsync(engine, Encode(FrameKind.Ready, ready, WireJson.Default.ReadyHeader, []), cancellationToken);
        var process = System.Diagnostics.Process.Start(new ProcessStartInfo("/bin/cat") { RedirectStandardInput = true })!;
        try
        {
            return new FakeEngine(engine, await EngineProcess.ReadyAsync(process, node, group: null, cancellationToken));
        }
        catch (EngineChannelException)
        {
            process.Kill();
            process.Dispose();
            node.Dispose();
            engine.Dispose();
            throw;
        }
    }

    /// <summary>Returns a whole frame.</summary>
    public static byte[] Encode<T>(FrameKind kind, T header, JsonTypeInfo<T> type, byte[] payload) =>
        [.. FrameHead.Encode(kind, JsonSerializer.SerializeToUtf8Bytes(header, type), payload.Length), .. payload];

    /// <summary>Sends bytes; the node may have hung up.</summary>
    public Task SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) => SendAsync(_socket, bytes, cancellationToken);

    /// <summary>Closes the engine's end.</summary>
    public void HangUp() => _socket.Dispose();

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        await Process.DisposeAsync();
    }

    private static async Task SendAsync(Socket socket, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        try
        {
            while (!bytes.IsEmpty)
            {
                bytes = bytes[await socket.SendAsync(bytes, cancellationToken)..];
            }
        }
        catch (SocketException)
        {
            // The node has ended it already, which is what the test then looks at.
        }
    }
}
