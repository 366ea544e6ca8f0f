using CleanRoom.Policy.Generation;
using CleanRoom.Policy.Tests.Corpus;
using CleanRoom.Policy.Tests.Support;

namespace CleanRoom.Policy.Tests.Evaluation;

/// <summary>
/// What runs is generated from the plan; here the analysts' own texts are executed beside it, on invented records with thresholds of 1, and
/// the answers are the same.
/// </summary>
public sealed class MeaningTests(BinderFixture fixture)
{
    public static TheoryData<string> Allowed => [.. CorpusCase.Own.Where(one => one.Codes is null).Select(one => one.Id)];

    [Theory]
    [MemberData(nameof(Allowed))]
    public async Task Plan_ofAnAllowedText_meansWhatTheTextMeans(string id)
    {
        var sql = CorpusCase.Own.Single(one => one.Id == id).Sql;
        using var records = new MediaRecords();
        var plan = await fixture.Binder.PlanAsync(MediaRecords.Open, sql);

        var expected = records.Execute(sql);
        var released = records.Release(plan);

        expected.Should().NotBeEmpty();
        if (plan.Order.IsEmpty)
        {
            expected.Sort(StringComparer.Ordinal);
            released.Sort(StringComparer.Ordinal);
        }

        released.Should().Equal(expected);
    }

    [Theory]
    [MemberData(nameof(Allowed))]
    public async Task Lineage_ofAnAllowedText_namesAllThatReachesTheAnswer(string id)
    {
        using var records = new MediaRecords();
        var analysis = await fixture.Binder.AnalyseAsync(MediaRecords.Open, Ask.Request(CorpusCase.Own.Single(one => one.Id == id).Sql));
        var plan = analysis.Plan!;
        var named = analysis.Verdict.Lineage.Select(edge => $"{edge.Dataset}.{edge.Column}")
            .Concat(plan.Tables.Where(table => table.IsProtected).Select(table => $"{table.Dataset}.{table.Unit!.Column}"))
            .ToHashSet(StringComparer.Ordinal);
        PlanColumns.Of(plan).SelectMany(pair => pair.Value.Select(column => $"{pair.Key}.{column}")).Should().BeEquivalentTo(named);

        var before = records.Release(plan);
        records.Forget(named);

        records.Release(plan).Should().Equal(before);
    }

    [Fact]
    public async Task Plan_ofAnAllowedText_withholdsGroupsBelowTheThreshold()
    {
        using var records = new MediaRecords();
        var strict = Examples.MediaWith(json => json.Policy(0)["threshold"]!.Set("minUnits", "20"));
        const string sql = "SELECT segment, region, count(*) AS n FROM brand.customers WHERE region <> 'x' GROUP BY segment, region HAVING count(*) > 0 ORDER BY n DESC LIMIT 3";

        (await ReleasedAsync(records, MediaRecords.Open, sql)).Should().HaveCount(3);
        (await ReleasedAsync(records, strict, sql)).Should().BeEmpty();
        (await ReleasedAsync(records, strict, "SELECT region, count(*) FROM brand.customers GROUP BY region")).Should().HaveCount(4);
    }

    private async Task<List<string>> ReleasedAsync(MediaRecords records, Protocol.Documents.Contract contract, string sql) =>
        records.Release(await fixture.Binder.PlanAsync(contract, sql));
}
