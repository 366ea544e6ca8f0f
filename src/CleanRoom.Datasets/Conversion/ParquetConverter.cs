using System.Collections.Immutable;
using CleanRoom.Datasets.Check;

namespace CleanRoom.Datasets.Conversion;

/// <summary>Writes checked records as Parquet, a file for each partition. Spec: contracts/spec/0007 s.10, s.12.</summary>
/// <remarks>
/// Holds a row group under way for each file, and some that are encoded while the next are filled: at most <see cref="BufferedBytes"/> of values in
/// both. The bytes are the same for any number of processors. Dispose waits until nothing is written any more.
/// </remarks>
internal sealed class ParquetConverter : IRowSink, IAsyncDisposable
{
    /// <summary>Rows of a full row group: DuckDB's own, so that one scan task reads one group.</summary>
    public const int RowGroupRows = 122_880;

    /// <summary>The values of a row group, in bytes, after which it is written however few its rows are.</summary>
    public const int RowGroupBytes = 64 << 20;

    /// <summary>The values that all row groups under way hold, in bytes, when there are many partitions; and those that are encoded.</summary>
    public const int BufferedBytes = 256 << 20;

    private readonly ImmutableArray<Stream> _outputs;
    private readonly IIdentifierRekeyer _rekeyer;
    private readonly IUnitPartitioner _partitioner;
    private readonly int _processors;
    private ImmutableArray<ColumnRule> _rules = [];
    private ImmutableArray<PartitionFile> _files = [];
    private GroupEncoders? _encoders;
    private int _unitColumn = -1;
    private long _rows;

    /// <summary>Makes a converter.</summary>
    /// <param name="outputs">One for each partition.</param>
    /// <param name="rekeyer">Makes tokens of identifiers. Called by many threads at once.</param>
    /// <param name="partitioner">Says where the rows of a unit go. Called by many threads at once.</param>
    /// <param name="processors">How many to use, from 1.</param>
    public ParquetConverter(ImmutableArray<Stream> outputs, IIdentifierRekeyer rekeyer, IUnitPartitioner partitioner, int processors) =>
        (_outputs, _rekeyer, _partitioner, _processors) = (outputs, rekeyer, partitioner, processors);

    /// <summary>Gets the number of bytes written.</summary>
    public long BytesWritten => _files.Sum(file => file.BytesWritten);

    /// <summary>Gets the number of row groups written.</summary>
    public int RowGroups => _files.Sum(file => file.RowGroups);

    /// <inheritdoc/>
    public void Begin(ImmutableArray<ColumnRule> rules, int unitColumn)
    {
        (_rules, _unitColumn) = (rules, unitColumn);
        var most = Math.Min(RowGroupBytes, BufferedBytes / _outputs.Length);
        var encoders = new GroupEncoders(_processors, _processors == 1 ? 1 : Math.Min(2 * _processors, BufferedBytes / most), NewColumns);
        _files = [.. _outputs.Select(output => new PartitionFile(output, encoders, most))];
        _encoders = encoders;
    }

    /// <inheritdoc/>
    public ICellStore NewCells() =>
        new CellBlock(NewColumns(), _files.Length == 1 || _unitColumn < 0 ? null : new UnitBytes(_rules[_unitColumn], _unitColumn, _rekeyer), _partitioner);

    /// <inheritdoc/>
    public async ValueTask AddAsync(ICellStore cells, CancellationToken cancellationToken)
    {
        _encoders?.ThrowIfFailed();
        var block = (CellBlock)cells;
        var places = new ColumnPlace[block.Columns.Length];
        DealOut(block.Partitions);
        for (var from = 0; from < block.RowBytes.Length;)
        {
            var (to, full) = CountFrom(block, from);
            Copy(block, from, to, places);
            if (full is not null)
            {
                await full.EndGroupAsync(cancellationToken);
            }

            from = to;
        }
    }

    /// <summary>Writes what is left, and the footers.</summary>
    public async Task FinishAsync(CancellationToken cancellationToken)
    {
        foreach (var file in _files)
        {
            await file.EndAsync(cancellationToken);
        }

        foreach (var file in _files)
        {
            await file.FinishAsync(cancellationToken);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_encoders is { } encoders)
        {
            await encoders.StopAsync();
            foreach (var file in _files)
            {
                await file.Idle;
                foreach (var column in file.Columns)
                {
                    column.Clear();
                }
            }

            encoders.Dispose();
        }
    }

    private ImmutableArray<ColumnBuffer> NewColumns() => [.. _rules.Select(rule => new ColumnBuffer(rule, _rekeyer))];

    /// <summary>Rows without a unit meet nobody: they are dealt out in turn, so that many of them make no partition larger than the others.</summary>
    private void DealOut(Span<int> partitions)
    {
        for (var i = 0; i < partitions.Length; i++, _rows++)
        {
            partitions[i] = partitions[i] == CellBlock.NoPartition ? (int)(_rows % _files.Length) : partitions[i];
        }
    }

    /// <summary>Counts rows until one ends a row group.</summary>
    private (int To, PartitionFile? Full) CountFrom(CellBlock block, int from)
    {
        for (var i = from; i < block.RowBytes.Length; i++)
        {
            var file = _files[block.Partitions[i]];
            if (file.Count(block.RowBytes[i]))
            {
                return (i + 1, file);
            }
        }

        return (block.RowBytes.Length, null);
    }

    private void Copy(CellBlock block, int from, int to, ColumnPlace[] places)
    {
        var targets = new ColumnBuffer[_files.Length];
        for (var column = 0; column < places.Length; column++)
        {
            if (_files.Length == 1)
            {
                _files[0].Columns[column].Append(block.Columns[column], ref places[column], to - from);
                continue;
            }

            for (var i = 0; i < targets.Length; i++)
            {
                targets[i] = _files[i].Columns[column];
            }

            block.Columns[column].Deal(targets, block.Partitions[from..to], ref places[column]);
        }
    }
}
