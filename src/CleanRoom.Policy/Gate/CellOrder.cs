using System.Collections.Immutable;
using CleanRoom.Policy.Plans;

namespace CleanRoom.Policy.Gate;

/// <summary>Orders rows by released values alone; rows that are equal there stay in the order of their keys.</summary>
/// <remarks>Text by UTF-16 code units, false before true, nulls last unless the query says first. Spec: contracts/spec/0008 s.7.</remarks>
internal static class CellOrder
{
    /// <summary>Compares two values; the rule for nulls does not depend on the direction.</summary>
    public static int Compare(CellValue left, CellValue right, bool descending, bool nullsFirst) => (left, right) switch
    {
        (CellValue.Null, CellValue.Null) => 0,
        (CellValue.Null, _) => nullsFirst ? -1 : 1,
        (_, CellValue.Null) => nullsFirst ? 1 : -1,
        _ => descending ? -Compare(left, right) : Compare(left, right),
    };

    /// <summary>Compares keys, ascending.</summary>
    public static int CompareKeys(ImmutableArray<CellValue> left, ImmutableArray<CellValue> right)
    {
        for (var i = 0; i < left.Length; i++)
        {
            var order = Compare(left[i], right[i], descending: false, nullsFirst: false);
            if (order != 0)
            {
                return order;
            }
        }

        return 0;
    }

    /// <summary>Compares rows as the query orders them.</summary>
    public static int CompareRows(ImmutableArray<OutputOrder> order, ImmutableArray<CellValue> left, ImmutableArray<CellValue> right)
    {
        foreach (var item in order)
        {
            var result = Compare(left[item.Output], right[item.Output], item.Descending, item.NullsFirst);
            if (result != 0)
            {
                return result;
            }
        }

        return 0;
    }

    private static int Compare(CellValue left, CellValue right) => (left, right) switch
    {
        (CellValue.Number a, CellValue.Number b) => Rational.Of(a).CompareTo(Rational.Of(b)),
        (CellValue.Text a, CellValue.Text b) => string.CompareOrdinal(a.Value, b.Value),
        (CellValue.Boolean a, CellValue.Boolean b) => a.Value.CompareTo(b.Value),
        (CellValue.Date a, CellValue.Date b) => a.Value.CompareTo(b.Value),
        (CellValue.Timestamp a, CellValue.Timestamp b) => a.Value.CompareTo(b.Value),
        (CellValue.Uuid a, CellValue.Uuid b) => string.CompareOrdinal(a.ToString(), b.ToString()),
        _ => throw new ArgumentException("wanted two values of one type"),
    };
}
