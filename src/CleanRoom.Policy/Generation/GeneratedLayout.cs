using System.Collections.Immutable;
using System.Globalization;
using CleanRoom.Policy.Plans;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Policy.Generation;

/// <summary>The columns of a generated result: a function of the plan, so that writer, gate and tests agree.</summary>
public static class GeneratedLayout
{
    /// <summary>Returns the columns in order: keys, aggregates, units, contributors, totals of units; numbers of units; in the dp tier keys and what is blurred; in the tier list outputs and units.</summary>
    public static ImmutableArray<GeneratedColumn> Of(QueryPlan plan)
    {
        var columns = ImmutableArray.CreateBuilder<GeneratedColumn>();
        if (plan.Tier == PolicyTier.List)
        {
            Listed(columns, plan);
            return columns.ToImmutable();
        }

        for (var i = 0; i < plan.Groups.Length; i++)
        {
            columns.Add(Column("g", GeneratedKind.Key, i, -1, plan.Groups[i].CellType));
        }

        if (plan.Noise is not null)
        {
            columns.AddRange(NoisyValues.Of(plan).Select((_, index) => Column("b", GeneratedKind.Bounded, index, -1, CellType.OfScale(0))));
            return columns.ToImmutable();
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

        if (plan.History is { } history)
        {
            Numbers(columns, plan, history);
        }

        return columns.ToImmutable();
    }

    /// <summary>Returns the places of the columns of a kind, ascending.</summary>
    public static ImmutableArray<int> Places(ImmutableArray<GeneratedColumn> layout, GeneratedKind kind) =>
        [.. Enumerable.Range(0, layout.Length).Where(column => layout[column].Kind == kind)];

    private static void Listed(ImmutableArray<GeneratedColumn>.Builder columns, QueryPlan plan)
    {
        columns.AddRange(plan.Outputs.Select((output, index) => Column("o", GeneratedKind.Listed, index, -1, output.Expression.CellType)));
        var tables = Enumerable.Range(0, plan.Tables.Length).Where(table => plan.Tables[table].IsProtected).ToList();
        columns.AddRange(tables.Select(table => Column("p", GeneratedKind.ListedUnit, 0, table, new CellType(plan.Tables[table].Unit!.Type, 0))));
        columns.AddRange(tables.Select(table => Column("u", GeneratedKind.Units, 0, table, CellType.Count)));
    }

    private static void Values(ImmutableArray<GeneratedColumn>.Builder columns, PlanAggregate aggregate, int index)
    {
        if (aggregate.Function == AggregateFunction.Average)
        {
            columns.Add(Column("n", GeneratedKind.Numerator, index, -1, CellType.OfScale(aggregate.Column!.Scale)));
            columns.Add(Column("m", GeneratedKind.Denominator, index, -1, CellType.Count));
        }
        else if (aggregate.Function.IsStatistic())
        {
            columns.AddRange(aggregate.Function.Moments().Select(moment =>
                Column("p", GeneratedKind.Moment, index, -1, CellType.OfScale(0), moment)));
        }
        else
        {
            columns.Add(Column("a", GeneratedKind.Value, index, -1, aggregate.CellType));
        }
    }

    private static void Totals(ImmutableArray<GeneratedColumn>.Builder columns, QueryPlan plan, List<int> tables)
    {
        for (var i = 0; i < plan.Aggregates.Length; i++)
        {
            foreach (var (moment, type) in Totalled(plan.Aggregates[i]))
            {
                foreach (var table in tables)
                {
                    columns.Add(Column("s", GeneratedKind.UnitTotal, i, table, type, moment));
                    columns.Add(Column("x", GeneratedKind.LargestUnit, i, table, type, moment));
                    columns.Add(Column("y", GeneratedKind.SecondUnit, i, table, type, moment));
                }
            }
        }
    }

    private static void Numbers(ImmutableArray<GeneratedColumn>.Builder columns, QueryPlan plan, PlanHistory history)
    {
        var tables = Enumerable.Range(0, plan.Tables.Length).Where(table => history.Covers(plan.Tables[table])).ToList();
        columns.AddRange(tables.Select(table => Column("l", GeneratedKind.UnitNumbers, 0, table, CellType.Count)));
        foreach (var aggregate in history.Aggregates)
        {
            columns.AddRange(tables.Select(table => Column("k", GeneratedKind.ContributorNumbers, aggregate, table, CellType.Count)));
        }

        columns.AddRange(history.Datasets.Select(dataset =>
            Column("z", GeneratedKind.Numbered, 0, tables.Find(table => plan.Tables[table].Dataset == dataset.Name), CellType.Count)));
    }

    /// <summary>Every sum of values that goes into an aggregate is held to the p%-rule; a count of rows is not.</summary>
    private static IEnumerable<(Moment Moment, CellType Type)> Totalled(PlanAggregate aggregate) => aggregate.Function switch
    {
        AggregateFunction.Sum or AggregateFunction.Average => [(Moment.None, CellType.OfScale(aggregate.Column!.Scale))],
        _ => aggregate.Function.Moments().Where(moment => moment != Moment.Count).Select(moment => (moment, CellType.OfScale(0))),
    };

    private static GeneratedColumn Column(
        string prefix, GeneratedKind kind, int index, int table, CellType type, Moment moment = Moment.None) => new(
        string.Create(
            CultureInfo.InvariantCulture,
            $"{prefix}{index}{(table < 0 ? string.Empty : string.Create(CultureInfo.InvariantCulture, $"_{table}"))}{Suffix(moment)}"),
        kind,
        index,
        table,
        type,
        moment);

    private static string Suffix(Moment moment) => moment switch
    {
        Moment.None => string.Empty,
        Moment.Count => "_n",
        Moment.First => "_a",
        Moment.Second => "_b",
        Moment.FirstSquared => "_aa",
        Moment.SecondSquared => "_bb",
        Moment.Product => "_ab",
        _ => throw new ArgumentOutOfRangeException(nameof(moment)),
    };
}
