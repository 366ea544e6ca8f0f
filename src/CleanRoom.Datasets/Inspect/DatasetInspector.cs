using System.Collections.Immutable;
using CleanRoom.Datasets.Check;
using CleanRoom.Datasets.Problems;
using CleanRoom.Datasets.Source;

namespace CleanRoom.Datasets.Inspect;

/// <summary>Looks through a file before there is a contract. Nothing leaves the machine. Spec: contracts/spec/0007 s.9.</summary>
public static class DatasetInspector
{
    /// <summary>The default number of records shown.</summary>
    public const int PreviewRows = 10;

    private const int RowsPerReport = 8_192;

    /// <summary>Reads a CSV or Parquet file once.</summary>
    /// <param name="source">From its beginning; seekable for Parquet; stays open.</param>
    /// <param name="previewRows">How many records are shown; 0 shows none.</param>
    /// <param name="progress">Told by bytes; null for nobody.</param>
    /// <param name="cancellationToken">Stops between two records.</param>
    /// <exception cref="IOException">The source cannot be read.</exception>
    public static async Task<DatasetInspection> RunAsync(
        Stream source, int previewRows, IProgress<IngestProgress>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);
        var log = new ProblemLog();
        long? total = source.CanSeek ? source.Length : null;
        var (table, problem) = await TableOpener.OpenAsync(source, cancellationToken);
        using var opened = table;
        if (table is null)
        {
            log.Add(problem ?? DatasetProblem.OfFile(ProblemKind.FormatUnreadable, "csv or parquet", "other bytes"));
            return Result(null, 0, [], [], log);
        }

        var keyer = new CellKeyer();
        var columns = table.Columns.Select(name => new ColumnProfile(name, keyer)).ToArray();
        var preview = ImmutableArray.CreateBuilder<ImmutableArray<string?>>();
        var rows = 0L;
        while (await table.ReadAsync(cancellationToken))
        {
            rows++;
            if (Take(table, columns, log) && preview.Count < previewRows)
            {
                preview.Add([.. columns.Select((_, i) => table.Row.IsNull(i) ? null : ColumnProfile.Shown(table.Row.Cell(i)))]);
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

        progress?.Report(new IngestProgress(table.BytesRead, total, rows));
        return Result(table, rows, [.. columns.Select(column => column.Finish())], preview.ToImmutable(), log);
    }

    private static bool Take(SourceTable table, ColumnProfile[] columns, ProblemLog log)
    {
        var row = table.Row;
        if (row.Faults.Count > 0)
        {
            foreach (var fault in row.Faults)
            {
                log.Add(DatasetProblem.OfRow(fault.Kind, row.Number, fault.Wanted, fault.Got) with
                {
                    Column = table.ColumnOf(fault),
                });
            }

            return false;
        }

        for (var i = 0; i < columns.Length; i++)
        {
            columns[i].Add(row.Cell(i).Span, row.IsNull(i));
        }

        return true;
    }

    private static DatasetInspection Result(
        SourceTable? table, long rows, ImmutableArray<ColumnInspection> columns, ImmutableArray<ImmutableArray<string?>> preview, ProblemLog log) => new()
        {
            Format = table?.Format,
            Bytes = table?.BytesRead ?? 0,
            Rows = rows,
            Columns = columns,
            Preview = preview,
            ProblemCounts = log.Counts,
            Problems = log.Kept,
        };
}
