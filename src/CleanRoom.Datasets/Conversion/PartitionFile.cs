using System.Collections.Immutable;
using CleanRoom.Datasets.Check;

namespace CleanRoom.Datasets.Conversion;

/// <summary>The derived file of one partition and the row group under way. Spec: contracts/spec/0007 s.10.</summary>
internal sealed class PartitionFile
{
    private readonly ImmutableArray<ColumnBuffer> _columns;
    private readonly long _groupBytes;
    private int _rows;
    private long _bufferedBytes;

    /// <summary>Makes an empty file.</summary>
    /// <param name="output">Writable, at its beginning.</param>
    /// <param name="columns">Empty buffers.</param>
    /// <param name="groupBytes">The values after which a row group is written, in bytes.</param>
    public PartitionFile(Stream output, ImmutableArray<ColumnBuffer> columns, long groupBytes)
    {
        (_columns, _groupBytes) = (columns, groupBytes);
        Writer = new ParquetFileWriter(output, columns);
    }

    /// <summary>Gets what writes it.</summary>
    public ParquetFileWriter Writer { get; }

    /// <summary>Copies a row; writes a row group when it is full.</summary>
    public ValueTask AddAsync(ReadOnlySpan<CheckedCell> cells, CancellationToken cancellationToken)
    {
        for (var i = 0; i < cells.Length; i++)
        {
            var before = _columns[i].BufferedBytes;
            _columns[i].Add(cells[i]);
            _bufferedBytes += _columns[i].BufferedBytes - before;
        }

        _rows++;
        return _rows == ParquetConverter.RowGroupRows || _bufferedBytes >= _groupBytes ? new ValueTask(WriteGroupAsync(cancellationToken)) : ValueTask.CompletedTask;
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
