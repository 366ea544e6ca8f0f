using System.Collections.Immutable;
using CleanRoom.Datasets.Check;

namespace CleanRoom.Datasets.Conversion;

/// <summary>Writes checked records as Parquet, holding one row group in memory. Spec: contracts/spec/0007 s.10.</summary>
internal sealed class ParquetConverter(Stream output, IIdentifierRekeyer rekeyer) : IRowSink
{
    /// <summary>Rows of a full row group: DuckDB's own, so that one scan task reads one group.</summary>
    public const int RowGroupRows = 122_880;

    /// <summary>The values of a row group, in bytes, after which it is written however few its rows are.</summary>
    public const int RowGroupBytes = 64 << 20;

    private ImmutableArray<ColumnBuffer> _columns = [];
    private ParquetFileWriter? _writer;
    private int _rows;
    private long _bufferedBytes;

    /// <summary>Gets the number of bytes written.</summary>
    public long BytesWritten => Writer.BytesWritten;

    /// <summary>Gets the number of row groups written.</summary>
    public int RowGroups => Writer.RowGroups;

    private ParquetFileWriter Writer => _writer ?? throw new InvalidOperationException("the columns are not known yet");

    /// <inheritdoc/>
    public void Begin(ImmutableArray<ColumnRule> rules)
    {
        _columns = [.. rules.Select(rule => new ColumnBuffer(rule, rekeyer))];
        _writer = new ParquetFileWriter(output, _columns);
    }

    /// <inheritdoc/>
    public ValueTask AddAsync(RowChecker row, CancellationToken cancellationToken)
    {
        var cells = row.Cells;
        for (var i = 0; i < cells.Length; i++)
        {
            var before = _columns[i].BufferedBytes;
            _columns[i].Add(cells[i]);
            _bufferedBytes += _columns[i].BufferedBytes - before;
        }

        _rows++;
        return _rows == RowGroupRows || _bufferedBytes >= RowGroupBytes ? new ValueTask(WriteGroupAsync(cancellationToken)) : ValueTask.CompletedTask;
    }

    /// <summary>Writes what is left, and the footer.</summary>
    public async Task FinishAsync(CancellationToken cancellationToken)
    {
        if (_rows > 0)
        {
            await WriteGroupAsync(cancellationToken);
        }

        await Writer.FinishAsync(cancellationToken);
    }

    private async Task WriteGroupAsync(CancellationToken cancellationToken)
    {
        await Writer.WriteGroupAsync(_rows, cancellationToken);
        (_rows, _bufferedBytes) = (0, 0);
    }
}
