using CleanRoom.Client.Budgets;
using CleanRoom.Client.Ledger;
using CleanRoom.Client.Members;
using CleanRoom.Privacy.Accounting;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Fold;
using CleanRoom.Protocol.Ledger;
using CleanRoom.TestKit.Collaborations;
using static CleanRoom.TestKit.Collaborations.TestPeople;

namespace CleanRoom.Portal.Tests.Logic;

/// <summary>What pages say of a ledger: budgets, proofs, and what a revocation would change.</summary>
public sealed class LedgerViewTests
{
    private static readonly Digest _question = DocumentCodec.DigestOf(TestStages.Question);

    [Fact]
    public void Budget_counts_charges_and_says_what_a_run_would_leave()
    {
        var room = TestStages.Charged;

        var people = DatasetBudget.Of(room.State, room.Now).Single(budget => budget.Dataset == "registry.people");

        people.Should().Match<DatasetBudget>(budget => budget.Used == 1 && budget.Lifetime == 3 && budget.Today == 1 && budget.PerDay == 2 && budget.Left == 1 && budget.Permille == 500);
        people.After(room.State, TestStages.Verdict).Should().Match<DatasetBudget>(budget => budget.Used == 2 && budget.Today == 2 && budget.Left == 0 && budget.Permille == 1000);
        DatasetBudget.Of(room.State, room.Now.Plus(TimeSpan.FromDays(2))).Single(budget => budget.Dataset == "registry.people").Today.Should().Be(0);
        BudgetPoint.HistoryOf(room.State, "registry.people").Should().ContainSingle().Which.Should().Match<BudgetPoint>(point => point.Queries == 1 && point.Permille == 334);
        BudgetPoint.HistoryOf(room.State, "hospital.events").Should().BeEmpty("nobody read it");
    }

    [Fact]
    public void Privacy_gauge_takes_the_fuller_of_rho_and_delta_and_rounds_up()
    {
        var rules = new DpRules { Epsilon = 1m, Delta = 0.000001m, MaxEpsilonPerQuery = 0.5m, MaxGroupsPerUnit = 1, Refresh = BudgetRefresh.None };
        var total = PrivacyBudget.From(rules).Value.Total;
        var gauge = new PrivacyGauge(rules, new PrivacyLimit(total.NanoRho, total.AttoDelta), PrivacyCost.None);

        (gauge.Permille, gauge.EpsilonSpent, gauge.Epsilon).Should().Be((0, "0", "1"));
        gauge.Plus(new PrivacyCost(1, 0)).Permille.Should().Be(1);
        gauge.Plus(new PrivacyCost(0, total.AttoDelta)).Permille.Should().Be(1000);
        gauge.Fits(new PrivacyCost(total.NanoRho / 10, 0)).Should().Be(10);
    }

    [Fact]
    public void Every_row_has_a_proof_that_holds_and_no_other_place_does()
    {
        var mirror = MirrorOf(TestStages.Receipted);

        foreach (var row in mirror.Rows)
        {
            var proof = RowProof.Of(mirror, row.Sequence).Value;
            proof.Root.Should().Be(mirror.State.Log.Root);
            RowProof.Verified(proof with { Sequence = (row.Sequence + 1) % mirror.Rows.Count }).Refusals.Should().ContainSingle().Which.Code.Should().Be(RefusalCode.ProofInvalid);
            RowProof.Verified(proof with { Leaf = Digest.Of("another row"u8) }).IsAccepted.Should().BeFalse();
        }

        RowProof.Of(mirror, mirror.Rows.Count).Refusals.Should().ContainSingle().Which.Code.Should().Be(RefusalCode.RowInvalid);
    }

    [Fact]
    public void Rows_are_sorted_by_what_they_are_about() =>
        MirrorOf(TestStages.Receipted).Rows.GroupBy(RowKinds.Of).ToDictionary(group => group.Key, group => group.Count()).Should().Equal(new Dictionary<RowKind, int>
        {
            [RowKind.Room] = 5, // Row 0, and four signatures of the contract.
            [RowKind.Members] = All.Length,
            [RowKind.Data] = 6,
            [RowKind.Queries] = 5,
            [RowKind.Runs] = 3,
        });

    [Fact]
    public void Revoking_an_approver_takes_its_approval_away()
    {
        var effect = EffectOf(TestStages.Approved, Ada);

        effect.LostApprovals.Select(query => query.Digest).Should().Equal(_question);
        effect.EndedQueries.Should().BeEmpty();
        effect.OrphanedRoles.Should().Equal(MemberRole.Admin, MemberRole.Owner, MemberRole.Approver);
        var revoked = TestStages.Approved.Append(Ada.Revoke());
        QueryStatuses.StatusOf(revoked.State, revoked.State.Queries[_question], revoked.Now).Should().Be(QueryStatus.AwaitingApproval, "that is what was foretold");
    }

    [Fact]
    public void Revoking_an_analyst_ends_its_query_and_its_answer_is_served_no_more()
    {
        EffectOf(TestStages.Approved, Hana).EndedQueries.Select(query => query.Digest).Should().Equal(_question);
        EffectOf(TestStages.Receipted, Hana).LostAnswers.Select(query => query.Digest).Should().Equal(_question);
    }

    [Fact]
    public void Revoking_who_did_nothing_changes_nothing_else()
    {
        var second = TestMember.Of("hospital", "hedi", MemberRole.Auditor);
        var room = TestStages.Approved.Append(second.Delegate());

        EffectOf(room, second).IsNothing.Should().BeTrue();
        EffectOf(room, Hugo).OrphanedRoles.Should().BeEmpty("another auditor is there");
    }

    private static RevocationEffect EffectOf(TestRoom room, TestMember member) =>
        RevocationEffect.Of(room.State, room.State.Members.Values.Single(known => known.Name == $"{member.Collaborator}/{member.Member}"), room.Now);

    private static LedgerMirror MirrorOf(TestRoom room)
    {
        var mirror = new LedgerMirror(room.State.Collaboration, TestRoom.Services);
        mirror.Extend([.. room.Rows.Select(row => new Bytes(RowCodec.Encode(row)))], room.Checkpoint(), []).IsAccepted.Should().BeTrue();
        return mirror;
    }
}
