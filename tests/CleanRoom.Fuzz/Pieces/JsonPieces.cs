using System.Collections.Immutable;
using System.Text.Json;

namespace CleanRoom.Fuzz.Pieces;

/// <summary>Takes JSON apart, and what its strings hold. What did not change keeps its spelling.</summary>
internal static class JsonPieces
{
    public static Piece? Read(ReadOnlySpan<byte> bytes, int depth)
    {
        if (bytes[0] is not ((byte)'{' or (byte)'['))
        {
            return null;
        }

        try
        {
            var reader = new Utf8JsonReader(bytes);
            reader.Read();
            var value = Value(ref reader, bytes, depth);
            return reader.Read() ? null : value;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static Piece Value(ref Utf8JsonReader reader, ReadOnlySpan<byte> bytes, int depth)
    {
        var start = (int)reader.TokenStartIndex;
        switch (reader.TokenType)
        {
            case JsonTokenType.StartArray:
                var items = ImmutableArray.CreateBuilder<Piece>();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    items.Add(Value(ref reader, bytes, depth + 1));
                }

                return Piece.Of(bytes[start..(int)reader.BytesConsumed], items.ToImmutable(), parts => [(byte)'[', .. PieceReader.Concat(parts, (byte)','), (byte)']']);
            case JsonTokenType.StartObject:
                var members = ImmutableArray.CreateBuilder<Piece>();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
                {
                    var from = (int)reader.TokenStartIndex;
                    var name = Text(reader.ValueSpan, depth);
                    reader.Read();
                    var value = Value(ref reader, bytes, depth + 1);
                    members.Add(Piece.Of(bytes[from..(int)reader.BytesConsumed], [name, value], parts => PieceReader.Concat(parts, (byte)':')));
                }

                return Piece.Of(bytes[start..(int)reader.BytesConsumed], members.ToImmutable(), parts => [(byte)'{', .. PieceReader.Concat(parts, (byte)','), (byte)'}']);
            case JsonTokenType.String:
                return Text(reader.ValueSpan, depth);
            default:
                return Piece.Leaf(bytes[start..(int)reader.BytesConsumed], PieceKind.Literal);
        }
    }

    private static Piece Text(ReadOnlySpan<byte> raw, int depth)
    {
        var inner = raw.Length < 2 || raw.Contains((byte)'\\') ? null : PieceReader.Text(raw, depth + 1);
        return Piece.Of([(byte)'"', .. raw, (byte)'"'], [inner ?? Piece.Leaf(raw, PieceKind.Text)], parts => [(byte)'"', .. PieceReader.Concat(parts), (byte)'"']);
    }
}
