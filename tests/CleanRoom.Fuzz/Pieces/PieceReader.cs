using System.Buffers;
using System.Buffers.Text;

namespace CleanRoom.Fuzz.Pieces;

/// <summary>Takes a seed apart by what it looks like: PEM, JSON, JWS, base64, DER, CBOR, or a structure that ends in a counted part.</summary>
internal static class PieceReader
{
    private const int MaxDepth = 24;
    private const int LeastText = 16;

    private static readonly SearchValues<byte> s_base64 = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="u8);
    private static readonly SearchValues<byte> s_hex = SearchValues.Create("0123456789abcdefABCDEF"u8);

    /// <summary>Takes bytes apart.</summary>
    public static Piece Read(ReadOnlySpan<byte> bytes, int depth = 0)
    {
        if (depth > MaxDepth || bytes.Length < 2)
        {
            return Piece.Leaf(bytes);
        }

        return Text(bytes, depth) ?? DerPieces.Read(bytes, depth) ?? CborPieces.Read(bytes, depth) ?? FramedPieces.Read(bytes, depth) ?? Piece.Leaf(bytes);
    }

    /// <summary>Takes text apart; null when it is of none of the forms.</summary>
    public static Piece? Text(ReadOnlySpan<byte> bytes, int depth)
    {
        if (bytes.ContainsAnyExceptInRange((byte)'\t', (byte)'~'))
        {
            return null;
        }

        return PemPieces.Read(bytes, depth) ?? JsonPieces.Read(bytes, depth) ?? Jws(bytes, depth) ?? Hex(bytes, depth) ?? Base64(bytes, depth);
    }

    private static Piece? Jws(ReadOnlySpan<byte> bytes, int depth)
    {
        if (!bytes.StartsWith("ey"u8) || bytes.Count((byte)'.') != 2)
        {
            return null;
        }

        var parts = new List<Piece>();
        foreach (var range in bytes.Split((byte)'.'))
        {
            var part = bytes[range];
            if (!Base64Url.IsValid(part))
            {
                return null;
            }

            parts.Add(Piece.Of(part, [Read(Base64Url.DecodeFromUtf8(part), depth + 1)], inner => Base64Url.EncodeToUtf8(Concat(inner))));
        }

        return Piece.Of(bytes, [.. parts], inner => Concat(inner, (byte)'.'));
    }

    private static Piece? Hex(ReadOnlySpan<byte> bytes, int depth) =>
        bytes.Length >= LeastText && bytes.Length % 2 == 0 && !bytes.ContainsAnyExcept(s_hex)
            ? Piece.Of(
                bytes,
                [Read(Convert.FromHexString(System.Text.Encoding.ASCII.GetString(bytes)), depth + 1)],
                inner => System.Text.Encoding.ASCII.GetBytes(Convert.ToHexStringLower(Concat(inner))))
            : null;

    private static Piece? Base64(ReadOnlySpan<byte> bytes, int depth)
    {
        if (bytes.Length < LeastText || bytes.Length % 4 != 0 || bytes.ContainsAnyExcept(s_base64))
        {
            return null;
        }

        var decoded = new byte[bytes.Length];
        return System.Buffers.Text.Base64.DecodeFromUtf8(bytes, decoded, out _, out var written) == OperationStatus.Done
            ? Piece.Of(bytes, [Read(decoded.AsSpan(0, written), depth + 1)], inner => System.Text.Encoding.ASCII.GetBytes(Convert.ToBase64String(Concat(inner))))
            : null;
    }

    /// <summary>Puts parts one after the other, with a byte between them.</summary>
    public static byte[] Concat(IReadOnlyList<byte[]> parts, byte? between = null)
    {
        var bytes = new byte[parts.Sum(part => part.Length) + (between is null ? 0 : Math.Max(0, parts.Count - 1))];
        var at = 0;
        for (var i = 0; i < parts.Count; i++)
        {
            if (i > 0 && between is { } separator)
            {
                bytes[at++] = separator;
            }

            parts[i].CopyTo(bytes, at);
            at += parts[i].Length;
        }

        return bytes;
    }
}
