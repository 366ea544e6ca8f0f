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
    private int _first;

    /// <summary>Gets the columns.</summary>
    public ImmutableArray<ColumnBuffer> Columns => columns;

    /// <summary>Gets the bytes of each row.</summary>
    public ReadOnlySpan<int> RowBytes => CollectionsMarshal.AsSpan(_rowBytes);

    private Span<int> RowsBegun => CollectionsMarshal.AsSpan(_rowBytes)[_first..];

    /// <summary>Gets the partition of each row, or <see cref="NoPartition"/>; may be changed.</summary>
    public Span<int> Partitions => CollectionsMarshal.AsSpan(_partitions);

    /// <inheritdoc/>
    public void Begin(int rows)
    {
        _first = _rowBytes.Count;
        CollectionsMarshal.SetCount(_rowBytes, _first + rows);
        CollectionsMarshal.SetCount(_partitions, _first + rows);
        RowsBegun.Clear();
        Partitions[_first..].Fill(NoPartition);
    }

    /// <inheritdoc/>
    public void AddNumbers(int column, ReadOnlySpan<long> numbers, ReadOnlySpan<byte> levels)
    {
        columns[column].AddNumbers(numbers, levels, RowsBegun);
        if (column == units?.Column)
        {
            var partitions = Partitions[_first..];
            for (var i = 0; i < partitions.Length; i++)
            {
                if (levels[i] != 0)
                {
                    partitions[i] = partitioner.Of(units.Of(new CheckedCell { Number = numbers[i] }));
                }
            }
        }
    }

    /// <inheritdoc/>
    public void Add(int column, int row, in CheckedCell cell)
    {
        RowsBegun[row] += columns[column].Add(cell);
        if (column == units?.Column && !cell.IsNull)
        {
            Partitions[_first + row] = partitioner.Of(units.Of(cell));
        }
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
