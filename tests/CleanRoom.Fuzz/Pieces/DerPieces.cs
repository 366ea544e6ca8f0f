using System.Buffers.Binary;
using System.Collections.Immutable;

namespace CleanRoom.Fuzz.Pieces;

/// <summary>Takes DER apart: a change inside leaves the lengths of everything around it right.</summary>
internal static class DerPieces
{
    private const byte Sequence = 0x30;
    private const byte Constructed = 0x20;
    private const byte OctetString = 0x04;

    /// <summary>Reads a sequence that takes all the bytes.</summary>
    public static Piece? Read(ReadOnlySpan<byte> bytes, int depth) =>
        bytes[0] == Sequence && HeadOf(bytes) is { } head && head.Head + head.Content == bytes.Length ? Element(bytes, depth) : null;

    private static Piece Element(ReadOnlySpan<byte> bytes, int depth)
    {
        var tag = bytes[0];
        var content = bytes[HeadOf(bytes)!.Value.Head..];
        var children = (tag & Constructed) != 0 ? Elements(content, depth + 1) : null;
        children ??= tag == OctetString ? [PieceReader.Read(content, depth + 1)] : [Piece.Leaf(content)];
        return Piece.Of(bytes, children.Value, inner => Write(tag, PieceReader.Concat(inner)));
    }

    private static ImmutableArray<Piece>? Elements(ReadOnlySpan<byte> content, int depth)
    {
        var elements = ImmutableArray.CreateBuilder<Piece>();
        while (!content.IsEmpty)
        {
            if (HeadOf(content) is not { } head || head.Head + head.Content > content.Length)
            {
                return null;
            }

            var element = content[..(head.Head + head.Content)];
            elements.Add(Element(element, depth));
            content = content[element.Length..];
        }

        return elements.ToImmutable();
    }

    private static (int Head, int Content)? HeadOf(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 2 || (bytes[0] & 0x1f) == 0x1f)
        {
            return null;
        }

        return bytes[1] switch
        {
            < 0x80 and var length => (2, length),
            0x81 when bytes.Length > 2 => (3, bytes[2]),
            0x82 when bytes.Length > 3 => (4, BinaryPrimitives.ReadUInt16BigEndian(bytes[2..])),
            _ => null,
        };
    }

    private static byte[] Write(byte tag, byte[] content) => content.Length switch
    {
        < 0x80 => [tag, (byte)content.Length, .. content],
        < 0x100 => [tag, 0x81, (byte)content.Length, .. content],
        < 0x10000 => [tag, 0x82, (byte)(content.Length >> 8), (byte)content.Length, .. content],
        _ => [tag, 0x83, (byte)(content.Length >> 16), (byte)(content.Length >> 8), (byte)content.Length, .. content],
    };
}
