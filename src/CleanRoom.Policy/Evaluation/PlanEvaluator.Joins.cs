using CleanRoom.Policy.Bound;
using CleanRoom.Policy.Plans;
using CleanRoom.Policy.Verdicts;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Policy.Evaluation;

/// <summary>Join conditions: base column = base column, both of one kind and both allowed.</summary>
internal sealed partial class PlanEvaluator
{
    private void Condition(JoinCondition condition, Relation left, Relation right)
    {
        if (condition.Operator != "COMPARE_EQUAL")
        {
            findings.Add(RoomRules.Join("a condition is not an equality"));
        }

        var (first, second) = (RawOf(condition.Left, left.Columns), RawOf(condition.Right, right.Columns));
        if (first is null || second is null)
        {
            findings.Add(RoomRules.Join("a side of a condition is no column"));
        }

        JoinUse(SourcesOf(condition.Left, left.Columns));
        JoinUse(SourcesOf(condition.Right, right.Columns));
        if (first is null || second is null)
        {
            return;
        }

        if (!Comparable(first.Column.Type, second.Column.Type))
        {
            findings.Add(RoomRules.Join("the two columns have different types"));
        }

        Profile(first, second);
        Profile(second, first);
        Joins.Add(new PlanJoin(first.Column, second.Column));
    }

    private void JoinUse(IEnumerable<Source> sources)
    {
        foreach (var source in sources.Where(source => source.IsVirtual || !scope.Allows(source.Dataset, source.Column, ColumnUse.Join)))
        {
            findings.Add(OwnerRules.JoinColumn(source.Dataset, source.Column));
            findings.Add(OwnerRules.Context(source.Dataset, source.Column, "JOIN", source.IsVirtual ? null : ColumnUse.Join));
        }
    }

    private void Profile(PlanValue.Raw side, PlanValue.Raw other)
    {
        var wanted = side.Dataset.Policy.Columns[side.Column.Name].Normalise;
        var got = other.Dataset.Policy.Columns[other.Column.Name].Normalise;
        if (wanted is not null && wanted != got)
        {
            findings.Add(OwnerRules.ProfileMismatch(side.Dataset, side.Column.Name, wanted, got ?? "none"));
        }
    }

    private static bool Comparable(ColumnType left, ColumnType right) =>
        left == right || (left is ColumnType.Int32 or ColumnType.Int64 && right is ColumnType.Int32 or ColumnType.Int64);
}
