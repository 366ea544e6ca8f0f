using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Immutable;
using CleanRoom.Protocol;

namespace CleanRoom.Engine.ParquetFormat;

/// <summary>The column chunks of a Parquet file, read from its footer (FileMetaData of parquet.thrift).</summary>
/// <param name="Groups">The row groups.</param>
/// <param name="DataEnd">The first byte of the footer: no chunk reaches beyond.</param>
/// <param name="Rows">Where in the footer the number of rows is; null if it is not there.</param>
/// <param name="List">Where in the footer the list of row groups is; null if it is not there.</param>
internal sealed record ParquetFooter(ImmutableArray<ParquetRowGroup> Groups, long DataEnd, Range? Rows, Range? List)
{
    /// <summary>Bytes at the end of the file: the footer's length, little-endian, and the magic.</summary>
    public const int TailBytes = 8;

    /// <summary>Bytes at the start of the file: the magic.</summary>
    public const int MagicBytes = 4;

    /// <summary>The longest footer.</summary>
    public const int MaxFooterBytes = 64 * 1_048_576;

    private const int MaxChunks = 1_000_000;
    private const int RowsField = 3;
    private const int RowGroupsField = 4;
    private const int ColumnsField = 1;
    private const int RowsOfGroupField = 3;

    /// <summary>Gets all column chunks of all row groups.</summary>
    public IEnumerable<ParquetColumnChunk> Chunks => Groups.SelectMany(group => group.Chunks);

    private static ReadOnlySpan<byte> Magic => "PAR1"u8;

    /// <summary>Reads the last 8 bytes of a file.</summary>
    /// <param name="tail">Exactly 8 bytes. Trust: collaborator-controlled.</param>
    /// <param name="fileLength">Length of the file in bytes.</param>
    /// <returns>The footer's range, or <see cref="RefusalCode.PartInvalid"/>.</returns>
    public static Result<ByteRange> Locate(ReadOnlySpan<byte> tail, long fileLength)
    {
        if (!tail[MagicBytes..].SequenceEqual(Magic))
        {
            return Refuse("the magic PAR1 at the end", "something else");
        }

        var length = BinaryPrimitives.ReadUInt32LittleEndian(tail);
        var longest = Math.Min(MaxFooterBytes, fileLength - TailBytes - MagicBytes);
        return length > 0 && length <= longest
            ? new ByteRange(fileLength - TailBytes - length, length)
            : Refuse($"a footer of 1 to {longest} bytes", $"{length} bytes");
    }

    /// <summary>Reads the footer.</summary>
    /// <param name="footer">Exactly the bytes of <see cref="Locate"/>. Trust: collaborator-controlled.</param>
    /// <param name="dataEnd">Offset of the footer in the file.</param>
    /// <returns>The chunks, each wholly between the first magic and the footer, or <see cref="RefusalCode.PartInvalid"/>.</returns>
    public static Result<ParquetFooter> Parse(ReadOnlySpan<byte> footer, long dataEnd)
    {
        var reader = new ThriftCompactReader(footer);
        var groups = ImmutableArray.CreateBuilder<ParquetRowGroup>();
        Range? rows = null, list = null;
        var field = 0;
        while (reader.TryReadField(ref field, out var type))
        {
            var start = reader.Position;
            switch (field, type)
            {
                case (RowGroupsField, ThriftType.List):
                    if (!TryReadRowGroups(ref reader, dataEnd, groups))
                    {
                        return Refuse("row groups whose columns lie inside the file", "others");
                    }

                    list = start..reader.Position;
                    break;
                case (RowsField, ThriftType.I64):
                    _ = reader.ReadInteger();
                    rows = start..reader.Position;
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }

        return reader.HasFailed || reader.Position != footer.Length
            ? Refuse("a footer that is one thrift structure", "malformed bytes")
            : new ParquetFooter(groups.ToImmutable(), dataEnd, rows, list);
    }

    /// <summary>Returns the footer of the same file with some of its row groups.</summary>
    /// <param name="footer">The bytes that were parsed.</param>
    /// <param name="groups">Those that stay, in order.</param>
    /// <returns>No longer than the bytes that were parsed, if these say numbers in as few bytes as they need; null where the footer says no number of rows.</returns>
    public byte[]? With(ReadOnlySpan<byte> footer, ImmutableArray<ParquetRowGroup> groups)
    {
        if (Rows is not { } rows || List is not { } list)
        {
            return null;
        }

        var writer = new ArrayBufferWriter<byte>(footer.Length);
        (Range Of, bool IsRows)[] parts = rows.Start.Value < list.Start.Value ? [(rows, true), (list, false)] : [(list, false), (rows, true)];
        var written = 0;
        foreach (var (of, isRows) in parts)
        {
            writer.Write(footer[written..of.Start.Value]);
            written = of.End.Value;
            if (isRows)
            {
                ThriftCompactWriter.WriteInteger(writer, groups.Sum(group => group.Rows));
                continue;
            }

            ThriftCompactWriter.WriteList(writer, groups.Length, ThriftType.Structure);
            foreach (var group in groups)
            {
                writer.Write(footer[group.Description]);
            }
        }

        writer.Write(footer[written..]);
        return writer.WrittenSpan.ToArray();
    }

    private static bool TryReadRowGroups(ref ThriftCompactReader reader, long dataEnd, ImmutableArray<ParquetRowGroup>.Builder read)
    {
        var chunks = 0;
        var groups = reader.ReadList(out var groupType);
        for (var group = 0; group < groups && !reader.HasFailed; group++)
        {
            if (groupType != ThriftType.Structure || ReadRowGroup(ref reader, dataEnd, MaxChunks - chunks) is not { } one)
            {
                return false;
            }

            chunks += one.Chunks.Length;
            read.Add(one);
        }

        return true;
    }

    private static ParquetRowGroup? ReadRowGroup(ref ThriftCompactReader reader, long dataEnd, int mostChunks)
    {
        var chunks = ImmutableArray.CreateBuilder<ParquetColumnChunk>();
        var (start, rows, field) = (reader.Position, 0L, 0);
        while (reader.TryReadField(ref field, out var type))
        {
            if (field == RowsOfGroupField && type == ThriftType.I64)
            {
                rows = reader.ReadInteger();
                continue;
            }

            if (field != ColumnsField || type != ThriftType.List)
            {
                reader.Skip(type);
                continue;
            }

            var columns = reader.ReadList(out var columnType);
            for (var column = 0; column < columns; column++)
            {
                if (columnType != ThriftType.Structure || chunks.Count == mostChunks
                    || ParquetColumnReader.Read(ref reader, dataEnd) is not { } chunk)
                {
                    return null;
                }

                chunks.Add(chunk);
            }
        }

        return reader.HasFailed ? null : new ParquetRowGroup(rows, chunks.ToImmutable(), start..reader.Position);
    }

    private static Refusal Refuse(string wanted, string got) => new(RefusalCode.PartInvalid, "a parquet file with " + wanted, got);
}
