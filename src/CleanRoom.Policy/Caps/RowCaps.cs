using System.Collections.Immutable;
using System.Numerics;
using CleanRoom.Policy.Gate;
using CleanRoom.Policy.Generation;
using CleanRoom.Policy.Plans;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Policy.Caps;

/// <summary>
/// Decides the threshold by numbers of rows where they suffice: nobody has more rows in a plan than its datasets' measured caps allow, so that many rows
/// prove many people, and few rows few. The decision is the one of exact counts; where neither is proven there is none.
/// </summary>
/// <remarks>Pure. Spec: contracts/spec/0008 s.15.</remarks>
public sealed class RowCaps
{
    // Nothing is known of them. A vain try costs a whole run; counting people costs a part of one more than counting rows.
    private const int UndeclaredValues = 64;

    private readonly QueryPlan _plan;
    private readonly ImmutableArray<GeneratedColumn> _layout;
    private readonly ImmutableDictionary<int, BigInteger> _most; // By protected table: the most joined rows of one of its people.

    private RowCaps(QueryPlan plan, ImmutableDictionary<int, BigInteger> most) => (_plan, _layout, _most) = (plan, GeneratedLayout.Of(plan), most);

    /// <summary>Returns what decides for a plan.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="contract">Its contract, which says what is unique.</param>
    /// <param name="ingests">How each of its datasets was taken in: the most rows of one unit are measured.</param>
    /// <returns>
    /// Null where people are counted in any case: another tier, an audit of answers or the p%-rule, an aggregate that counts them, a join that no cap
    /// bounds; and where no rows could be enough.
    /// </returns>
    public static RowCaps? Of(QueryPlan plan, Contract contract, IReadOnlyCollection<IngestStatement> ingests)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(contract);
        ArgumentNullException.ThrowIfNull(ingests);
        if (plan.Tier != PolicyTier.Threshold || plan.History is not null || plan.DominancePercent is not null || CountsPeople(plan))
        {
            return null;
        }

        var largest = ingests.ToDictionary(ingest => ingest.Dataset, ingest => ingest.MaxRowsPerUnit, StringComparer.Ordinal);
        var most = ImmutableDictionary.CreateBuilder<int, BigInteger>();
        foreach (var table in Enumerable.Range(0, plan.Tables.Length).Where(table => plan.Tables[table].IsProtected))
        {
            if (MostRows(plan, contract, largest, table) is not { } rows)
            {
                return null;
            }

            most.Add(table, rows);
        }

        return !MayDecide(plan, contract, ingests, most) ? null : new RowCaps(plan, most.ToImmutable());
    }

    /// <summary>Turns numbers of rows into numbers of people that the gate decides alike.</summary>
    /// <param name="rows">The rows of a run that <see cref="GenerationOptions.CountsRows"/>. Trust: engine-controlled.</param>
    /// <returns>Rows for the gate; null when one of them is proven neither to have enough people nor to lack them.</returns>
    /// <exception cref="ArgumentException">The rows are not the plan's.</exception>
    public ImmutableArray<ImmutableArray<CellValue>>? Decide(ImmutableArray<ImmutableArray<CellValue>> rows)
    {
        var decided = ImmutableArray.CreateBuilder<ImmutableArray<CellValue>>(rows.Length);
        foreach (var row in GateRows.Checked(_layout, rows))
        {
            if (Decide(row) is not { } people)
            {
                return null;
            }

            decided.Add(people);
        }

        return decided.MoveToImmutable();
    }

    private ImmutableArray<CellValue>? Decide(ImmutableArray<CellValue> row)
    {
        // Whom a row lacks is not asked of a row that is withheld anyway.
        if (GeneratedLayout.Places(_layout, GeneratedKind.Units).Any(column => Rows(row, column) < Least(column)))
        {
            return row;
        }

        var people = row.ToBuilder();
        foreach (var column in Enumerable.Range(0, _layout.Length).Where(column => _layout[column].Kind is GeneratedKind.Units or GeneratedKind.Contributors))
        {
            var (rows, least) = (Rows(row, column), Least(column));
            if (rows > (least - 1) * _most[_layout[column].Table])
            {
                people[column] = new CellValue.Number(least, 0);
            }
            else if (rows >= least)
            {
                return null;
            }
        }

        return people.ToImmutable();
    }

    private BigInteger Least(int column) => _plan.Tables[_layout[column].Table].MinUnits;

    private static BigInteger Rows(ImmutableArray<CellValue> row, int column) => row[column] is CellValue.Number { Scale: 0, Unscaled.Sign: >= 0 } rows
        ? rows.Unscaled
        : throw new ArgumentException("wanted a number of rows", nameof(row));

    /// <summary>An aggregate that counts a kind of the plan's people needs the set of them anyway.</summary>
    private static bool CountsPeople(QueryPlan plan) => plan.Aggregates.Any(aggregate => aggregate.Function == AggregateFunction.CountDistinct
        && Enumerable.Range(0, plan.Tables.Length).Any(table => plan.Tables[table].IsProtected && JoinedColumns.EqualToUnit(plan, table).Contains(JoinedColumns.Key(aggregate.Column!))));

    /// <summary>
    /// Whether a group of average size could have enough rows, if all rows of the largest dataset met: else the run would be for nothing. Of what is
    /// measured and agreed alone, not of the rows; it decides what is tried, never what is released.
    /// </summary>
    private static bool MayDecide(QueryPlan plan, Contract contract, IReadOnlyCollection<IngestStatement> ingests, ImmutableDictionary<int, BigInteger>.Builder most)
    {
        var rows = plan.Tables.Max(table => ingests.Single(ingest => ingest.Dataset == table.Dataset).Rows);
        var groups = plan.Groups.Aggregate(BigInteger.One, (product, key) => product * (key is GroupKey.Whole ? Values(key.Column) : UndeclaredValues));
        return most.All(table => (plan.Tables[table.Key].MinUnits - 1) * table.Value * groups < rows);

        int Values(PlanColumn column) => contract.Datasets.Single(dataset => dataset.SqlName == plan.Tables[column.Table].Dataset)
            .Policy.Columns.TryGetValue(column.Name, out var policy) && policy.Domain is { Values: { IsDefaultOrEmpty: false } values } ? values.Length : UndeclaredValues;
    }

    /// <summary>
    /// The most joined rows of one of a table's people. Tables that are joined by the unit have at most their caps each; any other must be met by a column
    /// of its own that is unique, which adds no row.
    /// </summary>
    private static BigInteger? MostRows(QueryPlan plan, Contract contract, Dictionary<string, long> largest, int table)
    {
        var same = JoinedColumns.EqualToUnit(plan, table);
        var product = BigInteger.One;
        HashSet<int> bounded = [];
        foreach (var other in Enumerable.Range(0, plan.Tables.Length).Where(other => plan.Tables[other].Unit is { } unit && same.Contains((other, unit.Column))))
        {
            product *= largest[plan.Tables[other].Dataset];
            bounded.Add(other);
        }

        while (plan.Joins.Select(Met).FirstOrDefault(met => met is not null) is { } next)
        {
            bounded.Add(next);
        }

        return bounded.Count == plan.Tables.Length ? product : null;

        int? Met(PlanJoin join) => Meets(join.Left, join.Right) ?? Meets(join.Right, join.Left);

        int? Meets(PlanColumn from, PlanColumn to) => bounded.Contains(from.Table) && !bounded.Contains(to.Table) && IsUnique(to) ? to.Table : null;

        bool IsUnique(PlanColumn column) => contract.Datasets.Single(dataset => dataset.SqlName == plan.Tables[column.Table].Dataset)
            .Schema.Any(schema => schema.Unique && schema.Name == column.Name);
    }
}
