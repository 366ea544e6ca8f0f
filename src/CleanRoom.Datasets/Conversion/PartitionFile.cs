using System.Collections.Immutable;

namespace CleanRoom.Datasets.Conversion;

/// <summary>The derived file of one partition and the row group under way. Spec: contracts/spec/0007 s.10.</summary>
/// <remarks>A full row group is encoded and written while the next is filled; row groups are written in their order. Not safe for concurrent calls.</remarks>
internal sealed class PartitionFile
{
    private readonly GroupEncoders _encoders;
    private readonly ParquetFileWriter _writer;
    private readonly long _groupBytes;
    private Task _written = Task.CompletedTask;
    private int _rows;
    private long _bufferedBytes;

    /// <summary>Makes an empty file.</summary>
    /// <param name="output">Writable, at its beginning.</param>
    /// <param name="encoders">Those of all partitions.</param>
    /// <param name="groupBytes">The values after which a row group is written, in bytes.</param>
    public PartitionFile(Stream output, GroupEncoders encoders, long groupBytes)
    {
        (_encoders, _groupBytes, _writer) = (encoders, groupBytes, new ParquetFileWriter(output));
        Columns = encoders.RentColumns();
    }

    /// <summary>Gets the columns of the row group under way.</summary>
    public ImmutableArray<ColumnBuffer> Columns { get; private set; }

    /// <summary>Gets the number of bytes written; of a meaning once the file is finished.</summary>
    public long BytesWritten => _writer.BytesWritten;

    /// <summary>Gets the number of row groups written; of a meaning once the file is finished.</summary>
    public int RowGroups => _writer.RowGroups;

    /// <summary>Gets a task that ends when nothing is written any more, and does not fail.</summary>
    public Task Idle => Task.WhenAny(_written);

    /// <summary>Counts a row whose cells are copied to the columns before the row group ends.</summary>
    /// <returns>True if it is the last of its row group, which MUST be ended then.</returns>
    public bool Count(int bytes)
    {
        _rows++;
        _bufferedBytes += bytes;
        return _rows == ParquetConverter.RowGroupRows || _bufferedBytes >= _groupBytes;
    }

    /// <summary>Ends the row group under way; returns when the next may be filled.</summary>
    public async Task EndGroupAsync(CancellationToken cancellationToken)
    {
        await _encoders.EnterAsync(cancellationToken);
        _written = WriteGroupAsync(_written, Columns, _rows);
        (Columns, _rows, _bufferedBytes) = (_encoders.RentColumns(), 0, 0);
        if (!_encoders.IsParallel)
        {
            await _written;
        }
    }

    /// <summary>Ends the last row group.</summary>
    public Task EndAsync(CancellationToken cancellationToken) => _rows > 0 ? EndGroupAsync(cancellationToken) : Task.CompletedTask;

    /// <summary>Writes what is not written yet, and the footer. After <see cref="EndAsync"/>.</summary>
    public async Task FinishAsync(CancellationToken cancellationToken)
    {
        await _written;
        await _writer.FinishAsync(Columns, cancellationToken);
    }

    private async Task WriteGroupAsync(Task before, ImmutableArray<ColumnBuffer> columns, int rows)
    {
        // With one processor a column is encoded when the one before it is written, so that one chunk is in memory and not a row group of them.
        var chunks = columns.Select(column => _encoders.EncodeAsync(column, rows));
        chunks = _encoders.IsParallel ? [.. chunks] : chunks;
        try
        {
            await before;
            foreach (var encoding in chunks)
            {
                var chunk = await encoding;
                await _writer.WriteChunkAsync(chunk, _encoders.Stopped);
                _encoders.Return(chunk);
            }

            _writer.EndGroup(rows);
        }
        catch (Exception failure)
        {
            _encoders.Fail(failure);
            if (_encoders.IsParallel)
            {
                // The columns are in use until the last is encoded.
                await Task.WhenAny(Task.WhenAll(chunks));
            }

            throw;
        }
        finally
        {
            _encoders.Leave(columns);
        }
    }
}
