using CleanRoom.Datasets.Check.Blocks;
using CleanRoom.Datasets.Problems;
using CleanRoom.Datasets.Source;
using CleanRoom.Datasets.Source.CsvFormat;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Datasets.Check;

/// <summary>Checks a file against a contract's dataset, on the owner's machine and in the guest alike. Spec: contracts/spec/0007.</summary>
public static class DatasetChecker
{
    private const int RowsPerReport = 8_192;

    /// <summary>Reads a CSV or Parquet file once and reports everything that is wrong with it.</summary>
    /// <param name="source">From its beginning; seekable for Parquet; stays open. Trust: collaborator-controlled.</param>
    /// <param name="contract">The dataset of the contract.</param>
    /// <param name="options">How to check.</param>
    /// <param name="progress">Told by bytes; null for nobody.</param>
    /// <param name="cancellationToken">Stops between two blocks of records.</param>
    /// <returns>The report; a refused dataset is a report too.</returns>
    /// <exception cref="IOException">The source cannot be read.</exception>
    public static Task<IngestReport> RunAsync(
        Stream source, Dataset contract, CheckOptions options, IProgress<IngestProgress>? progress, CancellationToken cancellationToken) =>
        RunAsync(source, contract, options, progress, sink: null, BlockOptions.Alone, cancellationToken);

    /// <summary>Checks, and hands good records on as long as all records were good.</summary>
    /// <param name="source">As above.</param>
    /// <param name="contract">As above.</param>
    /// <param name="options">As above.</param>
    /// <param name="progress">As above.</param>
    /// <param name="sink">Takes the records; null for nobody.</param>
    /// <param name="blocks">How the work is divided. <see cref="BlockOptions.Alone"/> where not everything is checked.</param>
    /// <param name="cancellationToken">Stops between two blocks of records.</param>
    internal static async Task<IngestReport> RunAsync(
        Stream source,
        Dataset contract,
        CheckOptions options,
        IProgress<IngestProgress>? progress,
        IRowSink? sink,
        BlockOptions blocks,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(contract);
        ArgumentNullException.ThrowIfNull(options);
        var log = new ProblemLog();
        long? total = source.CanSeek ? source.Length : null;
        var (table, problem) = await TableOpener.OpenAsync(source, cancellationToken);
        using var opened = table;
        if (problem is not null)
        {
            log.Add(problem);
        }

        if (table is null || DatasetPlan.Create(table, contract, log) is not { } plan)
        {
            return DatasetTally.ReportOf(log, table?.Format, table?.BytesRead ?? 0);
        }

        sink?.Begin(plan.Rules, plan.UnitColumn);
        var (tally, known) = (new DatasetTally(plan, options, log), new CheckProgress());
        var (bytesRead, told) = (table.BytesRead, 0L);
        await RunBlocksAsync(table, () => new CheckLane(table.Columns, plan, options, sink, known), options.Bytes, blocks, TakeAsync, cancellationToken);
        if (table.Fault is { } fault)
        {
            log.Add(fault);
        }

        var report = tally.Finish(table.Format, bytesRead);
        progress?.Report(new IngestProgress(bytesRead, total, report.Rows));
        return report;

        async ValueTask TakeAsync(RowBlock block)
        {
            tally.Take(block);
            bytesRead = block.BytesRead;
            known.HasProblem = !log.IsEmpty;
            if (sink is not null && block.Cells is { } cells && log.IsEmpty)
            {
                await sink.AddAsync(cells, cancellationToken);
            }

            if (tally.Rows >= told + RowsPerReport)
            {
                told = tally.Rows;
                progress?.Report(new IngestProgress(bytesRead, total, told));
            }
        }
    }

    private static async Task RunBlocksAsync(
        SourceTable table, Func<CheckLane> newLane, long mostBytes, BlockOptions blocks, Func<RowBlock, ValueTask> takeAsync, CancellationToken cancellationToken)
    {
        if (table is not CsvTable csv)
        {
            await TableBlocks.RunAsync(table, newLane(), mostBytes, takeAsync, cancellationToken);
            return;
        }

        var (source, read) = csv.HandOver();
        using var pieces = new CsvPieces(source, read, csv.RowsAt, blocks.PieceBytes);
        await new CsvBlocks(pieces, newLane, blocks.Processors).RunAsync(takeAsync, cancellationToken);
    }
}
