using System.Buffers.Binary;
using System.Collections.Immutable;
using CleanRoom.Datasets.Problems;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Datasets.Source.ParquetFormat;

/// <summary>Reads a flat Parquet file, one page of each column in memory at a time. Spec: contracts/spec/0007 s.3.2.</summary>
/// <remarks>
/// contracts/decisions/0007 says why no library reads it. Values are read in their physical form and given their text here, so that
/// nothing rounds, replaces or re-interprets one.
/// </remarks>
internal sealed class ParquetTable : SourceTable
{
    private const int TrailerBytes = 8;

    private static readonly DatasetProblem Unreadable =
        DatasetProblem.OfFile(ProblemKind.FormatUnreadable, "a parquet file that can be decoded", "other bytes");

    private readonly Stream _source;
    private readonly ParquetMetadata _metadata;
    private readonly long _footerStart;
    private ParquetColumnReader[] _readers = [];
    private int _nextGroup;
    private long _row;
    private long _groupRowsLeft;

    private ParquetTable(Stream source, ParquetMetadata metadata, long footerStart)
    {
        (_source, _metadata, _footerStart) = (source, metadata, footerStart);
        Columns = [.. metadata.Columns.Select(column => column.Name)];
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
        problem ??= metadata is null ? null : CheckSizes(metadata, start);
        return problem is not null || metadata is null ? (null, problem) : (new ParquetTable(source, metadata, start), null);
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
        for (var column = 0; column < _readers.Length; column++)
        {
            var reader = _readers[column];
            if (reader.NeedsPage && !await reader.LoadPageAsync(cancellationToken))
            {
                Fault = Undecodable(column);
                return false;
            }

            if (reader.AppendNext(Row, column) is var read and not ParquetCellRead.Appended)
            {
                Fault = read == ParquetCellRead.Undecodable ? Undecodable(column) : TooLarge(reader.PendingBytes);
                return false;
            }
        }

        return true;
    }

    private static DatasetProblem? CheckSizes(ParquetMetadata metadata, long end)
    {
        // As decimals: the numbers are the file's and could wrap a 64-bit sum.
        decimal rows = metadata.RowGroups.Sum(group => (decimal)group.Rows);
        decimal bytes = metadata.RowGroups.Sum(group => group.Chunks.Sum(chunk => (decimal)chunk.CompressedBytes));
        if (rows > DatasetLimits.ParquetRows)
        {
            return DatasetProblem.OfFile(ProblemKind.FormatUnsupported, $"at most {DatasetLimits.ParquetRows} rows", $"{rows} rows");
        }

        // Chunks that lie over each other would make a small file cost the work of a large one.
        return bytes > end ? DatasetProblem.OfFile(ProblemKind.FormatUnreadable, "column chunks beside each other", "more bytes than the file has") : null;
    }

    private DatasetProblem Undecodable(int column) => new()
    {
        Kind = ProblemKind.FormatUnreadable,
        Row = _row,
        Column = Columns[column],
        Wanted = "pages that hold what their headers say",
        Got = "other bytes",
    };

    private DatasetProblem TooLarge(int pendingBytes) => Row.TextBytes + pendingBytes > DatasetLimits.RowBytes
        ? DatasetProblem.OfRow(ProblemKind.RowTooLarge, _row, $"at most {DatasetLimits.RowBytes} bytes in a record", "more")
        : DatasetProblem.OfRow(ProblemKind.CellTooLarge, _row, $"at most {DatasetLimits.CellBytes} bytes in a cell", "more");

    /// <summary>Reads the bytes of a file's footer.</summary>
    /// <param name="source">Seekable.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>The footer and where it begins; null for a file that has none.</returns>
    public static async Task<(byte[]? Footer, long Start)> ReadFooterAsync(Stream source, CancellationToken cancellationToken)
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
        cancellationToken.ThrowIfCancellationRequested();
        var group = _metadata.RowGroups[_nextGroup++];
        (var pages, Fault) = await ParquetPageGuard.IndexAsync(_source, _metadata.Columns, group, _footerStart, cancellationToken);
        if (pages is not { } index)
        {
            return false;
        }

        _readers = [.. _metadata.Columns.Select((column, i) => new ParquetColumnReader(_source, column, group.Chunks[i].Codec, index[i]))];
        _groupRowsLeft = group.Rows;
        BytesRead += group.Chunks.Sum(chunk => chunk.CompressedBytes);
        return true;
    }
}
