using System.Buffers.Binary;
using CleanRoom.Datasets.Check;
using CleanRoom.Datasets.Source.ParquetFormat;

namespace CleanRoom.Datasets.Conversion.Clustering;

/// <summary>Orders rows by their people: numbers by their bits, digests by their first bytes, texts by a hash. Rows of nobody come first.</summary>
internal static class RowOrder
{
    /// <summary>Slices that are sorted one by one, so that it can be stopped between them, and then merged.</summary>
    private const int Slices = 16;

    private const int CheckedEvery = 1 << 20;

    /// <summary>Returns the numbers of the rows in their order.</summary>
    /// <param name="unit">The column that names people.</param>
    /// <param name="rows">The number of its rows.</param>
    /// <param name="cancellationToken">Stops.</param>
    public static int[] Of(ColumnBuffer unit, int rows, CancellationToken cancellationToken)
    {
        var places = unit.Places(rows);
        var (keys, order, keyer) = (new ulong[rows], new int[rows], new CellKeyer());
        for (var row = 0; row < rows; row++)
        {
            (keys[row], order[row]) = (places[row] < 0 ? 0 : Key(unit.ValueAt(places[row]), unit.Physical, keyer), row);
        }

        var bounds = Enumerable.Range(0, Slices + 1).Select(slice => (int)((long)rows * slice / Slices)).ToArray();
        for (var slice = 0; slice < Slices; slice++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Array.Sort(keys, order, bounds[slice], bounds[slice + 1] - bounds[slice]);
        }

        var merged = Merge(keys, order, bounds, cancellationToken);
        Array.Clear(keys);
        return merged;
    }

    private static int[] Merge(ulong[] keys, int[] order, int[] bounds, CancellationToken cancellationToken)
    {
        var merged = new int[order.Length];
        Span<int> heads = stackalloc int[Slices];
        bounds.AsSpan(0, Slices).CopyTo(heads);
        for (var next = 0; next < merged.Length; next++)
        {
            if (next % CheckedEvery == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            var least = -1;
            for (var slice = 0; slice < Slices; slice++)
            {
                if (heads[slice] < bounds[slice + 1] && (least < 0 || keys[heads[slice]] < keys[heads[least]]))
                {
                    least = slice;
                }
            }

            merged[next] = order[heads[least]++];
        }

        return merged;
    }

    private static ulong Key(ReadOnlySpan<byte> value, ParquetPhysical physical, CellKeyer keyer)
    {
        switch (physical)
        {
            case ParquetPhysical.Boolean:
                return value[0];
            case ParquetPhysical.Int32:
                return BinaryPrimitives.ReadUInt32LittleEndian(value);
            case ParquetPhysical.ByteArray:
                var hash = keyer.Hash(value);
                return (ulong)hash ^ (ulong)(hash >> 64);
            default:
                return BinaryPrimitives.ReadUInt64LittleEndian(value);
        }
    }
}
