using System.Collections.Immutable;
using CleanRoom.Datasets.Source;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Datasets.Inspect;

/// <summary>The first records of a file, for the owner's own screen. Read here, and never sent.</summary>
/// <param name="Format">By the content.</param>
/// <param name="Columns">In file order.</param>
/// <param name="Rows">Each a cell for each column, shortened for people; null for NULL. A record that is no row of the table is left out.</param>
/// <param name="Faulty">How many records were left out.</param>
public sealed record DatasetPreview(SourceFormat Format, ImmutableArray<string> Columns, ImmutableArray<ImmutableArray<string?>> Rows, int Faulty)
{
    /// <summary>Reads the beginning of a CSV or Parquet file, and no more of it than that takes.</summary>
    /// <param name="source">From its beginning; seekable for Parquet; stays open. Trust: collaborator-controlled.</param>
    /// <param name="records">How many records are read.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <returns>The preview, or <see cref="RefusalCode.DatasetRejected"/>.</returns>
    /// <exception cref="IOException">The source cannot be read.</exception>
    public static async Task<Result<DatasetPreview>> ReadAsync(Stream source, int records, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);
        var (table, problem) = await TableOpener.OpenAsync(source, cancellationToken);
        using var opened = table;
        if (table is null)
        {
            return new Refusal(RefusalCode.DatasetRejected, problem?.Wanted ?? "csv or parquet", problem?.Got ?? "other bytes");
        }

        var rows = ImmutableArray.CreateBuilder<ImmutableArray<string?>>();
        var faulty = 0;
        for (var read = 0; read < records && await table.ReadAsync(cancellationToken); read++)
        {
            if (table.Row.Faults.Count > 0 || table.Row.CellCount != table.Columns.Length)
            {
                faulty++;
                continue;
            }

            rows.Add([.. table.Columns.Select((_, i) => table.Row.IsNull(i) ? null : ColumnProfile.Shown(table.Row.Cell(i)))]);
        }

        return table.Fault is { } fault && rows.Count == 0
            ? new Refusal(RefusalCode.DatasetRejected, fault.Wanted, fault.Got)
            : new DatasetPreview(table.Format, table.Columns, rows.ToImmutable(), faulty);
    }
}
