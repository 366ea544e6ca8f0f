using System.Buffers;
using System.Collections.Immutable;
using CleanRoom.Datasets.Conversion.Encodings;

namespace CleanRoom.Datasets.Conversion.Clustering;

/// <summary>Some columns of a derived file in another order of rows: those of a person beside each other, so that joins by person find in the cache what they look for.</summary>
/// <remarks>The same rows, and nothing else of the file. No answer depends on the order of rows. Spec: contracts/spec/0010 s.6.2.</remarks>
public sealed class ClusteredColumns : IDisposable
{
    private readonly Pieces _file;

    private ClusteredColumns(Pieces file) => _file = file;

    /// <summary>Gets the bytes of the file.</summary>
    public long Length => _file.Length;

    /// <summary>Arranges columns.</summary>
    /// <param name="file">A derived file, seekable; only its footer and these columns need be there.</param>
    /// <param name="columns">The columns.</param>
    /// <param name="unit">The one of them that names people.</param>
    /// <param name="mostBytes">The most memory to take for it, in bytes.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>Null where it would take more, and for a file that no ingest wrote.</returns>
    public static async Task<ClusteredColumns?> ArrangeAsync(
        Stream file, ImmutableArray<string> columns, string unit, long mostBytes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(file);

        // Half for the values, and as much for their order and what is written.
        using var stored = await StoredColumns.ReadAsync(file, columns, mostBytes / 2, cancellationToken);
        if (stored is null || (long)stored.Rows * (sizeof(ulong) + ((2 + columns.Length) * sizeof(int))) > mostBytes / 2)
        {
            return null;
        }

        var order = RowOrder.Of(stored.Columns.Single(column => column.Name == unit), stored.Rows, cancellationToken);
        var pieces = new Pieces();
        var isWhole = false;
        try
        {
            await WriteAsync(stored, order, pieces, cancellationToken);
            isWhole = true;
            return new ClusteredColumns(pieces);
        }
        finally
        {
            if (!isWhole)
            {
                await pieces.DisposeAsync();
            }
        }
    }

    /// <summary>Copies the file.</summary>
    /// <param name="destination">Returns where so many bytes from an offset on belong.</param>
    public void CopyTo(Func<long, int, Memory<byte>> destination)
    {
        ArgumentNullException.ThrowIfNull(destination);
        var at = 0L;
        foreach (var piece in _file.All())
        {
            piece.CopyTo(destination(at, piece.Length));
            at += piece.Length;
        }
    }

    /// <summary>Zeroes the file.</summary>
    public void Dispose() => _file.Dispose();

    private static async Task WriteAsync(StoredColumns stored, int[] order, Pieces output, CancellationToken cancellationToken)
    {
        var places = stored.Columns.Select(column => column.Places(stored.Rows)).ToArray();
        var group = stored.Columns.Select(column => new ColumnBuffer(column.Name, column.Type, column.Scale, column.IsNullable)).ToImmutableArray();
        var bodies = ArrayPool<byte>.Create();
        var writer = new ParquetFileWriter(output);
        using var encoder = new ColumnEncoder(FileReader.Engine);
        for (var first = 0; first < order.Length; first += ParquetConverter.RowGroupRows)
        {
            var rows = order.AsMemory(first, Math.Min(ParquetConverter.RowGroupRows, order.Length - first));
            for (var i = 0; i < group.Length; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                foreach (var row in rows.Span)
                {
                    group[i].AddRow(stored.Columns[i], places[i][row]);
                }

                var chunk = encoder.Encode(group[i], rows.Length, bodies);
                await writer.WriteChunkAsync(chunk, cancellationToken);
                bodies.Return(chunk.Body, clearArray: true);
                group[i].Clear();
            }

            writer.EndGroup(rows.Length);
        }

        await writer.FinishAsync(group, cancellationToken);
    }
}
