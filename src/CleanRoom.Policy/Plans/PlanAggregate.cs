namespace CleanRoom.Policy.Plans;

/// <summary>An aggregate over the rows of a group.</summary>
/// <param name="Function">The function.</param>
/// <param name="Column">The bare column; null for <see cref="AggregateFunction.CountRows"/> alone.</param>
public sealed record PlanAggregate(AggregateFunction Function, PlanColumn? Column)
{
    /// <summary>Gets the type of the result.</summary>
    public CellType CellType => Function switch
    {
        AggregateFunction.CountRows or AggregateFunction.CountDistinct => CellType.Count,
        AggregateFunction.Sum => CellType.OfScale(Column!.Scale),
        AggregateFunction.Average => CellType.Quotient(Column!.Scale),
        _ => throw new InvalidOperationException("unknown aggregate function"),
    };
}

/// <summary>The four functions that there are.</summary>
public enum AggregateFunction
{
    CountRows = 1,
    CountDistinct = 2,
    Sum = 3,
    Average = 4,
}
