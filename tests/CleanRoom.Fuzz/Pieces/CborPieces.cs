using System.Buffers.Binary;
using System.Collections.Immutable;

namespace CleanRoom.Fuzz.Pieces;

/// <summary>Takes CBOR of definite lengths apart, and what byte strings hold.</summary>
internal static class CborPieces
{
    private const int ByteString = 2;
    private const int TextString = 3;
    private const int Array = 4;
    private const int Map = 5;
    private const int Tag = 6;

    /// <summary>Reads an array, map or tag that takes all the bytes.</summary>
    public static Piece? Read(ReadOnlySpan<byte> bytes, int depth)
    {
        var rest = bytes;
        return (bytes[0] >> 5) is Array or Map or Tag && Item(ref rest, depth) is { } item && rest.IsEmpty ? item : null;
    }

    private static Piece? Item(ref ReadOnlySpan<byte> rest, int depth)
    {
        var start = rest;
        if (depth > 40 || Head(ref rest) is not { } head)
        {
            return null;
        }

        var (major, value) = head;
        switch (major)
        {
            case ByteString or TextString:
                if (value > (ulong)rest.Length)
                {
                    return null;
                }

                var content = rest[..(int)value];
                rest = rest[(int)value..];
                var inner = major == ByteString ? PieceReader.Read(content, depth + 1) : Piece.Leaf(content, PieceKind.Text);
                return Piece.Of(Taken(start, rest), [inner], parts => Counted(major, PieceReader.Concat(parts)));
            case Array or Map or Tag:
                var count = major switch { Map => value * 2, Tag => 1UL, _ => value };
                if (count > (ulong)rest.Length)
                {
                    return null;
                }

                var items = ImmutableArray.CreateBuilder<Piece>();
                for (var i = 0UL; i < count; i++)
                {
                    if (Item(ref rest, depth + 1) is not { } item)
                    {
                        return null;
                    }

                    items.Add(item);
                }

                return Piece.Of(Taken(start, rest), items.ToImmutable(), parts =>
                    [.. Write(major, major switch { Map => (ulong)parts.Count / 2, Tag => value, _ => (ulong)parts.Count }), .. PieceReader.Concat(parts)]);
            default:
                return Piece.Leaf(Taken(start, rest));
        }
    }

    private static ReadOnlySpan<byte> Taken(ReadOnlySpan<byte> start, ReadOnlySpan<byte> rest) => start[..(start.Length - rest.Length)];

    private static (int Major, ulong Value)? Head(ref ReadOnlySpan<byte> rest)
    {
        if (rest.IsEmpty)
        {
            return null;
        }

        var (major, info) = (rest[0] >> 5, rest[0] & 0x1f);
        var length = info switch { < 24 => 0, 24 => 1, 25 => 2, 26 => 4, 27 => 8, _ => -1 };
        if (length < 0 || rest.Length <= length)
        {
            return null;
        }

        var value = length switch
        {
            0 => (ulong)info,
            1 => rest[1],
            2 => BinaryPrimitives.ReadUInt16BigEndian(rest[1..]),
            4 => BinaryPrimitives.ReadUInt32BigEndian(rest[1..]),
            _ => BinaryPrimitives.ReadUInt64BigEndian(rest[1..]),
        };
        rest = rest[(1 + length)..];
        return (major, value);
    }

    private static byte[] Counted(int major, byte[] content) => [.. Write(major, (ulong)content.Length), .. content];

    private static byte[] Write(int major, ulong value)
    {
        var first = (byte)(major << 5);
        return value switch
        {
            < 24 => [(byte)(first | (int)value)],
            <= 0xff => [(byte)(first | 24), (byte)value],
            <= 0xffff => [(byte)(first | 25), (byte)(value >> 8), (byte)value],
            _ => [(byte)(first | 26), (byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value],
        };
    }
}
