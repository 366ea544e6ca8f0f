using System.Collections.Immutable;
using System.Globalization;
using CleanRoom.Policy.Plans;

namespace CleanRoom.Policy.Generation;

/// <summary>The columns of a generated result: a function of the plan, so that writer, gate and tests agree.</summary>
public static class GeneratedLayout
{
    /// <summary>Returns the columns in order: keys, aggregates, units, contributors, totals of units.</summary>
    public static ImmutableArray<GeneratedColumn> Of(QueryPlan plan)
    {
        var columns = ImmutableArray.CreateBuilder<GeneratedColumn>();
        for (var i = 0; i < plan.Groups.Length; i++)
        {
            columns.Add(Column("g", GeneratedKind.Key, i, -1, plan.Groups[i].CellType));
        }

        for (var i = 0; i < plan.Aggregates.Length; i++)
        {
            Values(columns, plan.Aggregates[i], i);
        }

        var tables = Enumerable.Range(0, plan.Tables.Length).Where(table => plan.Tables[table].IsProtected).ToList();
        foreach (var table in tables)
        {
            columns.Add(Column("u", GeneratedKind.Units, 0, table, CellType.Count));
        }

        for (var i = 0; i < plan.Aggregates.Length; i++)
        {
            foreach (var table in tables.Where(_ => plan.Aggregates[i].Column is not null))
            {
                columns.Add(Column("c", GeneratedKind.Contributors, i, table, CellType.Count));
            }
        }

        if (plan.DominancePercent is not null)
        {
            Totals(columns, plan, tables);
        }

        return columns.ToImmutable();
    }

    private static void Values(ImmutableArray<GeneratedColumn>.Builder columns, PlanAggregate aggregate, int index)
    {
        if (aggregate.Function != AggregateFunction.Average)
        {
            columns.Add(Column("a", GeneratedKind.Value, index, -1, aggregate.CellType));
            return;
        }

        columns.Add(Column("n", GeneratedKind.Numerator, index, -1, CellType.OfScale(aggregate.Column!.Scale)));
        columns.Add(Column("m", GeneratedKind.Denominator, index, -1, CellType.Count));
    }

    private static void Totals(ImmutableArray<GeneratedColumn>.Builder columns, QueryPlan plan, List<int> tables)
    {
        for (var i = 0; i < plan.Aggregates.Length; i++)
        {
            if (plan.Aggregates[i] is not { Function: AggregateFunction.Sum or AggregateFunction.Average, Column: { } column })
            {
                continue;
            }

            foreach (var table in tables)
            {
                columns.Add(Column("s", GeneratedKind.UnitTotal, i, table, CellType.OfScale(column.Scale)));
                columns.Add(Column("x", GeneratedKind.LargestUnit, i, table, CellType.OfScale(column.Scale)));
                columns.Add(Column("y", GeneratedKind.SecondUnit, i, table, CellType.OfScale(column.Scale)));
            }
        }
    }

    private static GeneratedColumn Column(string prefix, GeneratedKind kind, int index, int table, CellType type) => new(
        table < 0
            ? string.Create(CultureInfo.InvariantCulture, $"{prefix}{index}")
            : string.Create(CultureInfo.InvariantCulture, $"{prefix}{index}_{table}"),
        kind,
        index,
        table,
        type);
}
