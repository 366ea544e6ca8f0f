namespace CleanRoom.Engine.Results;

/// <summary>The form of a column's cells in encoded rows. Codes are bytes of the format. Spec: contracts/spec/0012 s.4.</summary>
internal enum RowCell : byte
{
    /// <summary>Never used.</summary>
    None = 0,

    /// <summary>One byte, 0 or 1.</summary>
    Boolean = 1,

    /// <summary>Eight bytes, two's complement.</summary>
    WholeNumber = 2,

    /// <summary>Sixteen bytes, two's complement.</summary>
    BigInteger = 3,

    /// <summary>Sixteen bytes, two's complement, below 10^38 in magnitude: the number times 10^scale.</summary>
    ScaledDecimal = 4,

    /// <summary>Eight bytes, IEEE 754 binary64.</summary>
    FloatingPoint = 5,

    /// <summary>Four bytes of length, then UTF-8.</summary>
    Text = 6,

    /// <summary>Four bytes of length, then bytes.</summary>
    Binary = 7,

    /// <summary>Four bytes, two's complement: days since 1970-01-01.</summary>
    Date = 8,

    /// <summary>Eight bytes, two's complement: microseconds since 1970-01-01, of no time zone.</summary>
    Timestamp = 9,

    /// <summary>The same in UTC.</summary>
    UtcTimestamp = 10,

    /// <summary>Four bytes of count, then so many numbers of four bytes, unsigned, each larger than the one before.</summary>
    Numbers = 11,
}
