using System.Collections.Concurrent;
using System.Threading.Channels;
using CleanRoom.Datasets.Source.CsvFormat;

namespace CleanRoom.Datasets.Check.Blocks;

/// <summary>Checks the blocks of a CSV source on several processors, and hands them on in the order of the source.</summary>
/// <remarks>
/// What is handed on is the same for any number of processors, and so is the moment at which a failure of the source comes out: behind all blocks
/// before it. At most 4 P + 10 blocks are under way, each with one piece of the source and what it says in checked form; a record longer than a piece
/// is read on piece by piece. When a run ends, in whatever way, no thread is left that works for it. Spec: contracts/spec/0007 s.1.
/// </remarks>
/// <param name="pieces">The source.</param>
/// <param name="newLane">Makes what a thread needs.</param>
/// <param name="processors">How many to use, from 1; 1 uses no thread but the caller's.</param>
internal sealed class CsvBlocks(CsvPieces pieces, Func<CheckLane> newLane, int processors)
{
    // A source that opens a sealed part gives nothing for as long as several blocks take.
    private const int BlocksAhead = 8;

    private readonly ConcurrentBag<CheckLane> _lanes = [];
    private Task _units = Task.CompletedTask;

    /// <summary>Runs to the end of the source, or of what is to be read of it.</summary>
    /// <param name="takeAsync">Takes a block; it is used again afterwards.</param>
    /// <param name="cancellationToken">Stops between blocks.</param>
    public Task RunAsync(Func<RowBlock, ValueTask> takeAsync, CancellationToken cancellationToken) =>
        processors == 1 ? RunAloneAsync(takeAsync, cancellationToken) : RunTogetherAsync(takeAsync, cancellationToken);

    private async Task RunAloneAsync(Func<RowBlock, ValueTask> takeAsync, CancellationToken cancellationToken)
    {
        var lane = newLane();
        while (!lane.IsEnded && await pieces.ReadAsync(cancellationToken) is { } piece)
        {
            lane.Begin();
            lane.Read(piece);
            pieces.Return(piece);
            while (!lane.IsEnded && !piece.EndsRecord)
            {
                // There is another: the last piece ends its record.
                piece = (await pieces.ReadAsync(cancellationToken))!.Value;
                lane.Read(piece);
                pieces.Return(piece);
            }

            lane.End();
            cancellationToken.ThrowIfCancellationRequested();
            await takeAsync(lane.Block);
        }
    }

    private async Task RunTogetherAsync(Func<RowBlock, ValueTask> takeAsync, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var units = Channel.CreateBounded<Task<CheckLane>>(new BoundedChannelOptions((4 * processors) + BlocksAhead) { SingleReader = true, SingleWriter = true });
        var pump = Task.Run(() => PumpAsync(units.Writer, stop.Token), CancellationToken.None);
        try
        {
            await foreach (var unit in units.Reader.ReadAllAsync(stop.Token))
            {
                var lane = await unit;
                stop.Token.ThrowIfCancellationRequested();
                await takeAsync(lane.Block);
                if (lane.IsEnded)
                {
                    return;
                }

                _lanes.Add(lane);
            }
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAny(pump);
            await Task.WhenAny(_units);
        }
    }

    /// <summary>Reads the source ahead and starts a unit for each block. What goes wrong is found behind the last unit.</summary>
    private async Task PumpAsync(ChannelWriter<Task<CheckLane>> units, CancellationToken stopped)
    {
        Channel<CsvPiece>? open = null;
        try
        {
            while (await pieces.ReadAsync(stopped) is { } piece)
            {
                var (isNew, unit) = (open is null, open ?? NewUnit());
                open = piece.EndsRecord ? null : unit;
                await unit.Writer.WriteAsync(piece, stopped);
                if (piece.EndsRecord)
                {
                    unit.Writer.Complete();
                }

                if (isNew)
                {
                    // In the order of the source: whoever waits for the first would wait longer if the newest went first.
                    var work = Task.Factory.StartNew(
                        () => CheckAsync(unit.Reader, stopped), CancellationToken.None, TaskCreationOptions.PreferFairness, TaskScheduler.Default).Unwrap();
                    _units = Task.WhenAll(_units, work);
                    await units.WriteAsync(work, stopped);
                }
            }

            units.Complete();
        }
        catch (Exception failure)
        {
            open?.Writer.TryComplete(failure);
            units.Complete(failure);
            throw;
        }
    }

    private static Channel<CsvPiece> NewUnit() =>
        Channel.CreateBounded<CsvPiece>(new BoundedChannelOptions(1) { SingleReader = true, SingleWriter = true });

    private async Task<CheckLane> CheckAsync(ChannelReader<CsvPiece> unit, CancellationToken stopped)
    {
        var lane = _lanes.TryTake(out var free) ? free : newLane();
        lane.Begin();
        await foreach (var piece in unit.ReadAllAsync(stopped))
        {
            lane.Read(piece);
            pieces.Return(piece);
            if (lane.IsEnded)
            {
                // The record that cannot be read may never end.
                return lane;
            }
        }

        lane.End();
        return lane;
    }
}
