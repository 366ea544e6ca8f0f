using System.Collections.Immutable;
using System.Text;
using CleanRoom.Engine.Child;
using CleanRoom.Engine.Hosting;
using CleanRoom.Engine.Native;
using CleanRoom.Engine.Sandbox;
using CleanRoom.Engine.Wire;
using CleanRoom.Protocol;
using Microsoft.Win32.SafeHandles;

namespace CleanRoom.Engine.Running;

/// <summary>Runs generated queries, each in a process of its own that is killed afterwards; keeps one spare started.</summary>
/// <remarks>Thread-safe. How many run at once is the caller's concern. Dispose it before its host.</remarks>
/// <param name="host">Starts the processes.</param>
public sealed class EngineRunner(EngineHost host) : IAsyncDisposable
{
    // What a process holds beside its query: runtime, DuckDB's code, the kernel's slack for stacks and plans.
    private const long OverheadBytes = 512L * 1_048_576;

    // An engine reports four times a second; twice that, and some at the start, is what the node listens to.
    private const int ProgressPerSecond = 8;
    private const int ProgressAtStart = 16;

    // A process takes a processor for a part of a second to start: short queries have it for themselves.
    private static readonly TimeSpan _spareAfter = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _stopping = new();
    private Task<EngineProcess>? _spare;

    /// <summary>Starts a spare process, so that the first query does not wait for one.</summary>
    public void WarmUp() => PrepareSpare();

    /// <summary>Runs one query to its end.</summary>
    /// <inheritdoc cref="AnswerAsync"/>
    /// <returns>The rows, or one and the same refusal for whatever went wrong; the process is gone by then.</returns>
    public async Task<EngineRun> RunAsync(EngineJob job, IProgress<EngineProgress>? progress, CancellationToken cancellationToken)
    {
        var (run, gone) = await AnswerAsync(job, progress, cancellationToken);
        await gone;
        return run;
    }

    /// <summary>Runs one query; its rows are there before its process has given back all its memory.</summary>
    /// <param name="job">The query. At most 1,024 files in all, at most 8 MiB of SQL.</param>
    /// <param name="progress">Told at the start and then several times a second; null when nobody looks.</param>
    /// <param name="cancellationToken">Kills the process.</param>
    /// <returns>
    /// The rows, or one and the same refusal for whatever went wrong; and the end of the process, before which the caller MUST NOT give the files back.
    /// </returns>
    /// <exception cref="OperationCanceledException">It was cancelled; the process is gone.</exception>
    /// <exception cref="EngineUnavailableException">No process could be started: not the query's fault.</exception>
    public async Task<(EngineRun Run, Task Gone)> AnswerAsync(EngineJob job, IProgress<EngineProgress>? progress, CancellationToken cancellationToken)
    {
        job.Limits.ThrowIfInvalid();
        var files = job.Inputs.SelectMany(input => input.Files).ToArray();
        ArgumentOutOfRangeException.ThrowIfGreaterThan(files.Length, EngineInput.MaxFiles, nameof(job));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(
            Encoding.UTF8.GetByteCount(job.Sql), FrameLimits.MaxRequestBytes, nameof(job));

        var process = await TakeAsync(cancellationToken);
        var mayRepeat = process.Report.IsActive(SandboxLayer.NoDescendants);
        if (!mayRepeat)
        {
            // A process that it left behind could still hold the descriptors.
            Array.ForEach(files, file => file.Retire());
        }

        await using var timer = host.Time.CreateTimer(_ => PrepareSpare(), null, _spareAfter, Timeout.InfiniteTimeSpan);
        try
        {
            var (run, gone) = await AnswerOnAsync(process, job, progress, cancellationToken);
            if (!mayRepeat || run.Failure is not { Kind: EngineFailureKind.Ended })
            {
                return (run, gone);
            }

            // The spare may have been killed while it waited, and any can be from outside: a second one that dies of the query proves it guilty.
            await gone;
            return await AnswerOnAsync(await host.StartAsync(cancellationToken), job, progress, cancellationToken);
        }
        finally
        {
            PrepareSpare();
        }
    }

    private async Task<(EngineRun Run, Task Gone)> AnswerOnAsync(
        EngineProcess process, EngineJob job, IProgress<EngineProgress>? progress, CancellationToken cancellationToken)
    {
        EngineRun run;
        try
        {
            run = await WatchAsync(process, job, progress, cancellationToken);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }

        return (run, process.DisposeAsync().AsTask());
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        if (Interlocked.Exchange(ref _spare, null) is { } spare)
        {
            await spare.ContinueWith(
                started => started.IsCompletedSuccessfully ? started.Result.DisposeAsync().AsTask() : Task.CompletedTask,
                CancellationToken.None,
                TaskContinuationOptions.None,
                TaskScheduler.Default).Unwrap();
        }

        _stopping.Dispose();
    }

    /// <summary>Runs a query on a process that is ready; whatever the process sends, this ends by the wall clock at the latest.</summary>
    internal async Task<EngineRun> WatchAsync(
        EngineProcess process, EngineJob job, IProgress<EngineProgress>? progress, CancellationToken cancellationToken)
    {
        using var wallClock = new CancellationTokenSource(job.Limits.WallClock, host.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(wallClock.Token, cancellationToken);
        var ceiling = job.Limits.MemoryBytes + OverheadBytes + (EngineServer.OutputCopies * job.Limits.MaxOutputBytes);
        process.LimitMemory(ceiling);
        await using var watchdog = new MemoryWatchdog(
            process,
            ceiling,
            host.Options.MemoryCheckInterval,
            host.Time);
        try
        {
            await SendAsync(process, job, either.Token);
            var (output, failure) = await ReceiveAsync(process, job.Limits, progress, either.Token);
            return output is not null ? new EngineRun(output, null, process.Report) : Failed(process, failure!);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Failed(process, new EngineFailure(EngineFailureKind.Timeout, $"wanted an answer within {job.Limits.WallClock}; got none"));
        }
        catch (EngineChannelException exception)
        {
            return Failed(process, watchdog.HasKilled || process.HasWantedTooMuchMemory
                ? new EngineFailure(EngineFailureKind.Memory, $"wanted at most {job.Limits.MemoryBytes} bytes; got more")
                : new EngineFailure(exception.Kind, exception.Message));
        }
    }

    private static async Task SendAsync(EngineProcess process, EngineJob job, CancellationToken cancellationToken)
    {
        ImmutableArray<SafeFileHandle> descriptors = [.. job.Inputs.SelectMany(input => input.Files).Select(file => file.OpenForReading())];
        try
        {
            foreach (var some in descriptors.Chunk(DescriptorPassing.MaxDescriptors))
            {
                await process.SendInputsAsync([.. some]);
            }
        }
        finally
        {
            foreach (var descriptor in descriptors)
            {
                descriptor.Dispose();
            }
        }

        var header = new RunHeader
        {
            MemoryBytes = job.Limits.MemoryBytes,
            Threads = job.Limits.Threads,
            MaxOutputBytes = job.Limits.MaxOutputBytes,
            FilesPerRelation = [.. job.Inputs.Select(input => input.Files.Length)],
        };
        await process.SendAsync(
            FrameKind.Run, header, WireJson.Default.RunHeader, Encoding.UTF8.GetBytes(job.Sql), cancellationToken);
    }

    private static async Task<(EngineOutput? Output, EngineFailure? Failure)> ReceiveAsync(
        EngineProcess process, EngineLimits limits, IProgress<EngineProgress>? progress, CancellationToken cancellationToken)
    {
        var progressLeft = ProgressAtStart + (ProgressPerSecond * limits.WallClock.TotalSeconds);
        while (true)
        {
            var frame = await process.ReceiveAsync(limits.MaxOutputBytes, cancellationToken);
            switch (frame.Kind)
            {
                case FrameKind.Progress when --progressLeft < 0:
                    throw new EngineChannelException(EngineFailureKind.Protocol, "wanted a few progress reports a second; got a flood");
                case FrameKind.Progress when WireJson.Read(frame.Header, WireJson.Default.ProgressHeader) is { } header:
                    progress?.Report(new EngineProgress(process.Id, Math.Clamp(header.BasisPoints, 0, 10_000)));
                    break;
                case FrameKind.Result when WireJson.Read(frame.Header, WireJson.Default.ResultHeader) is not null:
                    return (new EngineOutput(frame.Payload), null);
                case FrameKind.Failed when WireJson.Read(frame.Header, WireJson.Default.FailedHeader) is
                {
                    Kind: EngineFailureKind.Memory or EngineFailureKind.Sql or EngineFailureKind.Input or EngineFailureKind.OutputTooLarge
                } header:
                    return (null, new EngineFailure(header.Kind, Encoding.UTF8.GetString(frame.Payload.Span)));
                default:
                    throw new EngineChannelException(EngineFailureKind.Protocol, $"wanted progress, a result or a failure; got {frame.Kind} or another header");
            }
        }
    }

    // The same words for every cause: an analyst who could tell them apart could ask about single rows.
    private static EngineRun Failed(EngineProcess process, EngineFailure failure) =>
        new(Result.Refuse<EngineOutput>(RefusalCode.QueryFailed, "a completed run", "a failed run"), failure, process.Report);

    private async Task<EngineProcess> TakeAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _spare, null) is not { } spare)
        {
            return await host.StartAsync(cancellationToken);
        }

        try
        {
            // The spare is not cancelled with this query: a later one can have it.
            var process = await spare.WaitAsync(cancellationToken);
            if (!process.HasExited)
            {
                return process;
            }

            await process.DisposeAsync();
        }
        catch (EngineUnavailableException)
        {
            // Started in the background some time ago: now is another try, whose failure is reported.
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            if (Interlocked.CompareExchange(ref _spare, spare, null) is not null)
            {
                _ = DiscardAsync(spare);
            }

            throw;
        }

        return await host.StartAsync(cancellationToken);
    }

    private void PrepareSpare()
    {
        if (Volatile.Read(ref _spare) is null && !_stopping.IsCancellationRequested)
        {
            var started = host.StartAsync(_stopping.Token);
            if (Interlocked.CompareExchange(ref _spare, started, null) is not null)
            {
                _ = DiscardAsync(started);
            }
        }
    }

    private static async Task DiscardAsync(Task<EngineProcess> started)
    {
        try
        {
            await (await started).DisposeAsync();
        }
        catch (Exception exception) when (exception is EngineUnavailableException or OperationCanceledException)
        {
            // It never stood, which is what was wanted.
        }
    }
}
