using CleanRoom.Protocol.Documents;

namespace CleanRoom.Policy.Plans;

/// <summary>The type of a value in an answer.</summary>
/// <param name="Type">The type; sums, averages and arithmetic are <see cref="ColumnType.Decimal"/> with up to 38 digits.</param>
/// <param name="Scale">Digits after the point, 0 to <see cref="MaxScale"/>; 0 unless decimal.</param>
public sealed record CellType(ColumnType Type, int Scale)
{
    /// <summary>The largest number of digits after the point.</summary>
    public const int MaxScale = 18;

    /// <summary>Digits that a quotient or an average has beyond those of what is divided. Spec: contracts/spec/0008 s.7.</summary>
    public const int QuotientDigits = 6;

    /// <summary>The type of every count.</summary>
    public static CellType Count { get; } = new(ColumnType.Int64, 0);

    /// <summary>Gets a value that says whether arithmetic is possible.</summary>
    public bool IsNumeric => Type is ColumnType.Int32 or ColumnType.Int64 or ColumnType.Decimal;

    /// <summary>A decimal; a larger scale is cut to <see cref="MaxScale"/>.</summary>
    public static CellType OfScale(int scale) => new(ColumnType.Decimal, Math.Min(scale, MaxScale));

    /// <summary>The type of a quotient whose dividend has this scale.</summary>
    public static CellType Quotient(int scale) => OfScale(scale + QuotientDigits);
}
