using CleanRoom.Datasets.Problems;

namespace CleanRoom.Datasets.Check;

/// <summary>Measures rows per unit. Spec: contracts/spec/0007 s.5.</summary>
/// <remarks>NULL and sentinels are nobody: their rows are counted apart and bounded by nothing, so no threshold may count them.</remarks>
internal sealed class UnitMeter(string column, int maxRowsPerUnit, int limit)
{
    private readonly BoundedCounter _rows = new(limit);

    /// <summary>Gets the number of different units; a lower bound when <see cref="IsExact"/> is false.</summary>
    public long Distinct => _rows.Distinct;

    /// <summary>Gets the largest number of rows of one unit; a lower bound when <see cref="IsExact"/> is false.</summary>
    public long Largest { get; private set; }

    /// <summary>Gets the number of rows whose unit is NULL.</summary>
    public long NullRows { get; private set; }

    /// <summary>Gets the number of rows whose unit stands for nobody.</summary>
    public long SentinelRows { get; private set; }

    /// <summary>Gets a value that says whether every unit was counted.</summary>
    public bool IsExact => !_rows.IsFull;

    /// <summary>Counts a row without a unit.</summary>
    public void AddNull() => NullRows++;

    /// <summary>Counts a row whose unit stands for nobody.</summary>
    public void AddSentinel() => SentinelRows++;

    /// <summary>Reads ahead in the table of units.</summary>
    public void Touch(ReadOnlySpan<UInt128> units) => _rows.Touch(units);

    /// <summary>Counts a row of a unit.</summary>
    /// <returns>A problem the first time that the unit has more rows than the contract allows.</returns>
    public DatasetProblem? Add(UInt128 unit, long row)
    {
        var count = _rows.Add(unit);
        Largest = Math.Max(Largest, count);
        return count != (long)maxRowsPerUnit + 1
            ? null
            : new DatasetProblem
            {
                Kind = ProblemKind.TooManyRowsPerUnit,
                Row = row,
                Column = column,
                Wanted = $"at most {maxRowsPerUnit} rows of one unit",
                Got = "one more row of the same unit",
            };
    }
}
