using System.Collections.Immutable;
using System.Numerics;
using CleanRoom.Policy.Plans;
using CleanRoom.Privacy.Numerics;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Policy.Evaluation;

/// <summary>Decides what of a result is offered to the audit of earlier answers, and how much that can be at most.</summary>
/// <remarks>No data is looked at, so that a charge, and a refusal of one, says nothing of them. Spec: contracts/spec/0015 s.8.</remarks>
internal static class HistoryPlanner
{
    /// <summary>Returns what is offered; null when no owner whose people are protected here wants the audit.</summary>
    public static PlanHistory? Plan(PolicyScope scope, PlanEvaluator parts)
    {
        var datasets = parts.Tables.Where(table => table.IsProtected).Select(scope.Of)
            .Where(dataset => dataset.Policy.Threshold.History == HistoryRule.Enforce)
            .Distinct()
            .OrderBy(dataset => dataset.SqlName, StringComparer.Ordinal)
            .Select(dataset => new AuditedDataset(dataset.SqlName, scope.MinUnits(dataset), dataset.Policy.Threshold.MaxCells))
            .ToImmutableArray();
        return datasets.IsEmpty
            ? null
            : new PlanHistory
            {
                Datasets = datasets,
                Aggregates = Aggregates(scope, parts, [.. parts.Aggregates]),
                Rows = Rows(scope, parts),
            };
    }

    private static ImmutableArray<int> Aggregates(PolicyScope scope, PlanEvaluator parts, ImmutableArray<PlanAggregate> aggregates) =>
    [
        .. Enumerable.Range(0, aggregates.Length).Where(index =>
            aggregates[index].Columns.Any(column => IsNullable(scope, parts, column)) && PlanHistory.Alike(aggregates, index).First() == index),
    ];

    private static int Rows(PolicyScope scope, PlanEvaluator parts)
    {
        BigInteger rows = 1;
        foreach (var group in parts.Groups)
        {
            if (Values(scope, parts, group) is not { } values)
            {
                return scope.Contract.Output.MaxRows;
            }

            rows *= values + (IsNullable(scope, parts, group.Column) ? 1 : 0);
        }

        return (int)BigInteger.Min(rows, scope.Contract.Output.MaxRows);
    }

    /// <summary>A bound on the values of a key that are not absent. An upload with another value than the declared ones is refused.</summary>
    private static BigInteger? Values(PolicyScope scope, PlanEvaluator parts, GroupKey group)
    {
        var policy = scope.Of(parts.Tables[group.Column.Table]).Policy.Columns[group.Column.Name];
        BigInteger? declared = policy.Domain switch
        {
            { Values: { IsDefaultOrEmpty: false } values } => values.Length,
            { Min: { } min, Max: { } max } when group is GroupKey.Band or GroupKey.BandNumber => Bands(min, max, group),
            { Min: { } min, Max: { } max, Step: { } step } => Steps(min, max, step),
            { Min: { } min, Max: { } max } => Steps(min, max, new decimal(1, 0, 0, false, (byte)group.Column.Scale)),
            _ => group.Column.Type == ColumnType.Boolean ? 2 : null,
        };
        BigInteger? calendar = group is GroupKey.Part { Of: var part }
            ? part switch
            {
                DatePart.Quarter => 4,
                DatePart.Month => 12,
                DatePart.IsoDow => 7,
                _ => null,
            }
            : null;
        return (declared, calendar) switch
        {
            ({ } one, { } other) => BigInteger.Min(one, other),
            _ => declared ?? calendar,
        };
    }

    private static BigInteger Bands(decimal min, decimal max, GroupKey group)
    {
        var width = group switch
        {
            GroupKey.Band band => band.Width,
            GroupKey.BandNumber band => band.Width,
            _ => throw new ArgumentOutOfRangeException(nameof(group)),
        };
        return (new BigInteger(max) / width) - (new BigInteger(min) / width) + 1;
    }

    private static BigInteger Steps(decimal min, decimal max, decimal step) =>
        ((Rational.FromDecimal(max) - Rational.FromDecimal(min)) / Rational.FromDecimal(step)).Floor() + 1;

    /// <summary>Says whether rows of the result can lack a column's value: an upload with NULL where the contract forbids it is refused, and a join drops NULL.</summary>
    private static bool IsNullable(PolicyScope scope, PlanEvaluator parts, PlanColumn column) =>
        scope.Of(parts.Tables[column.Table]).Schema.First(declared => declared.Name == column.Name).Nullable
        && !parts.Joins.Any(join => join.Left == column || join.Right == column);
}
