using System.Globalization;
using System.Security.Cryptography;

namespace CleanRoom.Storage.Objects;

/// <summary>The name of an object. It says nothing about the content, and cannot leave its container.</summary>
/// <remarks>Shape: 128 bits; text form 32 lower-case hex digits.</remarks>
public readonly record struct ObjectName(UInt128 Value)
{
    /// <summary>Length of the text form.</summary>
    public const int TextLength = 32;

    /// <summary>Chooses a random name.</summary>
    public static ObjectName Random()
    {
        Span<byte> bytes = stackalloc byte[TextLength / 2];
        RandomNumberGenerator.Fill(bytes);
        return new ObjectName(System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(bytes));
    }

    /// <summary>Reads 32 lower-case hex digits; anything else is refused.</summary>
    public static bool TryParse(string? text, out ObjectName name)
    {
        name = default;
        if (text is not { Length: TextLength } || !text.All(char.IsAsciiHexDigitLower))
        {
            return false;
        }

        name = new ObjectName(UInt128.Parse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
        return true;
    }

    /// <summary>Reads a name from a document whose shape was checked.</summary>
    /// <exception cref="FormatException">It is not 32 lower-case hex digits.</exception>
    public static ObjectName Parse(string text) =>
        TryParse(text, out var name) ? name : throw new FormatException("wanted 32 lower-case hex digits");

    /// <summary>Returns the 32 lower-case hex digits.</summary>
    public override string ToString() => Value.ToString("x32", CultureInfo.InvariantCulture);
}
