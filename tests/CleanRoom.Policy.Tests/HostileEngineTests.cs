using CleanRoom.Engine.Binding;
using CleanRoom.Policy.Tests.Support;
using CleanRoom.Protocol.Documents;
using CleanRoom.TestKit;
using CsCheck;

namespace CleanRoom.Policy.Tests;

/// <summary>An engine process that an analyst's text has taken over may answer anything: it gets a refusal, or a plan that the owners allow.</summary>
public sealed class HostileEngineTests(BinderFixture fixture)
{
    private static int Rounds => Tier.Cases(quick: 150, full: 1_500);

    [Fact]
    public async Task AnalyzeAsync_changedPlan_isRefusedOrStillWithinTheRules()
    {
        foreach (var answers in await EngineAnswers.OfAcceptedAsync(fixture.Binder))
        {
            JsonMutations.Choices.Sample(
                choices => Check(answers.Sql, answers.Tree, JsonMutations.Apply(answers.Plan, choices)), iter: Rounds, threads: 1);
        }
    }

    [Fact]
    public async Task AnalyzeAsync_changedParseTree_isRefusedOrStillWithinTheRules()
    {
        foreach (var answers in await EngineAnswers.OfAcceptedAsync(fixture.Binder))
        {
            JsonMutations.Choices.Sample(
                choices => Check(answers.Sql, JsonMutations.Apply(answers.Tree, choices), answers.Plan), iter: Rounds, threads: 1);
        }
    }

    [Fact]
    public async Task AnalyzeAsync_planOfAnotherText_isRefusedOrStillWithinTheRules()
    {
        var answers = await EngineAnswers.OfAcceptedAsync(fixture.Binder);
        foreach (var (text, plan) in answers.SelectMany(_ => answers, (text, plan) => (text, plan)))
        {
            Check(text.Sql, text.Tree, plan.Plan);
        }
    }

    public static TheoryData<string> Answers =>
    [
        "", "null", "[]", "{}", "1", "\"x\"", "{\"error\":false}", "{\"error\":false,\"statements\":[]}", "{\"error\":false,\"statements\":[null]}",
        "{\"error\":false,\"statements\":[{}]}", "{\"error\":false,\"statements\":[{\"node\":1}]}", "{\"error\":false,\"plans\":[1]}",
        "{\"error\":true}", "{\"error\":true,\"error_type\":\"isolation\"}", "{\"error\":false,\"statements\":[{\"node\":{\"type\":\"\\ud800\"}}]}",
        "{\"error\":false,\"statements\":[{\"node\":{\"type\":\"SELECT_NODE\",\"\\udfff\":1}}]}", "\ud800", "not json", new string('[', 5_000),
        "{\"error\":false,\"statements\":[{\"node\":{\"type\":\"SELECT_NODE\",\"cte_map\":{\"map\":[{\"key\":\"a\"}]}}}]}",
        "{\"error\":false,\"statements\":[{\"node\":{\"type\":\"SELECT_NODE\",\"select_list\":[{\"class\":\"COLUMN_REF\",\"column_names\":[]}]}}]}",
        "{\"error\":false,\"statements\":[{\"node\":{\"type\":\"SELECT_NODE\",\"select_list\":[{\"class\":\"COLUMN_REF\",\"column_names\":[1]}]}}]}",
    ];

    [Theory]
    [MemberData(nameof(Answers), DisableDiscoveryEnumeration = true)]
    public async Task AnalyzeAsync_answerOfAnotherShape_isRefused(string answer)
    {
        var good = (await EngineAnswers.OfAcceptedAsync(fixture.Binder))[0];

        (await new FixedBinder(answer, good.Plan).AnalyseAsync(Examples.Media, Ask.Request(good.Sql))).Plan.Should().BeNull();
        (await new FixedBinder(good.Tree, answer).AnalyseAsync(Examples.Media, Ask.Request(good.Sql))).Plan.Should().BeNull();
    }

    [Theory]
    [InlineData("\"INNER\"")]
    [InlineData("\"REGULAR\"")]
    [InlineData("\"BOUND_REF\"")]
    [InlineData("\"COLUMN_REF\"")]
    [InlineData("\"sum\"")]
    public async Task AnalyzeAsync_endlessNames_areNotPassedOn(string name)
    {
        var good = (await EngineAnswers.OfAcceptedAsync(fixture.Binder))[0];
        var endless = "\"" + new string('n', 2_000_000) + "\\n\"";

        var tree = await new FixedBinder(good.Tree.Replace(name, endless, StringComparison.Ordinal), good.Plan).AnalyseAsync(Examples.Media, Ask.Request(good.Sql));
        var plan = await new FixedBinder(good.Tree, good.Plan.Replace(name, endless, StringComparison.Ordinal)).AnalyseAsync(Examples.Media, Ask.Request(good.Sql));

        new[] { tree, plan }.Where(analysis => analysis.Plan is null).Should().NotBeEmpty();
    }

    [Fact]
    public async Task AnalyzeAsync_processThatDied_saysSo()
    {
        var good = (await EngineAnswers.OfAcceptedAsync(fixture.Binder))[0];

        var parsing = (await new FixedBinder(IsolatedSqlBinder.Stopped, good.Plan).AnalyseAsync(Examples.Media, Ask.Request(good.Sql))).Verdict;
        parsing.Codes.Should().Equal(VerdictCodes.Parse);
        parsing.Owners.Single().Reasons.Single().Should().Contain("isolated process");
        var binding = (await new FixedBinder(good.Tree, IsolatedSqlBinder.Stopped).AnalyseAsync(Examples.Media, Ask.Request(good.Sql))).Verdict;
        binding.Codes.Should().Equal(VerdictCodes.Bind);
        binding.Owners.Single().Reasons.Single().Should().Contain("isolated process");
    }

    [Fact]
    public async Task AnalyzeAsync_numberOfAMillionDigits_isRefusedWithoutReadingIt()
    {
        var good = (await EngineAnswers.OfAcceptedAsync(fixture.Binder))[0];
        var plan = good.Plan.Replace("\"value\":60", "\"value\":" + new string('9', 1_000_000), StringComparison.Ordinal);
        plan.Should().HaveLength(good.Plan.Length + 999_998);

        (await new FixedBinder(good.Tree, plan).AnalyseAsync(Examples.Media, Ask.Request(good.Sql))).Plan.Should().BeNull();
    }

    private static void Check(string sql, string tree, string plan)
    {
        var analysis = new FixedBinder(tree, plan).AnalyseAsync(Examples.Media, Ask.Request(sql)).GetAwaiter().GetResult();
        if (analysis.Plan is { } allowed)
        {
            analysis.Verdict.Decision.Should().Be(VerdictDecision.Allow);
            PlanInvariants.Check(Examples.Media, allowed, "agency");
        }
    }
}
