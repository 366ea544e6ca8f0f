using System.Collections.Immutable;
using CleanRoom.Policy.Generation;
using CleanRoom.Policy.Tests.Support;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Policy.Tests.Evaluation;

/// <summary>What may be asked of a column of tokens: joins and counts, by its owner too.</summary>
public sealed class RekeyedColumnsTests(BinderFixture fixture)
{
    [Theory]
    [InlineData("SELECT count(DISTINCT c.email_sha256) FROM brand.customers c JOIN agency.seeds s ON c.email_sha256 = s.email_sha256")]
    [InlineData("SELECT count(DISTINCT email_sha256) FROM agency.seeds")]
    [InlineData("SELECT s.email_sha256, count(*) FROM agency.seeds s GROUP BY s.email_sha256", "CONTEXT:email_sha256:GROUP")]
    [InlineData("SELECT count(*) FROM agency.seeds WHERE email_sha256 = '0000000000000000000000000000000000000000000000000000000000000001'", "CONTEXT:email_sha256:FILTER")]
    [InlineData("SELECT count(*) FROM agency.seeds WHERE email_sha256 IS NULL", "CONTEXT:email_sha256:FILTER")]
    public async Task Tokens_areJoinedAndCountedAlone(string sql, params string[] codes) =>
        (await fixture.Binder.CodesAsync(Examples.Media, sql)).Should().Equal(codes);

    [Fact]
    public async Task Tokens_areNotListed_andTheReasonSaysWhy()
    {
        var contract = Examples.ListsWith(json => json.Column(2, "email_sha256").Set("uses", "[\"join\"]"));
        const string sql = "SELECT s.email_sha256, c.segment FROM brand.customers c JOIN agency.seeds s ON c.user_id = s.user_id";
        var owner = (await fixture.Binder.AnalyseAsync(contract, Ask.Request(sql))).Verdict.Owners.Single(one => one.Party == "agency");

        owner.Codes.Should().Equal("CONTEXT:email_sha256:LIST");
        owner.Reasons.Should().Equal("agency.seeds.email_sha256 holds tokens of this room in place of identifiers: they can be joined and counted, and say nothing else");
        owner.Changes.Should().OnlyContain(change => change.Pointer == null, "no contract makes values of tokens");
        (await fixture.Binder.CodesAsync(Examples.Lists, sql)).Should().BeEmpty("there a column of the profile may be listed");
    }

    [Fact]
    public async Task Sql_takesTokensAsDigests_whateverTheContractsType()
    {
        var contract = Examples.MediaWith(json =>
        {
            foreach (var dataset in new[] { 0, 1, 2, 3 })
            {
                json.Column(dataset, "user_id")["normalise"] = "email.basic.v1";
            }
        });
        var plan = await fixture.Binder.PlanAsync(contract, "SELECT count(DISTINCT c.user_id) FROM brand.customers c JOIN pub.impressions i ON c.user_id = i.user_id");
        var stored = RekeyedPlan.Of(plan, contract);

        plan.Tables.Select(table => table.Unit!.Type).Should().Equal(ColumnType.String, ColumnType.String);
        stored.Tables.Select(table => table.Unit!.Type).Should().Equal(ColumnType.Sha256, ColumnType.Sha256);
        stored.Aggregates.Single().Column!.Type.Should().Be(ColumnType.Sha256);
        GeneratedLayout.Of(stored).Select(column => column.Name).Should().Equal(GeneratedLayout.Of(plan).Select(column => column.Name));
        RekeyedPlan.Of(plan, Examples.Media).Should().BeEquivalentTo(plan, "user_id has no profile there");
        var relations = plan.Tables.Select(table => KeyValuePair.Create(table.Dataset, "x")).ToImmutableSortedDictionary(StringComparer.Ordinal);
        SqlGenerator.Generate(stored, new GenerationOptions { Relations = relations }).Text.Should().Contain("from_hex(").And.NotContain("NOT IN ('',");
    }
}
