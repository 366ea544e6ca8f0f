using System.Collections.Immutable;
using CleanRoom.Policy.Plans;

namespace CleanRoom.Policy.Generation;

/// <summary>SQL that computes the cells of a plan and what the gate must know of them.</summary>
/// <param name="Text">One SELECT. No HAVING, no ORDER BY, no LIMIT: these come after the gate. In the tier list the last two are in it as well.</param>
/// <param name="Columns">The columns of the result, in order.</param>
public sealed record GeneratedSql(string Text, ImmutableArray<GeneratedColumn> Columns);

/// <summary>A column of a generated result.</summary>
/// <param name="Name">Its name in the result.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Index">The group key or aggregate that it belongs to; 0 for <see cref="GeneratedKind.Units"/>. In the tier list the output.</param>
/// <param name="Table">The protected table that it counts or totals over; -1 otherwise.</param>
/// <param name="Type">The type of its values.</param>
/// <param name="Moment">The sum of a statistic that it is, or totals; <see cref="Moment.None"/> otherwise.</param>
public sealed record GeneratedColumn(string Name, GeneratedKind Kind, int Index, int Table, CellType Type, Moment Moment = Moment.None);

/// <summary>What a column of a generated result is. Only the first five kinds and <see cref="Listed"/> may ever be part of an answer.</summary>
/// <remarks>Values of <see cref="UnitNumbers"/> and <see cref="ContributorNumbers"/> are lists, whatever the column's type says of single ones.</remarks>
public enum GeneratedKind
{
    /// <summary>A group key.</summary>
    Key = 1,

    /// <summary>A count, or a sum.</summary>
    Value = 2,

    /// <summary>The sum of an average.</summary>
    Numerator = 3,

    /// <summary>The count of an average.</summary>
    Denominator = 4,

    /// <summary>A sum of a statistic: an integer, in units of the columns' last digits.</summary>
    Moment = 5,

    /// <summary>Hidden: distinct units of a protected table in the row.</summary>
    Units = 6,

    /// <summary>Hidden: distinct units of a protected table that contribute to an aggregate.</summary>
    Contributors = 7,

    /// <summary>Hidden: the total of the units' absolute totals.</summary>
    UnitTotal = 8,

    /// <summary>Hidden: the largest absolute total of a unit.</summary>
    LargestUnit = 9,

    /// <summary>Hidden: the second largest absolute total of a unit.</summary>
    SecondUnit = 10,

    /// <summary>Hidden, in the dp tier: an exact number that noise is added to; the index is that of <see cref="NoisyValues"/>.</summary>
    Bounded = 11,

    /// <summary>Hidden, for the audit of earlier answers: the numbers of a protected table's units in the row; absent where they are too few.</summary>
    UnitNumbers = 12,

    /// <summary>Hidden, for the audit: the numbers of those that contribute to an aggregate; absent where they are too few, or all of the row's.</summary>
    ContributorNumbers = 13,

    /// <summary>Hidden, for the audit: how many units the numbering of a table's dataset has, the same in every row.</summary>
    Numbered = 14,

    /// <summary>In the tier list: a column of a row.</summary>
    Listed = 15,

    /// <summary>Hidden, in the tier list: the unit of a protected table in a row.</summary>
    ListedUnit = 16,
}
