using System.Collections.Immutable;
using System.Diagnostics;

namespace CleanRoom.Policy.Plans;

/// <summary>An aggregate over the rows of a group.</summary>
/// <param name="Function">The function.</param>
/// <param name="Column">The first argument, a bare column; null for <see cref="AggregateFunction.CountRows"/> alone.</param>
/// <param name="Second">The second argument, a bare column; null but for functions of two columns.</param>
public sealed record PlanAggregate(AggregateFunction Function, PlanColumn? Column, PlanColumn? Second = null)
{
    /// <summary>Gets the arguments in order; none, one or two.</summary>
    public ImmutableArray<PlanColumn> Columns => (Column, Second) switch
    {
        (null, _) => [],
        ({ } only, null) => [only],
        ({ } first, { } second) => [first, second],
    };

    /// <summary>Gets the type of the result.</summary>
    public CellType CellType => Function switch
    {
        AggregateFunction.CountRows or AggregateFunction.CountDistinct or AggregateFunction.RegrCount => CellType.Count,
        AggregateFunction.Sum => CellType.OfScale(Scale),
        AggregateFunction.Average or AggregateFunction.StddevPop or AggregateFunction.StddevSamp => CellType.Quotient(Scale),
        AggregateFunction.RegrSlope or AggregateFunction.RegrIntercept or AggregateFunction.RegrAvgY => CellType.Quotient(Scale),
        AggregateFunction.RegrAvgX => CellType.Quotient(SecondScale),
        AggregateFunction.VarPop or AggregateFunction.VarSamp or AggregateFunction.RegrSyy => CellType.Quotient(2 * Scale),
        AggregateFunction.RegrSxx => CellType.Quotient(2 * SecondScale),
        AggregateFunction.CovarPop or AggregateFunction.CovarSamp or AggregateFunction.RegrSxy => CellType.Quotient(Scale + SecondScale),
        AggregateFunction.Corr or AggregateFunction.RegrR2 => CellType.Quotient(0),
        _ => throw new UnreachableException(),
    };

    private int Scale => Column!.Scale;

    private int SecondScale => Second!.Scale;
}
