using System.Collections.Immutable;
using CleanRoom.Datasets.Check;
using Parquet;
using Parquet.Schema;

namespace CleanRoom.Datasets.Conversion;

/// <summary>Writes checked records as Parquet, holding one row group in memory. Spec: contracts/spec/0007 s.10.</summary>
internal sealed class ParquetConverter(Stream output) : IRowSink, IAsyncDisposable
{
    /// <summary>Rows of a full row group: DuckDB's own, so that one scan task reads one group.</summary>
    public const int RowGroupRows = 122_880;

    /// <summary>The text of a row group, in bytes, after which it is written however few its rows are.</summary>
    public const int RowGroupTextBytes = 64 << 20;

    private readonly CountingStream _output = new(output);
    private ImmutableArray<ColumnBuffer> _columns = [];
    private ParquetSchema? _schema;
    private ParquetWriter? _writer;
    private int _rows;
    private long _textBytes;

    /// <summary>Gets the number of bytes written.</summary>
    public long BytesWritten => _output.Length;

    /// <summary>Gets the number of row groups written.</summary>
    public int RowGroups { get; private set; }

    /// <inheritdoc/>
    public void Begin(ImmutableArray<ColumnRule> rules)
    {
        _columns = [.. rules.Select(ColumnBuffer.Create)];
        _schema = new ParquetSchema(_columns.Select(column => column.Field));
    }

    /// <inheritdoc/>
    public ValueTask AddAsync(RowChecker row, CancellationToken cancellationToken)
    {
        var cells = row.Cells;
        for (var i = 0; i < cells.Length; i++)
        {
            _columns[i].Add(cells[i]);
            _textBytes += cells[i].Bytes.Length;
        }

        _rows++;
        return _rows == RowGroupRows || _textBytes >= RowGroupTextBytes ? new ValueTask(FlushAsync(cancellationToken)) : ValueTask.CompletedTask;
    }

    /// <summary>Writes what is left, and the footer.</summary>
    public async Task FinishAsync(CancellationToken cancellationToken)
    {
        if (_rows > 0)
        {
            await FlushAsync(cancellationToken);
        }

        await DisposeAsync();
        await output.FlushAsync(cancellationToken);
    }

    /// <summary>Ends the file; one that was not finished is incomplete.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_writer is not null)
        {
            await _writer.DisposeAsync();
            _writer = null;
        }
    }

    private async Task FlushAsync(CancellationToken cancellationToken)
    {
        var schema = _schema ?? throw new InvalidOperationException("the columns are not known yet");
        _writer ??= await ParquetWriter.CreateAsync(
            schema, _output, new ParquetOptions { CompressionMethod = CompressionMethod.Zstd }, append: false, cancellationToken);
        using (var group = _writer.CreateRowGroup())
        {
            foreach (var (column, field) in _columns.Zip(schema.GetDataFields()))
            {
                await column.WriteAsync(group, field, cancellationToken);
            }

            group.CompleteValidate();
        }

        RowGroups++;
        (_rows, _textBytes) = (0, 0);
    }
}
