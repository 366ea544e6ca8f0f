using System.Collections.Immutable;
using System.Numerics;
using CleanRoom.Policy.Plans;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Policy.Partitions;

/// <summary>How a plan runs part by part: each run sees the rows of some units, all rows of these units, and no two runs see one unit.</summary>
/// <remarks>
/// Partials are then added up: sums and counts as numbers, people as people, since nobody is in two runs. A plan that does not come apart like that
/// runs once over all partitions. Spec: contracts/spec/0008 s.14.
/// </remarks>
public sealed record PlanPartitions
{
    /// <summary>Gets the number of runs, at least 2: a power of two.</summary>
    public required int Runs { get; init; }

    /// <summary>Gets the datasets that each run reads a part of, with the number of their partitions; each run reads all of the others.</summary>
    public required ImmutableSortedDictionary<string, int> Split { get; init; }

    /// <summary>Returns the runs of a plan.</summary>
    /// <param name="plan">The plan as it is stored: <see cref="Generation.RekeyedPlan"/>.</param>
    /// <param name="partitions">The number of partitions of each of its datasets, each a power of two.</param>
    /// <returns>Null where there is one run, over all partitions.</returns>
    public static PlanPartitions? Of(QueryPlan plan, IReadOnlyDictionary<string, int> partitions)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(partitions);
        return Enumerable.Range(0, plan.Tables.Length)
            .Where(table => plan.Tables[table].Unit is not null && partitions[plan.Tables[table].Dataset] > 1)
            .Select(table => By(plan, partitions, table))
            .FirstOrDefault(runs => runs is not null);
    }

    /// <summary>Returns the partitions of a dataset that a run reads, ascending.</summary>
    /// <param name="run">0 to <see cref="Runs"/> - 1.</param>
    /// <param name="dataset">Its SQL name.</param>
    /// <param name="count">The number of its partitions.</param>
    public IEnumerable<int> Read(int run, string dataset, int count) => Split.ContainsKey(dataset)
        ? Enumerable.Range(run * (count / Runs), count / Runs)
        : Enumerable.Range(0, count);

    /// <summary>Returns the same in fewer runs, each of which reads neighbouring partitions: what all runs read is read less often then.</summary>
    /// <param name="most">The most runs, from 1.</param>
    /// <returns>Null where that is one run, over all partitions.</returns>
    public PlanPartitions? InAtMost(int most)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(most);
        var runs = Math.Min(Runs, 1 << BitOperations.Log2((uint)most));
        return runs == 1 ? null : this with { Runs = runs };
    }

    /// <summary>Splits by the unit of one occurrence, if everything that is counted or protected comes apart by it.</summary>
    private static PlanPartitions? By(QueryPlan plan, IReadOnlyDictionary<string, int> partitions, int table)
    {
        var same = JoinedColumns.EqualToUnit(plan, table);
        if (!AreStoredAlike(plan, same)
            || !plan.Aggregates.Where(aggregate => aggregate.Function == AggregateFunction.CountDistinct).All(aggregate => same.Contains(JoinedColumns.Key(aggregate.Column!)))
            || Enumerable.Range(0, plan.Tables.Length).Any(other => plan.Tables[other].IsProtected && !IsOf(other))
            || (plan.Noise is { } noise && !IsOf(noise.UnitTable)))
        {
            return null;
        }

        // A dataset whose occurrences are not all joined by the unit is read whole: one of them has to meet every row.
        var split = Enumerable.Range(0, plan.Tables.Length).GroupBy(other => plan.Tables[other].Dataset, StringComparer.Ordinal)
            .Where(dataset => partitions[dataset.Key] > 1 && dataset.All(IsOf))
            .ToImmutableSortedDictionary(dataset => dataset.Key, dataset => partitions[dataset.Key], StringComparer.Ordinal);

        return split.IsEmpty ? null : new PlanPartitions { Runs = split.Values.Min(), Split = split };

        bool IsOf(int other) => plan.Tables[other].Unit is { } unit && same.Contains((other, unit.Column));
    }

    /// <summary>Equal decimals of different scales would have different bytes, and so different partitions.</summary>
    private static bool AreStoredAlike(QueryPlan plan, HashSet<(int Table, string Name)> columns) => plan.Joins
        .Where(join => columns.Contains(JoinedColumns.Key(join.Left)))
        .All(join => join.Left.Scale == join.Right.Scale && (join.Left.Type == join.Right.Type || (IsInteger(join.Left) && IsInteger(join.Right))));

    private static bool IsInteger(PlanColumn column) => column.Type is ColumnType.Int32 or ColumnType.Int64;
}
