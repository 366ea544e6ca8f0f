using System.Collections.Immutable;
using CleanRoom.Datasets.Source;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Datasets.Inspect;

/// <summary>What the beginning of a file says: the format by its content, and the column names in file order.</summary>
public sealed record DatasetHeader(SourceFormat Format, ImmutableArray<string> Columns)
{
    /// <summary>Reads the header and nothing else.</summary>
    /// <param name="source">From its beginning; seekable for Parquet; stays open.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <returns>The header, or <see cref="RefusalCode.DatasetRejected"/>.</returns>
    /// <exception cref="IOException">The source cannot be read.</exception>
    public static async Task<Result<DatasetHeader>> ReadAsync(Stream source, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);
        var (table, problem) = await TableOpener.OpenAsync(source, cancellationToken);
        using (table)
        {
            return table is not null
                ? new DatasetHeader(table.Format, table.Columns)
                : new Refusal(RefusalCode.DatasetRejected, problem?.Wanted ?? "csv or parquet", problem?.Got ?? "other bytes");
        }
    }
}
