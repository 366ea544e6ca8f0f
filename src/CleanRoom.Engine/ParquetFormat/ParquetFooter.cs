using System.Buffers.Binary;
using System.Collections.Immutable;
using CleanRoom.Protocol;

namespace CleanRoom.Engine.ParquetFormat;

/// <summary>The column chunks of a Parquet file, read from its footer (FileMetaData of parquet.thrift).</summary>
/// <param name="Chunks">All column chunks of all row groups.</param>
/// <param name="DataEnd">The first byte of the footer: no chunk reaches beyond.</param>
internal sealed record ParquetFooter(ImmutableArray<ParquetColumnChunk> Chunks, long DataEnd)
{
    /// <summary>Bytes at the end of the file: the footer's length, little-endian, and the magic.</summary>
    public const int TailBytes = 8;

    /// <summary>Bytes at the start of the file: the magic.</summary>
    public const int MagicBytes = 4;

    /// <summary>The longest footer.</summary>
    public const int MaxFooterBytes = 64 * 1_048_576;

    private const int MaxChunks = 1_000_000;
    private const int RowGroupsField = 4;
    private const int ColumnsField = 1;

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
        var chunks = ImmutableArray.CreateBuilder<ParquetColumnChunk>();
        var field = 0;
        while (reader.TryReadField(ref field, out var type))
        {
            if (field == RowGroupsField && type == ThriftType.List)
            {
                if (!TryReadRowGroups(ref reader, dataEnd, chunks))
                {
                    return Refuse("row groups whose columns lie inside the file", "others");
                }
            }
            else
            {
                reader.Skip(type);
            }
        }

        return reader.HasFailed || reader.Position != footer.Length
            ? Refuse("a footer that is one thrift structure", "malformed bytes")
            : new ParquetFooter(chunks.ToImmutable(), dataEnd);
    }

    private static bool TryReadRowGroups(
        ref ThriftCompactReader reader, long dataEnd, ImmutableArray<ParquetColumnChunk>.Builder chunks)
    {
        var groups = reader.ReadList(out var groupType);
        for (var group = 0; group < groups && !reader.HasFailed; group++)
        {
            if (groupType != ThriftType.Structure || !TryReadRowGroup(ref reader, dataEnd, chunks))
            {
                return false;
            }
        }

        return true;
    }

    private static bool TryReadRowGroup(
        ref ThriftCompactReader reader, long dataEnd, ImmutableArray<ParquetColumnChunk>.Builder chunks)
    {
        var field = 0;
        while (reader.TryReadField(ref field, out var type))
        {
            if (field != ColumnsField || type != ThriftType.List)
            {
                reader.Skip(type);
                continue;
            }

            var columns = reader.ReadList(out var columnType);
            for (var column = 0; column < columns; column++)
            {
                if (columnType != ThriftType.Structure || chunks.Count == MaxChunks
                    || ParquetColumnReader.Read(ref reader, dataEnd) is not { } chunk)
                {
                    return false;
                }

                chunks.Add(chunk);
            }
        }

        return !reader.HasFailed;
    }

    private static Refusal Refuse(string wanted, string got) => new(RefusalCode.PartInvalid, "a parquet file with " + wanted, got);
}
