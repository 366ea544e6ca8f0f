namespace CleanRoom.Engine.Results;

/// <summary>The type of a column of rows, and of its values.</summary>
public enum EngineType
{
    /// <summary>Never used.</summary>
    None = 0,

    /// <summary>Values are <see cref="bool"/>.</summary>
    Boolean = 1,

    /// <summary>Values are <see cref="long"/>: signed integers up to 64 bits, unsigned up to 32.</summary>
    WholeNumber = 2,

    /// <summary>Values are <see cref="System.Numerics.BigInteger"/>: 64 unsigned bits, or 128 signed bits (HUGEINT, DECIMAL of scale 0).</summary>
    BigInteger = 3,

    /// <summary>Values are <see cref="ScaledDecimal"/>: DECIMAL with digits after the point.</summary>
    ScaledDecimal = 4,

    /// <summary>Values are <see cref="double"/>. Never in what is released.</summary>
    FloatingPoint = 5,

    /// <summary>Values are <see cref="string"/>; UUIDs in their text form.</summary>
    Text = 6,

    /// <summary>Values are <see cref="ReadOnlyMemory{T}"/> of bytes.</summary>
    Binary = 7,

    /// <summary>Values are <see cref="DateOnly"/>.</summary>
    Date = 8,

    /// <summary>Values are <see cref="DateTime"/>, of kind UTC when the column has a time zone, else unspecified.</summary>
    Timestamp = 9,

    /// <summary>Values are <see cref="ReadOnlyMemory{T}"/> of <see cref="uint"/>: numbers, each once, ascending. Never in what is released.</summary>
    Numbers = 11,
}

/// <summary>A column of rows.</summary>
/// <param name="Name">As the generated SQL names it.</param>
/// <param name="Type">The type of its values.</param>
/// <param name="Scale">Digits after the point of <see cref="EngineType.ScaledDecimal"/>; else 0.</param>
public sealed record EngineColumn(string Name, EngineType Type, int Scale);
