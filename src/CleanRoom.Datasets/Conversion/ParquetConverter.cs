using System.Collections.Immutable;
using CleanRoom.Datasets.Check;

namespace CleanRoom.Datasets.Conversion;

/// <summary>Writes checked records as Parquet, a file for each partition, holding one row group of each in memory. Spec: contracts/spec/0007 s.10, s.12.</summary>
internal sealed class ParquetConverter : IRowSink
{
    /// <summary>Rows of a full row group: DuckDB's own, so that one scan task reads one group.</summary>
    public const int RowGroupRows = 122_880;

    /// <summary>The values of a row group, in bytes, after which it is written however few its rows are.</summary>
    public const int RowGroupBytes = 64 << 20;

    /// <summary>The values that all row groups under way hold, in bytes, when there are many partitions.</summary>
    public const int BufferedBytes = 256 << 20;

    private readonly ImmutableArray<Stream> _outputs;
    private readonly IIdentifierRekeyer _rekeyer;
    private readonly IUnitPartitioner _partitioner;
    private ImmutableArray<PartitionFile> _files = [];
    private UnitBytes? _units;
    private long _rows;

    /// <summary>Makes a converter.</summary>
    /// <param name="outputs">One for each partition.</param>
    /// <param name="rekeyer">Makes tokens of identifiers.</param>
    /// <param name="partitioner">Says where the rows of a unit go.</param>
    public ParquetConverter(ImmutableArray<Stream> outputs, IIdentifierRekeyer rekeyer, IUnitPartitioner partitioner) =>
        (_outputs, _rekeyer, _partitioner) = (outputs, rekeyer, partitioner);

    /// <summary>Gets the number of bytes written.</summary>
    public long BytesWritten => _files.Sum(file => file.Writer.BytesWritten);

    /// <summary>Gets the number of row groups written.</summary>
    public int RowGroups => _files.Sum(file => file.Writer.RowGroups);

    /// <inheritdoc/>
    public void Begin(ImmutableArray<ColumnRule> rules, int unitColumn)
    {
        var most = Math.Min(RowGroupBytes, BufferedBytes / _outputs.Length);
        _files = [.. _outputs.Select(output => new PartitionFile(output, [.. rules.Select(rule => new ColumnBuffer(rule, _rekeyer))], most))];
        _units = unitColumn < 0 ? null : new UnitBytes(rules[unitColumn], unitColumn, _rekeyer);
    }

    /// <inheritdoc/>
    public ValueTask AddAsync(RowChecker row, CancellationToken cancellationToken) =>
        _files[PartitionOf(row.Cells, _rows++)].AddAsync(row.Cells, cancellationToken);

    /// <summary>Writes what is left, and the footers.</summary>
    public async Task FinishAsync(CancellationToken cancellationToken)
    {
        foreach (var file in _files)
        {
            await file.FinishAsync(cancellationToken);
        }
    }

    /// <summary>Rows without a unit meet nobody: they are dealt out in turn, so that many of them make no partition larger than the others.</summary>
    private int PartitionOf(ReadOnlySpan<CheckedCell> cells, long row) => _files.Length == 1 ? 0
        : _units is { } units && !cells[units.Column].IsNull ? _partitioner.Of(units.Of(cells[units.Column]))
        : (int)(row % _files.Length);
}
