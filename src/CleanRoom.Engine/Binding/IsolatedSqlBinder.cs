using System.Text;
using System.Text.Json.Serialization.Metadata;
using CleanRoom.Engine.Hosting;
using CleanRoom.Engine.Running;
using CleanRoom.Engine.Wire;
using CleanRoom.Policy.Binding;

namespace CleanRoom.Engine.Binding;

/// <summary>Limits of the parsing and binding of one text.</summary>
public sealed class SqlBinderOptions
{
    /// <summary>Gets the memory.</summary>
    /// <value>Bytes. Default 512 MiB.</value>
    public long MemoryBytes { get; init; } = 512L * 1_048_576;

    /// <summary>Gets the time after which the process is killed.</summary>
    /// <value>Default 20 seconds.</value>
    public TimeSpan WallClock { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Gets the number of texts after which a process is replaced.</summary>
    /// <value>From 1. Default 64.</value>
    public int TextsPerProcess { get; init; } = 64;
}

/// <summary>Parses and binds analysts' SQL in an engine process that is kept warm; the text is never executed.</summary>
/// <remarks>
/// Each text meets a fresh DuckDB instance. A text that kills or hangs the process costs itself only: the answer is then
/// <see cref="Stopped"/>, and the next text meets a new process. Thread-safe; texts take turns. Dispose it before its host.
/// </remarks>
/// <param name="host">Starts the processes.</param>
/// <param name="options">The limits.</param>
public sealed class IsolatedSqlBinder(EngineHost host, SqlBinderOptions options) : ISqlBinder, IAsyncDisposable
{
    /// <summary>The answer for a text that the isolated process did not survive, in the form of DuckDB's own errors.</summary>
    public const string Stopped = """{"error":true,"error_type":"isolation","error_message":"the isolated process stopped"}""";

    /// <summary>The answer when the tables, not the text, were refused: a bug of whoever wrote the DDL, or a process that lies.</summary>
    public const string SchemaRefused = """{"error":true,"error_type":"schema","error_message":"the tables were refused"}""";

    /// <summary>Gets the process that is kept; null when the next text starts one.</summary>
    internal int? WarmProcessId => _warm?.Id;

    // The policy reads no longer JSON than this.
    private const int MaxReplyBytes = 32 * 1_048_576;

    private const int FreshProcesses = 2;

    // What a process holds beside its text: runtime and DuckDB's code.
    private const long OverheadBytes = 512L * 1_048_576;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private readonly SemaphoreSlim _turn = new(1, 1);
    private EngineProcess? _warm;
    private MemoryWatchdog? _watchdog;
    private int _texts;

    /// <inheritdoc/>
    /// <exception cref="EngineUnavailableException">No process could be started.</exception>
    public Task<string> ParseAsync(string sql, CancellationToken cancellationToken) => AskAsync(
        FrameKind.Parse, new ParseHeader { MemoryBytes = options.MemoryBytes }, WireJson.Default.ParseHeader, sql, cancellationToken);

    /// <inheritdoc/>
    /// <exception cref="EngineUnavailableException">No process could be started.</exception>
    public Task<string> BindAsync(string schemaDdl, string sql, CancellationToken cancellationToken)
    {
        var header = new BindHeader { MemoryBytes = options.MemoryBytes, DdlBytes = Encoding.UTF8.GetByteCount(schemaDdl) };
        return AskAsync(FrameKind.Bind, header, WireJson.Default.BindHeader, schemaDdl + sql, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await DropAsync();
        _turn.Dispose();
    }

    private async Task<string> AskAsync<T>(
        FrameKind kind, T header, JsonTypeInfo<T> type, string text, CancellationToken cancellationToken)
    {
        var payload = Encoding.UTF8.GetBytes(text);
        if (payload.Length > FrameLimits.MaxRequestBytes)
        {
            return Stopped;
        }

        await _turn.WaitAsync(cancellationToken);
        try
        {
            // A process that has served others may have been broken by them, and any can be killed from outside: two fresh ones that die of a text prove
            // it guilty, or one that hangs.
            for (var fresh = 0; fresh < FreshProcesses;)
            {
                fresh += _warm is null ? 1 : 0;
                var (reply, hasHung) = await TryAskAsync(kind, header, type, payload, cancellationToken);
                if (reply is not null)
                {
                    return reply;
                }

                fresh = hasHung && fresh > 0 ? FreshProcesses : fresh;
            }

            return Stopped;
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<(string? Reply, bool HasHung)> TryAskAsync<T>(
        FrameKind kind, T header, JsonTypeInfo<T> type, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        var process = _warm ?? await StartAsync(cancellationToken);
        var isIntact = false;
        using var wallClock = new CancellationTokenSource(options.WallClock, host.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(wallClock.Token, cancellationToken);
        try
        {
            await process.SendAsync(kind, header, type, payload, either.Token);
            var reply = await process.ReceiveAsync(MaxReplyBytes, either.Token);
            isIntact = ++_texts < options.TextsPerProcess && reply.Kind == FrameKind.Text;
            return (reply.Kind == FrameKind.Text ? StrictUtf8.GetString(reply.Payload.Span) : Refused(kind, reply), false);
        }
        catch (Exception exception) when (exception is EngineChannelException or DecoderFallbackException)
        {
            isIntact = false;
            return (null, false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, true);
        }
        finally
        {
            if (!isIntact)
            {
                await DropAsync();
            }
        }
    }

    private static string? Refused(FrameKind asked, Frame reply) =>
        asked == FrameKind.Bind && reply.Kind == FrameKind.Failed
        && WireJson.Read(reply.Header, WireJson.Default.FailedHeader) is { Kind: EngineFailureKind.Schema } ? SchemaRefused : null;

    private async Task<EngineProcess> StartAsync(CancellationToken cancellationToken)
    {
        _warm = await host.StartAsync(cancellationToken);

        // For the life of the process: what took it over may wait until the text that did it has been answered.
        _warm.LimitMemory(options.MemoryBytes + OverheadBytes);
        _watchdog = new MemoryWatchdog(_warm, options.MemoryBytes + OverheadBytes, host.Options.MemoryCheckInterval, host.Time);
        return _warm;
    }

    private async Task DropAsync()
    {
        if (_watchdog is { } watchdog)
        {
            _watchdog = null;
            await watchdog.DisposeAsync();
        }

        if (_warm is { } process)
        {
            (_warm, _texts) = (null, 0);
            await process.DisposeAsync();
        }
    }
}
