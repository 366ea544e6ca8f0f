using System.Formats.Cbor;

namespace CleanRoom.Attestation.Corim;

/// <summary>Reads CBOR with definite lengths, limits, unique keys and nothing after the end. Trust: attacker-controlled.</summary>
internal static class StrictCbor
{
    /// <summary>Begins.</summary>
    public static CborReader Open(ReadOnlyMemory<byte> bytes) => new(bytes, CborConformanceMode.Strict);

    /// <summary>Reads a map whose keys are integers.</summary>
    /// <param name="what">Its name.</param>
    /// <param name="member">Reads the value of a key; false when it does not know the key, which is refused.</param>
    public static void Map(CborReader reader, string what, Func<int, bool> member)
    {
        Require(reader, CborReaderState.StartMap, $"{what} as a map");
        var count = reader.ReadStartMap() ?? throw new CorimFormException($"{what} of a definite length", "another");
        for (var i = 0; i < count; i++)
        {
            if (reader.PeekState() is not (CborReaderState.UnsignedInteger or CborReaderState.NegativeInteger))
            {
                throw new CorimFormException($"members of {what} that have a number", "another");
            }

            var key = reader.ReadInt32();
            if (!member(key))
            {
                throw new CorimFormException($"members of {what} that this profile knows", $"member {key}");
            }
        }

        reader.ReadEndMap();
    }

    /// <summary>Reads an array of 1 or more items.</summary>
    public static void Array(CborReader reader, string what, int most, Action item)
    {
        Require(reader, CborReaderState.StartArray, $"{what} as an array");
        var count = reader.ReadStartArray() ?? throw new CorimFormException($"{what} of a definite length", "another");
        if (count < 1 || count > most)
        {
            throw new CorimFormException($"1 to {most} {what}", $"{count}");
        }

        for (var i = 0; i < count; i++)
        {
            item();
        }

        reader.ReadEndArray();
    }

    /// <summary>Reads a tag that must be the given one.</summary>
    public static void Tag(CborReader reader, ulong tag, string what)
    {
        Require(reader, CborReaderState.Tag, $"{what} (tag {tag})");
        var got = (ulong)reader.ReadTag();
        if (got != tag)
        {
            throw new CorimFormException($"{what} (tag {tag})", $"tag {got}");
        }
    }

    /// <summary>Reads text.</summary>
    public static string Text(CborReader reader, string what)
    {
        Require(reader, CborReaderState.TextString, $"{what} as text");
        var text = reader.ReadTextString();
        return text.Length is > 0 and <= CorimFormat.MaxTextCharacters
            ? text
            : throw new CorimFormException($"{what} of 1 to {CorimFormat.MaxTextCharacters} characters", $"{text.Length}");
    }

    /// <summary>Reads bytes.</summary>
    public static byte[] ByteString(CborReader reader, string what, int most)
    {
        Require(reader, CborReaderState.ByteString, $"{what} as bytes");
        var bytes = reader.ReadDefiniteLengthByteString();
        return bytes.Length >= 1 && bytes.Length <= most ? bytes.ToArray() : throw new CorimFormException($"{what} of 1 to {most} bytes", $"{bytes.Length}");
    }

    /// <summary>Refuses bytes after the end.</summary>
    public static void End(CborReader reader, string what)
    {
        if (reader.BytesRemaining != 0)
        {
            throw new CorimFormException($"nothing after {what}", $"{reader.BytesRemaining} bytes");
        }
    }

    /// <summary>Refuses a value of another kind.</summary>
    public static void Require(CborReader reader, CborReaderState state, string wanted)
    {
        if (reader.PeekState() is var got && got != state)
        {
            throw new CorimFormException(wanted, $"{got}");
        }
    }
}
