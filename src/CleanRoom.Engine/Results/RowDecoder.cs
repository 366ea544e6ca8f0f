using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;

namespace CleanRoom.Engine.Results;

/// <summary>Decodes rows that an engine process encoded; every byte may be hostile.</summary>
/// <remarks>
/// No loop runs longer than the bytes, nothing is allocated before the lengths and counts that it depends on are checked, and nothing
/// throws. Each set of rows has one encoding: whatever is accepted encodes to the same bytes again. Spec: contracts/spec/0012 s.4.
/// </remarks>
internal static class RowDecoder
{
    private readonly record struct Part(EngineColumn Column, RowCell Cell, int CellsLength);

    /// <summary>Decodes rows.</summary>
    /// <returns>Null for anything that is not exactly one encoding within the limits.</returns>
    public static EngineRows? Decode(ReadOnlySpan<byte> bytes, int maxRows)
    {
        if (bytes.Length < RowFormat.HeadBytes || !bytes.StartsWith(RowFormat.Magic))
        {
            return null;
        }

        var columnCount = BinaryPrimitives.ReadUInt16BigEndian(bytes[4..]);
        var rowCount = BinaryPrimitives.ReadUInt32BigEndian(bytes[6..]);
        var rest = bytes[RowFormat.HeadBytes..];

        // A column takes its head, one byte of name and a byte for each cell at the least.
        if (columnCount is 0 or > RowFormat.MaxColumns || rowCount > (uint)maxRows
            || (long)rowCount * columnCount > RowFormat.MaxCells
            || columnCount * (RowFormat.ColumnHeadBytes + 1 + (long)rowCount) > rest.Length
            || DecodeHeads(ref rest, columnCount, (int)rowCount) is not { } parts)
        {
            return null;
        }

        var rows = new object?[rowCount][];
        for (var row = 0; row < rows.Length; row++)
        {
            rows[row] = new object?[columnCount];
        }

        for (var column = 0; column < parts.Length; column++)
        {
            if (!TryDecodeCells(rest[..parts[column].CellsLength], parts[column], rows, column))
            {
                return null;
            }

            rest = rest[parts[column].CellsLength..];
        }

        return new EngineRows(
            [.. parts.Select(part => part.Column)],
            [.. rows.Select(row => ImmutableCollectionsMarshal.AsImmutableArray(row))]);
    }

    private static Part[]? DecodeHeads(ref ReadOnlySpan<byte> rest, int columnCount, int rowCount)
    {
        var parts = new Part[columnCount];
        var cellsLength = 0L;
        for (var column = 0; column < columnCount; column++)
        {
            if (DecodeHead(ref rest, rowCount) is not { } part)
            {
                return null;
            }

            parts[column] = part;
            cellsLength += part.CellsLength;
        }

        return cellsLength == rest.Length ? parts : null;
    }

    private static Part? DecodeHead(ref ReadOnlySpan<byte> rest, int rowCount)
    {
        if (rest.Length < RowFormat.ColumnHeadBytes)
        {
            return null;
        }

        var cell = (RowCell)rest[0];
        int scale = rest[1];
        var nameLength = BinaryPrimitives.ReadUInt16BigEndian(rest[2..]);
        var cellsLength = BinaryPrimitives.ReadUInt32BigEndian(rest[4..]);
        rest = rest[RowFormat.ColumnHeadBytes..];
        var type = RowFormat.TypeOf(cell);
        if (type == EngineType.None || !RowFormat.IsScale(cell, scale)
            || nameLength is 0 or > RowFormat.MaxNameBytes || nameLength > rest.Length
            || cellsLength < rowCount || cellsLength > rest.Length - nameLength
            || !Utf8.IsValid(rest[..nameLength]))
        {
            return null;
        }

        var name = Encoding.UTF8.GetString(rest[..nameLength]);
        rest = rest[nameLength..];
        return new Part(new EngineColumn(name, type, scale), cell, (int)cellsLength);
    }

    private static bool TryDecodeCells(ReadOnlySpan<byte> cells, Part part, object?[][] rows, int column)
    {
        foreach (var row in rows)
        {
            if (cells.IsEmpty || cells[0] > RowFormat.Present)
            {
                return false;
            }

            var isPresent = cells[0] == RowFormat.Present;
            cells = cells[1..];
            if (isPresent)
            {
                if (RowValue.Decode(ref cells, part.Cell, part.Column.Scale) is not { } value)
                {
                    return false;
                }

                row[column] = value;
            }
        }

        return cells.IsEmpty;
    }
}
