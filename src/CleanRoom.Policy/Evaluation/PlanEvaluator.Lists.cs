using System.Collections.Immutable;
using CleanRoom.Policy.Plans;
using CleanRoom.Policy.Verdicts;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Policy.Evaluation;

/// <summary>The tier list: rows instead of aggregates, where every protected dataset is of that tier.</summary>
/// <remarks>Spec: contracts/spec/0003 s.9, 0008 s.12.</remarks>
internal sealed partial class PlanEvaluator
{
    /// <summary>Gets a value that says whether a dataset is read that its owner lets be listed, and nothing else.</summary>
    public bool IsOfList => Tables.Select(scope.Of).Any(dataset => !scope.IsOwn(dataset) && dataset.Policy.Tier == PolicyTier.List);

    /// <summary>Turns rows into an answer; what no owner lets be listed is among the findings.</summary>
    private Relation List(Relation rows)
    {
        foreach (var column in rows.Columns)
        {
            Require(
                column.Sources.Where(source => !scope.IsOwn(source.Dataset) || scope.IsRekeyed(source.Dataset, source.Column)), "LIST", ColumnUse.List);
        }

        if (!IsOfList)
        {
            findings.Add(RoomRules.NoAgg());
            RefuseOrder(rows);
            return rows;
        }

        var outputs = ImmutableArray.CreateBuilder<PlanValue>(rows.Columns.Length);
        foreach (var column in rows.Columns)
        {
            if (column is PlanValue.Raw raw)
            {
                outputs.Add(new PlanValue.Output(new OutputExpression.Listed(raw.Column)));
            }
            else
            {
                // The row number is no column either, and was refused by name.
                findings.Add(RoomRules.Op("expression or constant in a list"));
                outputs.Add(new PlanValue.Opaque([]));
            }
        }

        return rows with { Columns = outputs.MoveToImmutable() };
    }

    /// <summary>What may be listed is neither grouped nor counted: count(*) uses no column whose grant could be missing.</summary>
    private void RefuseAggregates()
    {
        if (IsOfList)
        {
            findings.Add(RoomRules.AggFnInList());
        }
    }

    /// <summary>An order and a limit are of the answer. Below a join or an aggregate they would pick rows.</summary>
    private void RefuseOrder(Relation rows)
    {
        if (rows is { IsAggregated: false, IsOrdered: true })
        {
            findings.Add(OrderOfRows());
        }

        if (rows is { IsAggregated: false, Limit: not null })
        {
            findings.Add(LimitOfRows());
        }
    }

    private static Finding OrderOfRows() => RoomRules.OpPosition("ORDER BY is over the answer, not over rows", "order by a column of the answer");

    private static Finding LimitOfRows() => RoomRules.OpPosition("LIMIT is over the answer, not over rows", "limit the answer alone");
}
