using System.Collections.Immutable;
using CleanRoom.Datasets.Source.ParquetFormat;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Datasets.Conversion.Clustering;

/// <summary>Some columns of a derived file, decoded. Zeroed when it is disposed of.</summary>
internal sealed class StoredColumns : IDisposable
{
    private StoredColumns(ImmutableArray<ColumnBuffer> columns, int rows) => (Columns, Rows) = (columns, rows);

    /// <summary>Gets the columns in the order of the file.</summary>
    public ImmutableArray<ColumnBuffer> Columns { get; }

    public int Rows { get; }

    /// <summary>Reads them.</summary>
    /// <param name="file">Seekable. Only the footer and these columns need be there.</param>
    /// <param name="names">The columns.</param>
    /// <param name="mostBytes">The most bytes of all values.</param>
    /// <param name="cancellationToken">Stops between row groups.</param>
    /// <returns>Null for more bytes than that, and for a file that no ingest wrote.</returns>
    public static async Task<StoredColumns?> ReadAsync(Stream file, IReadOnlyCollection<string> names, long mostBytes, CancellationToken cancellationToken)
    {
        var (footer, end) = await ParquetTable.ReadFooterAsync(file, cancellationToken);
        if (footer is null || ParquetFooter.Parse(footer).Metadata is not { } metadata)
        {
            return null;
        }

        var places = Enumerable.Range(0, metadata.Columns.Length).Where(place => names.Contains(metadata.Columns[place].Name, StringComparer.Ordinal)).ToList();
        var stored = places.Select(place => metadata.Columns[place]).ToImmutableArray();
        var rows = metadata.RowGroups.Sum(group => group.Rows);
        if (stored.Length != names.Count || rows is 0 or > int.MaxValue || stored.Any(column => TypeOf(column) is null))
        {
            return null;
        }

        var columns = stored.Select(column => new ColumnBuffer(column.Name, TypeOf(column)!.Value, column.Scale, column.IsOptional)).ToImmutableArray();
        var read = new StoredColumns(columns, (int)rows);
        var isWhole = false;
        try
        {
            foreach (var group in metadata.RowGroups)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (columns.Sum(column => (long)column.Values.Length) > mostBytes
                    || !await ReadGroupAsync(file, stored, group with { Chunks = [.. places.Select(place => group.Chunks[place])] }, end, columns, cancellationToken))
                {
                    return null;
                }
            }

            isWhole = true;
            return read;
        }
        finally
        {
            if (!isWhole)
            {
                read.Dispose();
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var column in Columns)
        {
            column.Clear();
        }
    }

    private static async Task<bool> ReadGroupAsync(
        Stream file, ImmutableArray<ParquetColumn> stored, ParquetRowGroup group, long end, ImmutableArray<ColumnBuffer> columns, CancellationToken cancellationToken)
    {
        if ((await ParquetPageGuard.IndexAsync(file, stored, group, end, cancellationToken)).Pages is not { } pages)
        {
            return false;
        }

        for (var i = 0; i < columns.Length; i++)
        {
            var reader = new ParquetColumnReader(file, stored[i], group.Chunks[i].Codec, pages[i]);
            for (var row = 0L; row < group.Rows; row++)
            {
                if ((reader.NeedsPage && !await reader.LoadPageAsync(cancellationToken)) || !TryAdd(reader, columns[i]))
                {
                    return false;
                }
            }
        }

        return true;
    }

    private static bool TryAdd(ParquetColumnReader reader, ColumnBuffer column)
    {
        var isThere = reader.TryNext(out var isNull, out var value);
        column.AddStored(isNull, value);
        return isThere;
    }

    /// <summary>The type that an ingest stores so; null for what none does.</summary>
    private static ColumnType? TypeOf(ParquetColumn column) => (column.Physical, column.Logical, column.Length) switch
    {
        (ParquetPhysical.Boolean, ParquetLogical.Plain, _) => ColumnType.Boolean,
        (ParquetPhysical.Int32, ParquetLogical.Plain, _) => ColumnType.Int32,
        (ParquetPhysical.Int32, ParquetLogical.Date, _) => ColumnType.Date,
        (ParquetPhysical.Int64, ParquetLogical.Plain, _) => ColumnType.Int64,
        (ParquetPhysical.Int64, ParquetLogical.Decimal, _) => ColumnType.Decimal,
        (ParquetPhysical.Int64, ParquetLogical.TimestampMicros, _) => ColumnType.Timestamp,
        (ParquetPhysical.FixedLength, ParquetLogical.Uuid, 16) => ColumnType.Uuid,
        (ParquetPhysical.FixedLength, ParquetLogical.Plain, 32) => ColumnType.Sha256,
        (ParquetPhysical.ByteArray, ParquetLogical.Text, _) => ColumnType.String,
        _ => null,
    };
}
