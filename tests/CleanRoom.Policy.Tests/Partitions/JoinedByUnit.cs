using System.Collections.Immutable;
using CleanRoom.Policy.Plans;
using CleanRoom.Policy.Tests.Generation;

namespace CleanRoom.Policy.Tests.Partitions;

/// <summary>Makes of a random plan one that comes apart by partitions more often than not: its tables have one kind of unit, and meet by it.</summary>
internal static class JoinedByUnit
{
    private static readonly ImmutableArray<string> _units = ["id", "n", "code", "hash", "select", "day"];

    /// <summary>Returns the plan.</summary>
    /// <param name="plan">A random plan.</param>
    /// <param name="numbers">What to decide by.</param>
    /// <param name="unit">Gets the place of the unit column.</param>
    public static QueryPlan Of(QueryPlan plan, int[] numbers, out int unit)
    {
        var name = _units[numbers[0] % _units.Length];
        var column = RandomTable.Columns.Single(column => column.Name == name);
        unit = RandomTable.Columns.IndexOf(column);
        return plan with
        {
            Tables = [.. plan.Tables.Select(table => table with { Unit = new PlanUnit(name, column.Type, "d") })],
            Joins =
            [
                .. Enumerable.Range(1, plan.Tables.Length - 1).Select(table => numbers[10 + table] % 8 == 0
                    ? plan.Joins.First(join => join.Right.Table == table)
                    : new PlanJoin(column with { Table = numbers[20 + table] % table }, column with { Table = table })),
                .. plan.Joins.Where((_, index) => numbers[15 + index] % 4 == 0),
            ],
            Aggregates =
            [
                .. plan.Aggregates.Select((aggregate, index) => aggregate.Function == AggregateFunction.CountDistinct && numbers[25 + index] % 6 != 0
                    ? aggregate with { Column = column with { Table = numbers[30 + index] % plan.Tables.Length } }
                    : aggregate),
            ],
        };
    }

    /// <summary>Returns numbers of partitions: 1, 2, 4 or 8.</summary>
    public static ImmutableDictionary<string, int> Counts(int[] numbers) =>
        RandomTableEngine.Datasets.Select((dataset, index) => KeyValuePair.Create(dataset, 1 << (numbers[34 + index] % 4))).ToImmutableDictionary();
}
