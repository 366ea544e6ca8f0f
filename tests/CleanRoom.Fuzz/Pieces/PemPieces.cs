using System.Security.Cryptography;
using System.Text;

namespace CleanRoom.Fuzz.Pieces;

/// <summary>Takes PEM apart into its blocks.</summary>
internal static class PemPieces
{
    public static Piece? Read(ReadOnlySpan<byte> bytes, int depth)
    {
        if (bytes.IndexOf("-----BEGIN"u8) < 0)
        {
            return null;
        }

        ReadOnlySpan<char> rest = Encoding.ASCII.GetString(bytes);
        var blocks = new List<Piece>();
        while (PemEncoding.TryFind(rest, out var fields))
        {
            var label = rest[fields.Label].ToString();
            blocks.Add(Piece.Of(
                Encoding.ASCII.GetBytes(rest[fields.Location].ToString() + '\n'),
                [PieceReader.Read(Convert.FromBase64String(rest[fields.Base64Data].ToString()), depth + 1)],
                inner => Encoding.ASCII.GetBytes(PemEncoding.WriteString(label, PieceReader.Concat(inner)) + '\n')));
            rest = rest[fields.Location.End..];
        }

        return blocks.Count == 0 ? null : Piece.Of(bytes, [.. blocks], inner => PieceReader.Concat(inner));
    }
}
