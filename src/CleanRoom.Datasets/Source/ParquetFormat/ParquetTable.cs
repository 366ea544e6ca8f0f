using System.Buffers.Binary;
using System.Collections.Immutable;
using CleanRoom.Datasets.Problems;
using CleanRoom.Protocol.Documents;
using Parquet;
using Parquet.Schema;

namespace CleanRoom.Datasets.Source.ParquetFormat;

/// <summary>Reads a flat Parquet file, one row group in memory at a time. Spec: contracts/spec/0007 s.3.2.</summary>
/// <remarks>
/// Footer and page headers are parsed here first, with limits; the library decodes only pages that passed. Values are
/// read in their physical form and given their text here, so no library rounds, replaces or re-interprets one.
/// </remarks>
internal sealed class ParquetTable : SourceTable
{
    private const int TrailerBytes = 8;

    private static readonly DatasetProblem Unreadable =
        DatasetProblem.OfFile(ProblemKind.FormatUnreadable, "a parquet file that can be decoded", "other bytes");

    private readonly Stream _source;
    private readonly ParquetMetadata _metadata;
    private readonly long _footerStart;
    private readonly DataField[] _fields;
    private readonly ParquetCells?[] _cells;
    private ParquetReader? _reader;
    private int _nextGroup;
    private long _row;
    private long _groupRowsLeft;

    private ParquetTable(Stream source, ParquetMetadata metadata, long footerStart)
    {
        (_source, _metadata, _footerStart) = (source, metadata, footerStart);
        Columns = [.. metadata.Columns.Select(column => column.Name)];
        _fields = new ParquetSchema(metadata.Columns.Select(ParquetCells.FieldOf)).GetDataFields();
        _cells = new ParquetCells?[Columns.Length];
        BytesRead = source.Length - footerStart;
    }

    /// <inheritdoc/>
    public override SourceFormat Format => SourceFormat.Parquet;

    /// <inheritdoc/>
    public override ImmutableArray<string> Columns { get; }

    /// <inheritdoc/>
    public override bool IsBinary(int column) => ParquetText.IsBinary(_metadata.Columns[column]);

    /// <summary>Reads the footer.</summary>
    public static async Task<(SourceTable? Table, DatasetProblem? Problem)> OpenAsync(Stream source, CancellationToken cancellationToken)
    {
        if (!source.CanSeek)
        {
            return (null, DatasetProblem.OfFile(ProblemKind.FormatUnsupported, "a seekable source for parquet", "a stream without seeking"));
        }

        var (footer, start) = await ReadFooterAsync(source, cancellationToken);
        if (footer is null)
        {
            return (null, Unreadable);
        }

        var (metadata, problem) = ParquetFooter.Parse(footer);
        problem ??= metadata is null ? Unreadable : HeaderRules.Check([.. metadata.Columns.Select(column => column.Name)]);
        problem ??= metadata?.Columns.FirstOrDefault(column => !ParquetText.IsSupported(column)) is { } unsupported
            ? DatasetProblem.OfColumn(ProblemKind.FormatUnsupported, unsupported.Name, "a type that has a text form", $"{unsupported.Physical} as {unsupported.Logical}".ToLowerInvariant())
            : null;
        if (problem is not null || metadata is null)
        {
            return (null, problem);
        }

        var table = new ParquetTable(source, metadata, start);
        return await TryDecodeAsync(() => table.OpenReaderAsync(cancellationToken)) ? (table, null) : (null, Unreadable);
    }

    /// <inheritdoc/>
    public override async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        while (_groupRowsLeft == 0)
        {
            if (Fault is not null || _nextGroup == _metadata.RowGroups.Length || !await ReadGroupAsync(cancellationToken))
            {
                return false;
            }
        }

        _groupRowsLeft--;
        Row.Begin(++_row);
        for (var column = 0; column < _cells.Length; column++)
        {
            if (_cells[column] is not { } cells || !cells.AppendNext(Row, column))
            {
                Fault = Row.TextBytes + (_cells[column]?.PendingBytes ?? 0) > DatasetLimits.RowBytes
                    ? DatasetProblem.OfRow(ProblemKind.RowTooLarge, _row, $"at most {DatasetLimits.RowBytes} bytes in a record", "more")
                    : DatasetProblem.OfRow(ProblemKind.CellTooLarge, _row, $"at most {DatasetLimits.CellBytes} bytes in a cell", "more");
                return false;
            }
        }

        return true;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        ReleaseGroup();
        base.Dispose(disposing);
    }

    private static async Task<(byte[]? Footer, long Start)> ReadFooterAsync(Stream source, CancellationToken cancellationToken)
    {
        // Head "PAR1", footer, 4-byte little-endian footer length, tail "PAR1".
        if (source.Length < 4 + TrailerBytes)
        {
            return (null, 0);
        }

        var trailer = new byte[TrailerBytes];
        source.Position = source.Length - TrailerBytes;
        await source.ReadExactlyAsync(trailer, cancellationToken);
        var length = BinaryPrimitives.ReadUInt32LittleEndian(trailer);
        if (!trailer.AsSpan(4).SequenceEqual("PAR1"u8)
            || length > DatasetLimits.ParquetFooterBytes
            || length > source.Length - TrailerBytes - 4)
        {
            return (null, 0);
        }

        var start = source.Length - TrailerBytes - length;
        var footer = new byte[length];
        source.Position = start;
        await source.ReadExactlyAsync(footer, cancellationToken);
        return (footer, start);
    }

    private async Task<bool> ReadGroupAsync(CancellationToken cancellationToken)
    {
        ReleaseGroup();
        var group = _metadata.RowGroups[_nextGroup];
        Fault = await ParquetPageGuard.CheckAsync(_source, group, _footerStart, cancellationToken);
        if (Fault is null && !await TryDecodeAsync(() => DecodeAsync(group, cancellationToken)))
        {
            Fault = Unreadable;
        }

        if (Fault is not null)
        {
            return false;
        }

        _nextGroup++;
        _groupRowsLeft = group.Rows;
        BytesRead += group.Chunks.Sum(chunk => chunk.CompressedBytes);
        return true;
    }

    private async Task OpenReaderAsync(CancellationToken cancellationToken) =>
        _reader = await ParquetReader.CreateAsync(_source, new ParquetOptions(), leaveStreamOpen: true, cancellationToken);

    private async Task DecodeAsync(ParquetRowGroup group, CancellationToken cancellationToken)
    {
        using var reader = _reader?.OpenRowGroupReader(_nextGroup) ?? throw new InvalidOperationException("the reader is not open");
        for (var column = 0; column < _fields.Length; column++)
        {
            var data = await reader.ReadRawColumnDataBaseAsync(_fields[column], cancellationToken);
            _cells[column] = ParquetCells.Create(_metadata.Columns[column], data, group.Rows)
                ?? throw new InvalidDataException("a column chunk has another number of values than its row group has rows");
        }
    }

    // A decoder signals bad bytes with exceptions of many types. Here each of them means the file, but for a broken source and a stop.
    private static async Task<bool> TryDecodeAsync(Func<Task> decode)
    {
        try
        {
            await decode();
            return true;
        }
        catch (Exception bad) when (bad is EndOfStreamException or not (OperationCanceledException or IOException or OutOfMemoryException))
        {
            return false;
        }
    }

    private void ReleaseGroup()
    {
        foreach (var cells in _cells)
        {
            cells?.Dispose();
        }

        Array.Clear(_cells);
    }
}
