using System.Collections.Immutable;
using CleanRoom.Policy.Bound;
using CleanRoom.Policy.Plans;
using CleanRoom.Policy.Verdicts;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Policy.Evaluation;

/// <summary>Puts the parts that the evaluator took together into a plan.</summary>
internal static class PlanBuilder
{
    /// <summary>Returns the plan; null when the query is refused, and then there is a finding.</summary>
    public static QueryPlan? Build(
        PolicyScope scope, PlanEvaluator parts, Relation? root, BoundOperator bound, ImmutableArray<string?> names, Findings findings)
    {
        root ??= new Relation([]);
        var outputs = root.Columns.OfType<PlanValue.Output>().Select(output => output.Expression).ToImmutableArray();
        if (!findings.Any && (parts.HasGaps || outputs.Length != root.Columns.Length || outputs.IsEmpty || parts.Tables.Count == 0))
        {
            findings.Add(RoomRules.Op("output of this kind"));
        }

        var order = ImmutableArray<OutputOrder>.Empty;
        if (Math.Max(outputs.Length, root.Order.Length) > QueryPlan.MaxColumns || parts.Groups.Count + parts.Aggregates.Count > QueryPlan.MaxColumns)
        {
            findings.Add(RoomRules.Op("more than 256 columns"));
        }
        else
        {
            order = Order(root, outputs, findings);
        }

        var noise = NoisePlanner.Plan(scope, parts, findings);
        if (findings.Any)
        {
            return null;
        }

        var plan = Assemble(scope, parts, root, OutputNames.For(names, bound, outputs, parts.Groups, parts.Aggregates), outputs, order, noise);
        if (noise is not null && NoisyValues.Mechanisms(plan).IsEmpty)
        {
            findings.Add(RoomRules.TooSmallBudget("the budget of a query is too small to be split over so many numbers"));
            return null;
        }

        if (Lineage.Of(plan).Length > QueryPlan.MaxLineage)
        {
            findings.Add(RoomRules.Op("more than 1500 ways from a column to an output"));
            return null;
        }

        return plan;
    }

    private static QueryPlan Assemble(
        PolicyScope scope,
        PlanEvaluator parts,
        Relation root,
        ImmutableArray<string> outputNames,
        ImmutableArray<OutputExpression> outputs,
        ImmutableArray<OutputOrder> order,
        PlanNoise? noise)
    {
        var minUnits = parts.Tables.Max(table => table.MinUnits);
        var tier = parts.IsOfList ? PolicyTier.List : noise is null ? PolicyTier.Threshold : PolicyTier.Dp;
        return new QueryPlan
        {
            Tier = tier,
            Noise = noise,
            History = tier == PolicyTier.Threshold ? HistoryPlanner.Plan(scope, parts) : null,

            // Strictest wins: the largest threshold of any owner holds for every protected table.
            Tables = [.. parts.Tables.Select(table => table with { MinUnits = table.IsProtected ? minUnits : 0 })],
            Joins = [.. parts.Joins],
            Filter = parts.Filters.Count switch
            {
                0 => null,
                1 => parts.Filters[0],
                _ => new PlanFilter.And([.. parts.Filters]),
            },
            Groups = [.. parts.Groups],
            Aggregates = [.. parts.Aggregates],
            Outputs = [.. outputs.Zip(outputNames, (expression, name) => new PlanOutput(name, expression))],
            Having = parts.Having.Count switch
            {
                0 => null,
                1 => parts.Having[0],
                _ => new OutputCondition.And([.. parts.Having]),
            },
            Order = order,
            Limit = root.Limit,
            MaxRows = scope.Contract.Output.MaxRows,
            DominancePercent = parts.Tables
                .Where(table => table.IsProtected && tier != PolicyTier.List)
                .Max(table => scope.Of(table).Policy.Threshold.DominancePercent),
        };
    }

    private static ImmutableArray<OutputOrder> Order(Relation root, ImmutableArray<OutputExpression> outputs, Findings findings)
    {
        var order = ImmutableArray.CreateBuilder<OutputOrder>();
        foreach (var (expression, descending, nullsFirst) in root.Order)
        {
            var index = outputs.IndexOf(expression);
            if (index < 0)
            {
                findings.Add(RoomRules.OpPosition("ORDER BY names something that is no column of the answer", "order by a column of the answer"));
            }
            else
            {
                order.Add(new OutputOrder(index, descending, nullsFirst));
            }
        }

        return order.ToImmutable();
    }
}
