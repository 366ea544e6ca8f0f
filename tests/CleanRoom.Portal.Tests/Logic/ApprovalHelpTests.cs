using System.Collections.Immutable;
using CleanRoom.Client.Queries;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Fold;
using CleanRoom.TestKit.Collaborations;
using static CleanRoom.TestKit.Collaborations.TestPeople;

namespace CleanRoom.Portal.Tests.Logic;

/// <summary>What helps an approver to decide: a rule of the query that lies there, and what was decided on the same before.</summary>
public sealed class ApprovalHelpTests
{
    private static readonly Digest _template = DocumentCodec.DigestOf(TestContracts.First.Templates[0]);
    private static readonly LikeRule _narrow = new(AnyAnalyst: false, AnyValues: false, AnyVersion: false, Runs: 3, Until, "weekly");

    [Theory]
    [InlineData(false, "hdl", "hospital", true)]
    [InlineData(false, "chol", "hospital", false)]
    [InlineData(true, "chol", "hospital", true)]
    [InlineData(true, "chol", "registry", false)]
    public void Rule_of_a_query_covers_it_and_those_that_its_choices_open(bool anyValues, string test, string receiver, bool isCovered)
    {
        var (first, room) = Ask(TestStages.Supplied, Asking("hdl", "hospital"));
        var verdict = room.Verdict(first);
        var rule = Rule(room, (_narrow with { AnyValues = anyValues, Expires = room.Now.Plus(TimeSpan.FromDays(9)) })
            .Of(room.State.Queries[DocumentCodec.DigestOf(first)], verdict, "registry"));
        var ruled = room.Append(Ada.Sign(rule));
        WhyNotCovered(ruled, first).Should().BeNull("it is the query that the rule was made of");

        var other = Asking(test, receiver) with { Nonce = TestRandom.Nonce("another") };
        var (_, asked) = Ask(ruled, other);

        (WhyNotCovered(asked, other) is null).Should().Be(isCovered);
    }

    [Fact]
    public void Rule_costs_no_more_than_the_verdict_and_reads_no_other_version()
    {
        var query = TestStages.Asked.State.Queries[DocumentCodec.DigestOf(TestStages.Question)];
        var verdict = TestStages.Verdict with
        {
            Budget = [.. TestStages.Verdict.Budget.Select(cost => cost with { NanoRho = cost.Owner == "registry" ? 7 : 900, AttoDelta = 2 })],
            Inputs = [.. TestStages.Verdict.Inputs.Select(input => input with { Cells = input.Dataset == "registry.people" ? 40 : 900 })],
        };

        var terms = _narrow.Of(query, verdict, "registry");

        terms.Verdict.Should().Be(new VerdictLimit { MaxNanoRho = 7, MaxAttoDelta = 2, MaxCells = 40 });
        terms.Inputs.Select(input => input.ManifestDigest).Should().Equal(query.Query.Inputs.Select(input => (Digest?)input.ManifestDigest));
        terms.Authors.Should().Equal("hospital/hana");
        (_narrow with { AnyAnalyst = true, AnyVersion = true }).Of(query, verdict, "registry")
            .Should().Match<ApprovalRuleTerms>(open => open.Authors[0] == "hospital/*" && open.Inputs.All(input => input.ManifestDigest == null));
    }

    [Fact]
    public void Earlier_decisions_are_those_on_the_same_text_newest_first()
    {
        var again = TestStages.Question with { Nonce = TestRandom.Nonce("again") };
        var room = TestStages.Ask(TestStages.Approved, again);
        var query = room.State.Queries[DocumentCodec.DigestOf(again)];

        EarlierDecision.On(room.State, query).Select(earlier => earlier.Decision.By.Member).Should().Equal("leo", "lea", "ada");

        var other = query with { Query = query.Query with { Sql = "SELECT count(*) FROM registry.people" } };
        EarlierDecision.On(room.State, other).Should().BeEmpty();
    }

    private static Query Asking(string test, string receiver) => TestStages.Supplied.Query("template") with
    {
        Sql = null,
        TemplateDigest = _template,
        Parameters = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal).Add("test", test),
        Receivers = [receiver],
    };

    private static (Query Query, TestRoom Room) Ask(TestRoom room, Query query) => (query, TestStages.Ask(room, query));

    private static Refusal? WhyNotCovered(TestRoom room, Query query) => ApprovalRuleCoverage.WhyNotCovered(
        room.State,
        room.State.ApprovalRules.Values.Single(),
        room.State.Queries[DocumentCodec.DigestOf(query)],
        DocumentCodec.DigestOf(room.Verdict(query)),
        room.Now);

    private static ApprovalRule Rule(TestRoom room, ApprovalRuleTerms terms) => new()
    {
        Collaboration = room.State.Collaboration,
        ContractDigest = room.ContractDigest,
        TemplateDigest = terms.TemplateDigest,
        Authors = terms.Authors,
        Receivers = terms.Receivers,
        Parameters = terms.Parameters,
        Inputs = terms.Inputs,
        Verdict = terms.Verdict,
        Conditions = terms.Conditions,
        Reason = terms.Reason,
        Checkpoint = room.Checkpoint(),
        Nonce = TestRandom.Nonce("rule"),
    };
}
