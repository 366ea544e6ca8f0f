using System.Buffers.Binary;

namespace CleanRoom.Fuzz.Pieces;

/// <summary>Takes a structure apart that ends in a counted part: a quote's signature data, its certification data, a report in a frame.</summary>
internal static class FramedPieces
{
    private const int MaxHead = 1_536;
    private const int LeastContent = 16;

    public static Piece? Read(ReadOnlySpan<byte> bytes, int depth)
    {
        for (var at = 0; at <= Math.Min(MaxHead, bytes.Length - LeastContent - sizeof(uint)); at++)
        {
            var left = (uint)(bytes.Length - at - sizeof(uint));
            if (BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]) == left)
            {
                return Framed(bytes, at, BinaryPrimitives.WriteUInt32LittleEndian, depth);
            }

            if (BinaryPrimitives.ReadUInt32BigEndian(bytes[at..]) == left)
            {
                return Framed(bytes, at, BinaryPrimitives.WriteUInt32BigEndian, depth);
            }
        }

        return null;
    }

    private static Piece Framed(ReadOnlySpan<byte> bytes, int at, Action<Span<byte>, uint> write, int depth) => Piece.Of(
        bytes,
        [Piece.Leaf(bytes[..at]), PieceReader.Read(bytes[(at + sizeof(uint))..], depth + 1)],
        parts =>
        {
            var content = PieceReader.Concat([.. parts.Skip(1)]);
            var length = new byte[sizeof(uint)];
            write(length, (uint)content.Length);
            return [.. parts.Count > 0 ? parts[0] : [], .. length, .. content];
        });
}
