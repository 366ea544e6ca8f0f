using System.Collections.Immutable;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Fold;
using CleanRoom.TestKit.Collaborations;
using static CleanRoom.TestKit.Collaborations.TestPeople;

namespace CleanRoom.Protocol.Tests.Fold;

/// <summary>A member approves queries to come within limits; what is beyond one of them needs the member itself. Spec: contracts/spec/0002 s.6.1.</summary>
public sealed class ApprovalRuleTests
{
    private static readonly Query _question = TestStages.Question;
    private static readonly Verdict _verdict = TestStages.Verdict;
    private static readonly ApprovalRule _rule = Rule(TestStages.Supplied);

    [Fact]
    public void Query_within_a_rule_needs_its_member_no_more()
    {
        var without = TestStages.AskAndApproveForLaboratory(TestStages.Supplied, _question);
        without.Refuses(without.ByNode(without.Charge(_question, _verdict)), RefusalCode.QueryNotApproved);

        var room = TestStages.AskAndApproveForLaboratory(TestStages.Supplied.Append(Ada.Sign(_rule)), _question);

        room.Accepts(room.ByNode(room.Charge(_question, _verdict)));
        QueryStatuses.StatusOf(room.State, room.State.Queries[DocumentCodec.DigestOf(_question)], room.Now).Should().Be(QueryStatus.Approved);
    }

    public static TheoryData<string> Beyond => [.. _beyond.Keys];

    private static readonly Dictionary<string, Func<ApprovalRule, ApprovalRule>> _beyond = new(StringComparer.Ordinal)
    {
        ["another analyst"] = rule => rule with { Authors = ["registry/*"] },
        ["another author"] = rule => rule with { Authors = ["hospital/hal"] },
        ["another receiver"] = rule => rule with { Receivers = ["registry"] },
        ["another version"] = rule => rule with { Inputs = [rule.Inputs[0] with { ManifestDigest = Digest.Of("older"u8) }, rule.Inputs[1]] },
        ["another dataset"] = rule => rule with { Inputs = [rule.Inputs[0]] },
        ["free SQL under a rule for a template"] = rule => rule with { TemplateDigest = Template() },
    };

    [Theory]
    [MemberData(nameof(Beyond))]
    public void Query_beyond_one_limit_needs_the_member(string limit)
    {
        var room = TestStages.AskAndApproveForLaboratory(TestStages.Supplied.Append(Ada.Sign(_beyond[limit](_rule))), _question);

        room.Refuses(room.ByNode(room.Charge(_question, _verdict)), RefusalCode.QueryNotApproved);
        room.Append(Ada.Sign(room.Approval(_question, _verdict, "ada"))).Accepts(room.ByNode(room.Charge(_question, _verdict)));
    }

    [Theory]
    [InlineData(10, 5, 100, true)]
    [InlineData(11, 5, 100, false)]
    [InlineData(10, 6, 100, false)]
    [InlineData(10, 5, 101, false)]
    public void Verdict_that_costs_the_member_more_than_its_limit_is_not_covered(long nanoRho, long attoDelta, int cells, bool isCovered)
    {
        var rule = _rule with { Verdict = _rule.Verdict with { MaxNanoRho = 10, MaxAttoDelta = 5, MaxCells = 100 } };
        var room = TestStages.Supplied.Append(Ada.Sign(rule));
        var verdict = _verdict with
        {
            Budget = [.. _verdict.Budget.Select(cost => cost.Owner == "registry" ? cost with { NanoRho = nanoRho, AttoDelta = attoDelta } : cost with { NanoRho = 999 })],
            Inputs = [.. _verdict.Inputs.Select(input => input with { Cells = input.Dataset == "registry.people" ? cells : 999 })],
        };
        var asked = room.Append(Hana.Sign(_question), room.ByNode(verdict));

        ApprovalRuleCoverage.Approving(asked.State, asked.State.Queries[DocumentCodec.DigestOf(_question)], DocumentCodec.DigestOf(verdict), asked.Now)
            .Should().HaveCount(isCovered ? 1 : 0, "what it costs others is theirs to say");
    }

    [Theory]
    [InlineData("hdl", true)]
    [InlineData("chol", false)]
    public void Parameter_outside_of_its_limit_is_not_covered(string test, bool isCovered)
    {
        var rule = _rule with
        {
            TemplateDigest = Template(), Parameters = Limits(new ParameterLimit { Values = ["hdl", "ldl"], Min = null, Max = null }),
        };
        var room = TestStages.AskAndApproveForLaboratory(TestStages.Supplied.Append(Ada.Sign(rule)), Asking(test));
        var charge = room.ByNode(room.Charge(Asking(test), room.Verdict(Asking(test))));

        if (isCovered)
        {
            room.Accepts(charge);
        }
        else
        {
            room.Refuses(charge, RefusalCode.QueryNotApproved);
        }
    }

    [Theory]
    [InlineData("9.9", false)]
    [InlineData("10", true)]
    [InlineData("20", true)]
    [InlineData("20.01", false)]
    [InlineData("many", false)]
    [InlineData("1e1", false)]
    public void Range_covers_the_numbers_in_it(string value, bool isCovered)
    {
        var limits = Limits(new ParameterLimit { Values = [], Min = 10, Max = 20 });
        var (rule, query) = (_rule with { TemplateDigest = Template(), Parameters = limits }, Asking(value));
        var state = new ApprovalRuleState(rule, DocumentCodec.DigestOf(rule), Ada.Signatory, 1);
        var room = TestStages.Supplied.Append(Ada.Sign(rule));
        var asked = room.Append(Hana.Sign(query), room.ByNode(room.Verdict(query)));

        var refusal = ApprovalRuleCoverage.WhyNotCovered(
            asked.State, state, asked.State.Queries[DocumentCodec.DigestOf(query)], DocumentCodec.DigestOf(room.Verdict(query)), asked.Now);

        (refusal is null).Should().Be(isCovered);
    }

    [Fact]
    public void Rule_for_one_author_and_one_version_covers_these()
    {
        var rule = _rule with
        {
            Authors = ["hospital/hana"], Inputs = [.. _rule.Inputs.Select((input, i) => input with { ManifestDigest = _question.Inputs[i].ManifestDigest })],
        };
        var room = TestStages.AskAndApproveForLaboratory(TestStages.Supplied.Append(Ada.Sign(rule)), _question);

        room.Accepts(room.ByNode(room.Charge(_question, _verdict)));
    }

    [Fact]
    public void Runs_of_all_queries_under_a_rule_count_together()
    {
        var room = TestStages.AskAndApproveForLaboratory(TestStages.Supplied.Append(Ada.Sign(_rule with { Conditions = _rule.Conditions with { MaxRuns = 1 } })), _question);
        var ran = TestStages.Run(room, _question, _verdict, 1);

        ran.Refuses(ran.ByNode(ran.Charge(_question, _verdict, 2)), RefusalCode.QueryNotApproved);
        var other = _question with { Nonce = TestRandom.Nonce("another") };
        var asked = TestStages.AskAndApproveForLaboratory(ran, other);
        asked.Refuses(asked.ByNode(asked.Charge(other, _verdict)), RefusalCode.QueryNotApproved);
    }

    [Fact]
    public void Rule_ends_with_its_date_its_contract_its_member_and_when_it_is_taken_back()
    {
        var ruled = TestStages.Supplied.Append(Ada.Sign(_rule));
        var room = TestStages.AskAndApproveForLaboratory(ruled, _question);
        var charge = room.Charge(_question, _verdict);
        var revoke = room.Revoke(RevocationKind.ApprovalRule, DocumentCodec.DigestOf(_rule).ToString());

        room.At(_rule.Conditions.Expires).Refuses(room.ByNode(charge), RefusalCode.QueryNotApproved);
        room.At(_rule.Conditions.Expires.Plus(TimeSpan.FromMilliseconds(-1))).Accepts(room.ByNode(charge));
        room.Append(Ada.Revoke()).Refuses(room.ByNode(charge), RefusalCode.QueryNotApproved, "its key may be in other hands");
        room.Append(Ada.Sign(revoke)).Refuses(room.ByNode(charge), RefusalCode.QueryNotApproved);
        room.Append(Ada.Sign(revoke)).Refuses(Ada.Sign(revoke with { Nonce = TestRandom.Nonce("again") }), RefusalCode.Revoked);
        room.Refuses(Lea.Sign(revoke), RefusalCode.NotPermitted);
        room.Refuses(Hana.Sign(revoke), RefusalCode.NotPermitted);
        room.Refuses(Ada.Sign(revoke with { Subject = Digest.Of("x"u8).ToString() }), RefusalCode.QueryUnknown);
    }

    [Fact]
    public void One_rule_is_one_persons_approval()
    {
        var room = TestStages.Supplied.Append(Ada.Sign(_rule), Lea.Sign(_rule with { Nonce = TestRandom.Nonce("lea") }));
        var asked = TestStages.Ask(room, _question);

        asked.Refuses(asked.ByNode(asked.Charge(_question, _verdict)), RefusalCode.QueryNotApproved, "the laboratory wants two people");
        asked = asked.Append(Leo.Sign(_rule with { Nonce = TestRandom.Nonce("leo") }));
        asked.Accepts(asked.ByNode(asked.Charge(_question, _verdict)));
        asked.Append(Lea.Sign(asked.Approval(_question, _verdict, "lea") with { Decision = ApprovalDecision.Refuse }))
            .Refuses(asked.ByNode(asked.Charge(_question, _verdict)), RefusalCode.QueryNotApproved, "a refusal ends it whatever a rule says");
    }

    public static TheoryData<string, RefusalCode> Malformed => new()
    {
        { "no receiver", RefusalCode.DocumentInvalid },
        { "no input", RefusalCode.DocumentInvalid },
        { "an unknown input", RefusalCode.DocumentInvalid },
        { "a dataset twice", RefusalCode.DocumentInvalid },
        { "no author", RefusalCode.DocumentInvalid },
        { "an author of nobody", RefusalCode.DocumentInvalid },
        { "an author without a name", RefusalCode.DocumentInvalid },
        { "no run", RefusalCode.DocumentInvalid },
        { "an end that has passed", RefusalCode.DocumentInvalid },
        { "an end after the contract's", RefusalCode.DocumentInvalid },
        { "a cost below 0", RefusalCode.DocumentInvalid },
        { "an unknown template", RefusalCode.QueryRefused },
        { "a parameter without a template", RefusalCode.DocumentInvalid },
        { "a parameter without a limit", RefusalCode.DocumentInvalid },
        { "another contract", RefusalCode.ContractConflict },
        { "another collaboration", RefusalCode.NotPermitted },
    };

    [Theory]
    [MemberData(nameof(Malformed))]
    public void Rule_that_allows_nothing_or_means_nothing_is_refused(string fault, RefusalCode code)
    {
        var rule = fault switch
        {
            "no receiver" => _rule with { Receivers = [] },
            "no input" => _rule with { Inputs = [] },
            "an unknown input" => _rule with { Inputs = [Input("registry.nothing")] },
            "a dataset twice" => _rule with { Inputs = [Input("registry.people"), Input("registry.people")] },
            "no author" => _rule with { Authors = [] },
            "an author of nobody" => _rule with { Authors = ["nobody/*"] },
            "an author without a name" => _rule with { Authors = ["hospital/"] },
            "no run" => _rule with { Conditions = _rule.Conditions with { MaxRuns = 0 } },
            "an end that has passed" => _rule with { Conditions = _rule.Conditions with { Expires = TestStages.Supplied.Now } },
            "an end after the contract's" => _rule with { Conditions = _rule.Conditions with { Expires = TestStages.Supplied.Contract.Expires.Plus(TimeSpan.FromMilliseconds(1)) } },
            "a cost below 0" => _rule with { Verdict = _rule.Verdict with { MaxNanoRho = -1 } },
            "an unknown template" => _rule with { TemplateDigest = Digest.Of("x"u8) },
            "a parameter without a template" => _rule with { Parameters = Limits(new ParameterLimit { Values = ["hdl"], Min = null, Max = null }) },
            "a parameter without a limit" => _rule with { TemplateDigest = Template(), Parameters = Limits(new ParameterLimit { Values = [], Min = null, Max = null }) },
            "another contract" => _rule with { ContractDigest = Digest.Of("x"u8) },
            "another collaboration" => _rule with { Collaboration = new string('0', 64) },
            _ => throw new ArgumentOutOfRangeException(nameof(fault)),
        };

        TestStages.Supplied.Refuses(Ada.Sign(rule), code);
    }

    [Fact]
    public void Rule_is_given_by_an_approver_of_an_owner_alone()
    {
        var room = TestStages.Supplied;

        room.Refuses(Hana.Sign(_rule), RefusalCode.RoleMissing, "an analyst approves nothing");
        room.Refuses(Hal.Sign(_rule), RefusalCode.NotPermitted, "the hospital owns none of the inputs");
        room.Refuses(TestStages.Forge(Ada.Sign(_rule)), RefusalCode.SignatureInvalid);
        room.Refuses(Ada.Sign(_rule with { Checkpoint = room.Checkpoint(99, Digest.Of("x"u8)) }), RefusalCode.CheckpointInconsistent);
    }

    private static ApprovalRule Rule(TestRoom room) => new()
    {
        Collaboration = room.State.Collaboration,
        ContractDigest = room.ContractDigest,
        TemplateDigest = null,
        Authors = ["hospital/*"],
        Receivers = ["hospital"],
        Parameters = ImmutableSortedDictionary<string, ParameterLimit>.Empty,
        Inputs = [Input("registry.people"), Input("laboratory.tests")],
        Verdict = new VerdictLimit { MaxNanoRho = 0, MaxAttoDelta = 0, MaxCells = 4096 },
        Conditions = new ApprovalConditions { MaxRuns = 3, Expires = room.Now.Plus(TimeSpan.FromDays(10)) },
        Reason = "our purpose",
        Checkpoint = room.Checkpoint(),
        Nonce = TestRandom.Nonce("rule"),
    };

    private static RuleInput Input(string dataset) => new() { Dataset = dataset, ManifestDigest = null };

    private static ImmutableSortedDictionary<string, ParameterLimit> Limits(ParameterLimit limit) =>
        ImmutableSortedDictionary<string, ParameterLimit>.Empty.Add("test", limit);

    private static Digest Template() => DocumentCodec.DigestOf(TestStages.Supplied.Contract.Templates.Single(template => template.Name == "mean-by-status"));

    private static Query Asking(string test) => _question with
    {
        Sql = null,
        TemplateDigest = Template(),
        Parameters = ImmutableSortedDictionary<string, string>.Empty.Add("test", test),
        Nonce = TestRandom.Nonce(test),
    };
}
