using System.Text;
using CleanRoom.Engine.Running;
using CleanRoom.Engine.Sandbox;
using CleanRoom.Engine.Wire;
using DuckDB.NET.Data;
using Microsoft.Win32.SafeHandles;

namespace CleanRoom.Engine.Child;

/// <summary>The engine: answers parse and bind requests, or runs one query, over one socket.</summary>
internal sealed class EngineServer : IDisposable
{
    /// <summary>The version of the frames.</summary>
    public const int WireVersion = 2;

    /// <summary>How often the output can be in memory: columns grow by copying, and are put together at the end.</summary>
    public const long OutputCopies = 4;

    // What one query may use beside DuckDB's own limit: managed heap, plans, one stack a thread.
    private const long SlackBytes = 128L * 1_048_576;
    private const long StackBytes = 8L * 1_048_576;

    // At most three bytes of UTF-8 for each.
    private const int MaxFailureCharacters = FrameLimits.MaxFailureBytes / 3;

    private readonly ChildChannel _channel;
    private readonly DuckDBConnection _connection;
    private readonly List<SafeFileHandle> _inputs = [];
    private readonly SqlText _texts = new();
    private bool _isMemoryLimited;

    private EngineServer(ChildChannel channel, DuckDBConnection connection) => (_channel, _connection) = (channel, connection);

    private static EngineFailure NoAnswer => new(EngineFailureKind.Sql, "no answer");

    /// <summary>Serves until the node closes the socket.</summary>
    /// <returns>0. Anything unexpected ends the process with a crash, which costs the request at hand only.</returns>
    public static int Serve(string socketPath)
    {
        var rehearsed = Rehearsal.Input();
        var layers = Confinement.Enter();
        using var connection = Rehearsal.Hold(rehearsed);
        using var channel = Prepare(socketPath);
        var network = Confinement.NetworkNamespace();
        layers = [.. layers, .. Confinement.Close()];
        using var server = new EngineServer(channel, connection);
        channel.Send(
            FrameKind.Ready,
            new ReadyHeader { Version = WireVersion, Layers = layers, NetworkNamespace = network },
            WireJson.Default.ReadyHeader,
            default);
        while (channel.Receive() is { } frame)
        {
            server.Answer(frame);
        }

        return 0;
    }

    /// <summary>Loads whatever a query may need while files can still be opened, and connects to the node.</summary>
    internal static ChildChannel Prepare(string socketPath)
    {
        LoadedCode.LoadAll();
        Confinement.DetachStandardStreams();
        return ChildChannel.Connect(socketPath);
    }

    /// <summary>Makes one that sets no limit for the rest of the process's life.</summary>
    internal static EngineServer ForRehearsal(ChildChannel channel, DuckDBConnection connection) => new(channel, connection) { _isMemoryLimited = true };

    /// <inheritdoc/>
    public void Dispose()
    {
        _texts.Dispose();
        foreach (var input in _inputs)
        {
            input.Dispose();
        }
    }

    /// <summary>Answers one request.</summary>
    internal void Answer(Frame frame)
    {
        var descriptors = _channel.TakeDescriptors();
        if (frame.Kind == FrameKind.Inputs)
        {
            TakeInputs(Header(frame, WireJson.Default.InputsHeader), descriptors);
            return;
        }

        if (descriptors.Count > 0)
        {
            throw new IOException($"{frame.Kind}: wanted no descriptors; got {descriptors.Count}");
        }

        switch (frame.Kind)
        {
            case FrameKind.Parse:
                Parse(Header(frame, WireJson.Default.ParseHeader), frame.Payload.Span);
                break;
            case FrameKind.Bind:
                Bind(Header(frame, WireJson.Default.BindHeader), frame.Payload.Span);
                break;
            case FrameKind.Run:
                Run(Header(frame, WireJson.Default.RunHeader), frame.Payload.Span);
                break;
            default:
                throw new IOException($"wanted a request; got {frame.Kind}");
        }
    }

    private void TakeInputs(InputsHeader header, IReadOnlyList<SafeFileHandle> descriptors)
    {
        if (descriptors.Count != header.Count || _inputs.Count + descriptors.Count > EngineInput.MaxFiles)
        {
            throw new IOException($"inputs: wanted {header.Count} descriptors, at most {EngineInput.MaxFiles} in all; got {descriptors.Count} after {_inputs.Count}");
        }

        _inputs.AddRange(descriptors);
    }

    private void Parse(ParseHeader header, ReadOnlySpan<byte> sql)
    {
        LimitMemory(header.MemoryBytes, threads: 1, outputBytes: 0);
        Reply(_texts.Parse(Encoding.UTF8.GetString(sql), header.MemoryBytes));
    }

    private void Bind(BindHeader header, ReadOnlySpan<byte> payload)
    {
        LimitMemory(header.MemoryBytes, threads: 1, outputBytes: 0);
        var ddl = Encoding.UTF8.GetString(payload[..header.DdlBytes]);
        Reply(_texts.Bind(ddl, Encoding.UTF8.GetString(payload[header.DdlBytes..]), header.MemoryBytes));
    }

    private void Run(RunHeader header, ReadOnlySpan<byte> sql)
    {
        if (header.FilesPerRelation.Sum() != _inputs.Count)
        {
            throw new IOException($"run: wanted {header.FilesPerRelation.Sum()} inputs; got {_inputs.Count}");
        }

        LimitMemory(header.MemoryBytes, header.Threads, OutputCopies * header.MaxOutputBytes);
        var reply = QueryRun.Run(_connection, header, Encoding.UTF8.GetString(sql), _inputs, SendProgress);
        if (reply.Value is { } rows)
        {
            _channel.Send(FrameKind.Result, new ResultHeader(), WireJson.Default.ResultHeader, rows);
            return;
        }

        Fail(reply.Failure ?? NoAnswer);
    }

    private void Reply(EngineReply<string> reply)
    {
        if (reply.Value is { } json)
        {
            _channel.Send(FrameKind.Text, new TextHeader(), WireJson.Default.TextHeader, Encoding.UTF8.GetBytes(json));
            return;
        }

        Fail(reply.Failure ?? NoAnswer);
    }

    private void Fail(EngineFailure failure)
    {
        // DuckDB repeats the text that it refused, which can be long.
        var detail = Encoding.UTF8.GetBytes(failure.Detail[..Math.Min(failure.Detail.Length, MaxFailureCharacters)]);
        _channel.Send(FrameKind.Failed, new FailedHeader { Kind = failure.Kind }, WireJson.Default.FailedHeader, detail);
    }

    private void SendProgress(int basisPoints) => _channel.Send(
        FrameKind.Progress, new ProgressHeader { BasisPoints = basisPoints }, WireJson.Default.ProgressHeader, default);

    private void LimitMemory(long memoryBytes, int threads, long outputBytes)
    {
        if (!_isMemoryLimited)
        {
            _isMemoryLimited = true;
            Confinement.LimitMemory(checked(memoryBytes + SlackBytes + (threads * StackBytes) + outputBytes));
        }
    }

    private static T Header<T>(Frame frame, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
        where T : class =>
        WireJson.Read(frame.Header, type) ?? throw new IOException($"{frame.Kind}: wanted its header; got something else");
}
