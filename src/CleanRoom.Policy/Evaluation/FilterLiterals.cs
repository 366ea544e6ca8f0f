using System.Diagnostics;
using CleanRoom.Policy.Plans;

namespace CleanRoom.Policy.Evaluation;

/// <summary>Lists the literals of a condition with the columns that they are compared with.</summary>
internal static class FilterLiterals
{
    /// <summary>Returns every pair.</summary>
    public static IEnumerable<(PlanColumn Column, Literal Value)> Of(PlanFilter filter) => filter switch
    {
        PlanFilter.And and => and.Items.SelectMany(Of),
        PlanFilter.Or or => or.Items.SelectMany(Of),
        PlanFilter.Not not => Of(not.Item),
        PlanFilter.Compare compare => [(compare.Column, compare.Value)],
        PlanFilter.In within => within.Values.Select(value => (within.Column, value)),
        PlanFilter.IsNull => [],
        _ => throw new UnreachableException(),
    };
}
