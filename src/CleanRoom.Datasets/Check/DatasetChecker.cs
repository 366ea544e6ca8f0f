using CleanRoom.Datasets.Problems;
using CleanRoom.Datasets.Source;
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
    /// <param name="cancellationToken">Stops between two records.</param>
    /// <returns>The report; a refused dataset is a report too.</returns>
    /// <exception cref="IOException">The source cannot be read.</exception>
    public static Task<IngestReport> RunAsync(
        Stream source, Dataset contract, CheckOptions options, IProgress<IngestProgress>? progress, CancellationToken cancellationToken) =>
        RunAsync(source, contract, options, progress, sink: null, cancellationToken);

    /// <summary>Checks, and hands good records on as long as all records were good.</summary>
    internal static async Task<IngestReport> RunAsync(
        Stream source,
        Dataset contract,
        CheckOptions options,
        IProgress<IngestProgress>? progress,
        IRowSink? sink,
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

        if (table is null || RowChecker.Create(table, contract, options, log) is not { } checker)
        {
            return RowChecker.ReportOf(log, table);
        }

        sink?.Begin(checker.Rules, checker.UnitColumn);
        var bytes = 0L;
        for (var rows = 1L; bytes < options.Bytes && await table.ReadAsync(cancellationToken); rows++)
        {
            bytes += table.Row.TextBytes + table.Row.CellCount;
            if (checker.Check() && sink is not null && log.IsEmpty)
            {
                await sink.AddAsync(checker, cancellationToken);
            }

            if (rows % RowsPerReport == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                progress?.Report(new IngestProgress(table.BytesRead, total, rows));
            }
        }

        if (table.Fault is { } fault)
        {
            log.Add(fault);
        }

        var report = checker.Finish();
        progress?.Report(new IngestProgress(table.BytesRead, total, report.Rows));
        return report;
    }
}
