using System.Collections.Immutable;
using CleanRoom.Policy.Gate;
using CleanRoom.Policy.Generation;
using CleanRoom.Policy.Partitions;
using CleanRoom.Policy.Plans;
using CleanRoom.Policy.Tests.Generation;
using CleanRoom.Protocol.Documents;
using CleanRoom.TestKit;
using CsCheck;

namespace CleanRoom.Policy.Tests.Partitions;

/// <summary>Runs over parts of random data, added up, against one run over everything: over a real engine, in every tier.</summary>
public sealed class PartitionedSqlTests
{
    private static readonly ImmutableArray<byte> _salt = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    private static int Rounds => Tier.Cases(quick: 150, full: 2_000);

    private static Gen<int[]> Numbers => Gen.Int[0, 1_000_000].Array[40];

    private static Gen<ImmutableArray<CellValue>[][]> Tables => RandomTable.Rows.Array[RandomTableEngine.Datasets.Length];

    [Fact]
    public void Add_runsOfTheThresholdTier_areTheOneRun()
    {
        var apart = 0;
        Gen.Select(RandomPlan.Plans, Numbers, Tables).Sample((plan, numbers, tables) => Check(plan, numbers, tables, ref apart), iter: Rounds, threads: 1);

        apart.Should().BeGreaterThan(Rounds / 3, "most of these plans come apart");
    }

    [Fact]
    public void Add_runsOfTheDpTier_areTheOneRun()
    {
        var apart = 0;
        Gen.Select(RandomNoise.Plans, Numbers, Tables).Sample((plan, numbers, tables) => Check(plan, numbers, tables, ref apart), iter: Rounds, threads: 1);

        apart.Should().BeGreaterThan(Rounds / 3, "most of these plans come apart");
    }

    [Fact]
    public void Add_runsOfTheTierList_leadToTheSameList()
    {
        var apart = 0;
        Gen.Select(RandomPlan.Plans, Numbers, Tables).Sample(
            (plan, numbers, tables) =>
            {
                var list = Listed(JoinedByUnit.Of(plan, numbers, out var unit), numbers);
                var counts = JoinedByUnit.Counts(numbers);
                using var engine = new PartitionedTables(tables, unit, counts);
                if (list.Tables.All(table => !table.IsProtected) || PlanPartitions.Of(list, counts) is not { } partitions)
                {
                    return;
                }

                apart++;
                var added = ListGate.Apply(list, PartialRows.Add(list, partitions, engine.Parts(list, partitions, [])));
                var whole = ListGate.Apply(list, engine.Whole(list, []));
                added.Table.Rows.Select(Line).Should().Equal(whole.Table.Rows.Select(Line));
                added.Units.Select(units => string.Join(",", units.Ids.Order(StringComparer.Ordinal)))
                    .Should().Equal(whole.Units.Select(units => string.Join(",", units.Ids.Order(StringComparer.Ordinal))));
            },
            iter: Rounds,
            threads: 1);

        apart.Should().BeGreaterThan(Rounds / 4);
    }

    private static void Check(QueryPlan random, int[] numbers, ImmutableArray<CellValue>[][] tables, ref int apart)
    {
        var plan = JoinedByUnit.Of(random, numbers, out var unit);
        var counts = JoinedByUnit.Counts(numbers);
        if (PlanPartitions.Of(plan, counts) is not { } partitions)
        {
            return;
        }

        apart++;
        using var engine = new PartitionedTables(tables, unit, counts);
        var salt = plan.Noise is null ? [] : _salt;
        var added = PartialRows.Add(plan, partitions, engine.Parts(plan, partitions, salt));
        added.Select(row => Line(Needed(plan, row))).Should().BeEquivalentTo(engine.Whole(plan, salt).Select(row => Line(row)));
    }

    /// <summary>A run over everything leaves out whose numbers the gate has no use for: who is too few, and contributors that are all of the row's.</summary>
    private static ImmutableArray<CellValue> Needed(QueryPlan plan, ImmutableArray<CellValue> row)
    {
        var layout = GeneratedLayout.Of(plan);
        return
        [
            .. row.Select((value, index) => layout[index] is var column && column.Kind switch
            {
                GeneratedKind.UnitNumbers => Counted(GeneratedKind.Units, 0, column.Table) >= plan.Tables[column.Table].MinUnits,
                GeneratedKind.ContributorNumbers => Counted(GeneratedKind.Contributors, column.Index, column.Table) is var count
                    && count >= plan.Tables[column.Table].MinUnits && count < Counted(GeneratedKind.Units, 0, column.Table),
                _ => true,
            } ? value : CellValue.Null.Instance),
        ];

        long Counted(GeneratedKind kind, int index, int table) =>
            row[layout.IndexOf(layout.First(other => other.Kind == kind && other.Index == index && other.Table == table))] is CellValue.Number number ? (long)number.Unscaled : -1;
    }

    private static QueryPlan Listed(QueryPlan plan, int[] numbers)
    {
        ImmutableArray<PlanColumn> columns =
        [
            .. Enumerable.Range(0, 2).Select(i => RandomTable.Columns[numbers[i + 5] % RandomTable.Columns.Length] with { Table = numbers[i + 7] % plan.Tables.Length }),
        ];
        return plan with
        {
            Tier = PolicyTier.List,
            Groups = [],
            Aggregates = [],
            Outputs = [.. columns.Select((column, index) => new PlanOutput($"c{index}", new OutputExpression.Listed(column)))],
            Having = null,
            Limit = numbers[9] % 5 == 0 ? null : 1 + (numbers[9] % 4),
            DominancePercent = null,
            History = null,
        };
    }

    private static string Line(ImmutableArray<CellValue> row) => string.Join(" | ", row.Select(value =>
        value is CellValue.People people ? string.Join(",", people.Numbers.ToArray()) : value.ToString()));
}
