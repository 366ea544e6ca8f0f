using System.Collections.Immutable;

namespace CleanRoom.Policy.Plans;

/// <summary>The order and number of rows of the tier list: functions of the plan, so that the SQL and the gate agree.</summary>
/// <remarks>Spec: contracts/spec/0003 s.9, 0008 s.12.</remarks>
public static class ListOrder
{
    /// <summary>Returns the query's order, then all other outputs ascending, nulls last. Rows that are equal there are ordered by their units.</summary>
    public static ImmutableArray<OutputOrder> Of(QueryPlan plan)
    {
        var ordered = plan.Order.Select(item => item.Output).ToHashSet();
        return
        [
            .. plan.Order,
            .. Enumerable.Range(0, plan.Outputs.Length).Where(output => !ordered.Contains(output))
                .Select(output => new OutputOrder(output, Descending: false, NullsFirst: false)),
        ];
    }

    /// <summary>Returns the most rows that leave.</summary>
    public static int Limit(QueryPlan plan) => (int)Math.Min(plan.Limit ?? int.MaxValue, plan.MaxRows);
}
