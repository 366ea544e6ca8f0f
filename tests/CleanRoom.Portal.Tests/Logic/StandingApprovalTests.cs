using System.Collections.Immutable;
using CleanRoom.Client.Queries;
using CleanRoom.Client.Rooms;
using CleanRoom.Cryptography;
using CleanRoom.Cryptography.Bcl;
using CleanRoom.Cryptography.Keys;
using CleanRoom.Cryptography.Signatures;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.TestKit.Collaborations;
using static CleanRoom.TestKit.Collaborations.TestPeople;

namespace CleanRoom.Portal.Tests.Logic;

/// <summary>A standing approval stands as long as its runs last; then a person is asked, by ledger, inbox and board alike. Spec: contracts/spec/0002 s.6.</summary>
public sealed class StandingApprovalTests
{
    private static readonly Digest _template = DocumentCodec.DigestOf(TestContracts.First.Templates.Single(template => template.Name == "mean-by-status"));

    private static readonly TestRoom _room = Supply();

    private static readonly Query _first = Asking("first");

    private static readonly Query _second = Asking("second");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Query_waits_for_nobody_while_runs_are_left()
    {
        var asked = TestStages.AskAndApproveForLaboratory(_room, _first);

        asked.Try(asked.ByNode(asked.Charge(_first, asked.Verdict(_first)))).IsAccepted.Should().BeTrue();
        Board(asked, _first).Should().Match<OwnerApprovals>(owner => owner.IsStanding && owner.Missing == 0);
        (await WaitingAsync(asked)).Should().BeEmpty();
    }

    [Fact]
    public async Task Query_after_the_last_run_waits_for_a_person_and_runs_once_that_person_signs()
    {
        var ran = TestStages.AskAndApproveForLaboratory(TestStages.Run(TestStages.AskAndApproveForLaboratory(_room, _first), _first, _room.Verdict(_first), 1), _second);
        var charge = ran.ByNode(ran.Charge(_second, ran.Verdict(_second)));

        ran.Try(charge).Refusals.Should().ContainSingle().Which.Should()
            .Match<Refusal>(refusal => refusal.Code == RefusalCode.QueryNotApproved && refusal.Wanted == "1 more approval(s) by registry");
        Board(ran, _second).Should().Match<OwnerApprovals>(owner => !owner.IsStanding && owner.Missing == 1);
        (await WaitingAsync(ran)).Should().Contain(DocumentCodec.DigestOf(_second));

        var signed = ran.Append(Ada.Sign(ran.Approval(_second, ran.Verdict(_second), "ada")));
        signed.Try(charge).IsAccepted.Should().BeTrue();
        Board(signed, _second).Missing.Should().Be(0);
        (await WaitingAsync(signed)).Should().NotContain(DocumentCodec.DigestOf(_second));
    }

    private static TestRoom Supply()
    {
        var contract = TestContracts.First with
        {
            Approval = TestContracts.First.Approval with
            {
                Standing = [new StandingApproval { Collaborator = "registry", TemplateDigest = _template, Analysts = ["hospital"], MaxRuns = 1 }],
            },
        };
        var active = TestStages.SignAll(TestStages.People(contract), contract);
        return TestStages.Supply(TestStages.Supply(active, "registry.people", Ada), "laboratory.tests", Lea);
    }

    private static Query Asking(string name) => _room.Query(name) with
    {
        Sql = null,
        TemplateDigest = _template,
        Parameters = ImmutableSortedDictionary<string, string>.Empty.Add("test", "hdl"),
    };

    private static OwnerApprovals Board(TestRoom room, Query query) => ApprovalBoard
        .Of(room.State, room.State.Queries[DocumentCodec.DigestOf(query)], DocumentCodec.DigestOf(room.Verdict(query)), room.Now)
        .Single(owner => owner.Collaborator == "registry");

    private static async Task<IEnumerable<Digest>> WaitingAsync(TestRoom room)
    {
        var backend = new BclCryptoBackend();
        using var seed = SecretBytes.Random(32);
        using var keys = new MemberKeys(await backend.GenerateSigningKeyAsync(Cancel), await backend.GenerateAgreementKeyAsync(Cancel), Ed25519Key.FromSeed(seed));
        return Inbox.Of(room.State, new MemberIdentity("registry", "ada", keys), room.Now).Select(query => query.Digest);
    }
}
