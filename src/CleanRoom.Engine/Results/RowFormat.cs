namespace CleanRoom.Engine.Results;

/// <summary>The numbers of the encoding in which an engine process sends rows. Spec: contracts/spec/0012 s.4.</summary>
internal static class RowFormat
{
    /// <summary>Magic, column count and row count.</summary>
    public const int HeadBytes = 10;

    /// <summary>What precedes a column's name: form, scale, length of the name, length of the cells.</summary>
    public const int ColumnHeadBytes = 8;

    /// <summary>The most columns.</summary>
    public const int MaxColumns = 1_024;

    /// <summary>The longest column name in UTF-8 bytes.</summary>
    public const int MaxNameBytes = 1_024;

    /// <summary>The most cells: bounds what a short encoding can make the node allocate.</summary>
    public const int MaxCells = 4_194_304;

    /// <summary>The most digits of a decimal.</summary>
    public const int MaxScale = 38;

    /// <summary>The byte before a value.</summary>
    public const byte Present = 1;

    /// <summary>The byte in place of an absent value.</summary>
    public const byte Absent = 0;

    /// <summary>The first and the last day that <see cref="DateOnly"/> holds, in days since 1970-01-01.</summary>
    public const int FirstDay = -719_162;

    /// <inheritdoc cref="FirstDay"/>
    public const int LastDay = 2_932_896;

    /// <summary>The first and the last microsecond that <see cref="DateTime"/> holds, since 1970-01-01.</summary>
    public const long FirstMicrosecond = -62_135_596_800_000_000;

    /// <inheritdoc cref="FirstMicrosecond"/>
    public const long LastMicrosecond = 253_402_300_799_999_999;

    /// <summary>Gets 10^38: the magnitude of every decimal is below it.</summary>
    public static Int128 DecimalEnd { get; } = (Int128)10_000_000_000_000_000_000 * 10_000_000_000_000_000_000;

    /// <summary>Gets the first four bytes.</summary>
    public static ReadOnlySpan<byte> Magic => "CRR1"u8;

    /// <summary>Returns the type of the column's values; <see cref="EngineType.None"/> for a code that the format does not have.</summary>
    public static EngineType TypeOf(RowCell cell) => cell switch
    {
        >= RowCell.Boolean and <= RowCell.Timestamp => (EngineType)cell,
        RowCell.UtcTimestamp => EngineType.Timestamp,
        RowCell.Numbers => EngineType.Numbers,
        _ => EngineType.None,
    };

    /// <summary>Says whether a column of this form may have the scale.</summary>
    public static bool IsScale(RowCell cell, int scale) =>
        cell == RowCell.ScaledDecimal ? scale is >= 1 and <= MaxScale : scale == 0;

    /// <summary>Returns the bytes that follow the presence byte, at least.</summary>
    public static int ValueBytes(RowCell cell) => cell switch
    {
        RowCell.Boolean => 1,
        RowCell.WholeNumber or RowCell.FloatingPoint or RowCell.Timestamp or RowCell.UtcTimestamp => sizeof(long),
        RowCell.BigInteger or RowCell.ScaledDecimal => 2 * sizeof(long),
        _ => sizeof(int),
    };
}
