using System.Collections.Immutable;
using CleanRoom.Policy.Gate;
using CleanRoom.Policy.Plans;
using CleanRoom.Policy.Tests.Generation;
using CleanRoom.Policy.Tests.Support;
using CleanRoom.Privacy.History;
using CleanRoom.TestKit;

namespace CleanRoom.Policy.Tests.Fuzz;

/// <summary>
/// Random queries of the accepted form over random records, through the real binder, the generated SQL and the gate: the answer is that of
/// the definitions, the report names what was read, and nothing else reaches the answer. The case's number makes the query and the records.
/// </summary>
public sealed class AcceptedQueryTests(BinderFixture fixture)
{
    private const int QuickCases = 15;
    private const int FullCases = 2_000;
    private const int MaxRows = 24;
    private const int LeastReleased = 3;

    [Fact]
    public async Task Answers_ofAcceptedQueries_areThoseOfTheDefinitions()
    {
        var released = 0;
        for (var seed = 0; seed < Tier.Cases(QuickCases, FullCases); seed++)
        {
            var numbers = new Seeded(seed);
            var query = new RandomQuery(numbers);
            var plan = (await AcceptedAsync(query, seed)).Plan!;
            if (IsTooMuchToRemember(plan))
            {
                continue;
            }

            var rows = FuzzContract.Records(numbers, MaxRows);
            using var records = new MediaRecords(rows);

            var answer = Lines(records.Released(plan));

            answer.Should().Equal(Lines(new ReferenceAnswer(plan, rows, FuzzContract.Columns).Rows()), $"case {seed}: {query.Text}");
            released += answer.Count;
        }

        released.Should().BeGreaterThan(Tier.Cases(QuickCases, FullCases) / LeastReleased, "answers about nothing would prove nothing");
    }

    [Fact]
    public async Task Columns_thatTheReportDoesNotName_neverChangeAnAnswer()
    {
        for (var seed = 0; seed < Tier.Cases(QuickCases, FullCases); seed++)
        {
            var numbers = new Seeded(-1 - seed);
            var query = new RandomQuery(numbers);
            var analysis = await AcceptedAsync(query, seed);
            var plan = analysis.Plan!;
            var units = plan.Tables.Where(table => table.IsProtected).Select(table => $"{table.Dataset}.{table.Unit!.Column}").ToList();
            var named = analysis.Verdict.Lineage.Select(edge => $"{edge.Dataset}.{edge.Column}").ToHashSet(StringComparer.Ordinal);
            named.Should().BeEquivalentTo(query.Lineage, $"case {seed}: {query.Text}");

            if (IsTooMuchToRemember(plan))
            {
                continue;
            }

            var rows = FuzzContract.Records(numbers, MaxRows);
            var before = Release(rows, plan);
            Lines(Release(Changed(rows, numbers, column => !named.Contains(column) && !units.Contains(column)), plan))
                .Should().Equal(Lines(before), $"case {seed}: {query.Text}");

            if (plan.Order.IsEmpty && plan.Limit is null)
            {
                CheckOutputs(analysis, rows, numbers, before, units, seed);
            }
        }
    }

    /// <summary>Columns that reach other outputs alone change those alone.</summary>
    private static void CheckOutputs(
        Analysis analysis, Dictionary<string, ImmutableArray<CellValue>[]> rows, Seeded numbers, ImmutableArray<ImmutableArray<CellValue>> before, List<string> units, int seed)
    {
        for (var i = 0; i < analysis.Plan!.Outputs.Length; i++)
        {
            var output = analysis.Plan.Outputs[i].Name;
            var reaching = analysis.Verdict.Lineage
                .Where(edge => edge.Output == output || edge.Operation is "join" or "filter" or "group" or "having")
                .Select(edge => $"{edge.Dataset}.{edge.Column}").Concat(units).ToHashSet(StringComparer.Ordinal);

            var after = Release(Changed(rows, numbers, column => !reaching.Contains(column)), analysis.Plan);

            after.Select(row => row[i].ToString()).Should().Equal(before.Select(row => row[i].ToString()), $"case {seed}, output {output}");
        }
    }

    /// <summary>More cells than any memory of earlier answers takes: allowed by every rule, HISTORY_FULL for ever, and so never run.</summary>
    private static bool IsTooMuchToRemember(QueryPlan plan) => plan.History?.Cells > HistoryLimits.MaxCells;

    private async Task<Analysis> AcceptedAsync(RandomQuery query, int seed)
    {
        var analysis = await fixture.Binder.AnalyseAsync(FuzzContract.Contract, Ask.Request(query.Text));
        analysis.Verdict.Codes.Should().BeEmpty($"case {seed}: {query.Text}: {string.Join("; ", analysis.Verdict.Owners.SelectMany(owner => owner.Reasons))}");
        PlanInvariants.Check(FuzzContract.Contract, analysis.Plan!, "agency");
        return analysis;
    }

    private static ImmutableArray<ImmutableArray<CellValue>> Release(Dictionary<string, ImmutableArray<CellValue>[]> rows, QueryPlan plan)
    {
        using var records = new MediaRecords(rows);
        return records.Released(plan);
    }

    private static Dictionary<string, ImmutableArray<CellValue>[]> Changed(
        Dictionary<string, ImmutableArray<CellValue>[]> rows, Seeded numbers, Func<string, bool> changes) => rows.ToDictionary(
        pair => pair.Key,
        pair =>
        {
            var dataset = FuzzContract.Contract.Datasets.Single(one => one.SqlName == pair.Key);
            return pair.Value.Select(row => row.Select((value, index) => changes($"{pair.Key}.{FuzzContract.Columns[pair.Key][index]}")
                ? FuzzContract.Value(dataset, FuzzContract.Columns[pair.Key][index], numbers)
                : value).ToImmutableArray()).ToArray();
        });

    private static List<string> Lines(IEnumerable<ImmutableArray<CellValue>> rows) => [.. rows.Select(row => string.Join(" | ", row))];
}
