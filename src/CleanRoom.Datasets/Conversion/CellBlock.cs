using System.Collections.Immutable;
using System.Runtime.InteropServices;
using CleanRoom.Datasets.Check;

namespace CleanRoom.Datasets.Conversion;

/// <summary>The cells of a block of records as they are stored, before it is known in which row groups.</summary>
/// <param name="columns">Empty.</param>
/// <param name="units">Gives the bytes of units, to this block alone; null if rows are not dealt out by unit.</param>
/// <param name="partitioner">Says where the rows of a unit go.</param>
internal sealed class CellBlock(ImmutableArray<ColumnBuffer> columns, UnitBytes? units, IUnitPartitioner partitioner) : ICellStore
{
    /// <summary>The partition of a row that has no unit.</summary>
    public const int NoPartition = -1;

    private readonly List<int> _rowBytes = [];
    private readonly List<int> _partitions = [];

    /// <summary>Gets the columns.</summary>
    public ImmutableArray<ColumnBuffer> Columns => columns;

    /// <summary>Gets the bytes of each row.</summary>
    public ReadOnlySpan<int> RowBytes => CollectionsMarshal.AsSpan(_rowBytes);

    /// <summary>Gets the partition of each row, or <see cref="NoPartition"/>; may be changed.</summary>
    public Span<int> Partitions => CollectionsMarshal.AsSpan(_partitions);

    /// <inheritdoc/>
    public void Add(ReadOnlySpan<CheckedCell> cells)
    {
        var bytes = 0;
        for (var i = 0; i < cells.Length; i++)
        {
            bytes += columns[i].Add(cells[i]);
        }

        _rowBytes.Add(bytes);
        _partitions.Add(units is not null && !cells[units.Column].IsNull ? partitioner.Of(units.Of(cells[units.Column])) : NoPartition);
    }

    /// <inheritdoc/>
    public void Clear()
    {
        foreach (var column in columns)
        {
            column.Clear();
        }

        _rowBytes.Clear();
        _partitions.Clear();
    }
}
