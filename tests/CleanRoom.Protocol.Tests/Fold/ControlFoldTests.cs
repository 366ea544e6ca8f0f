using CleanRoom.Protocol.Documents;
using CleanRoom.TestKit.Collaborations;
using static CleanRoom.TestKit.Collaborations.TestPeople;

namespace CleanRoom.Protocol.Tests.Fold;

/// <summary>Who may stop, go on, end and take back.</summary>
public sealed class ControlFoldTests
{
    private static readonly TestRoom _suspended = TestStages.Active.Append(Leo.Sign(TestStages.Active.Suspend()));
    private static readonly string _question = DocumentCodec.DigestOf(TestStages.Question).ToString();
    private static readonly string _people = TestStages.Question.Inputs[0].ManifestDigest.ToString();

    /// <summary>Returns the room after every collaborator voted to end it.</summary>
    internal static TestRoom Ended(TestRoom room) => room.Append(
        Ada.Sign(room.Terminate("end ada")), Leo.Sign(room.Terminate("end leo")), Hal.Sign(room.Terminate("end hal")));

    [Fact]
    public void Suspend_by_one_admin_or_owner_stops_everything_at_once()
    {
        foreach (var member in new[] { Ada, Lea, Leo, Hal })
        {
            var room = TestStages.Approved.Append(member.Sign(TestStages.Approved.Suspend()));

            room.State.Suspension!.By.Should().Be($"{member.Collaborator}/{member.Member}");
            room.Refuses(Ada.Sign(room.Manifest("registry.people", room.State.CurrentDataset("registry.people"))), RefusalCode.ContractNotActive);
            room.Refuses(Hana.Sign(room.Query("another")), RefusalCode.ContractNotActive);
            room.Refuses(Ada.Sign(room.Approval(TestStages.Question, TestStages.Verdict, "again")), RefusalCode.ContractNotActive);
            room.Refuses(room.ByNode(room.Charge(TestStages.Question, TestStages.Verdict)), RefusalCode.ContractNotActive);
        }
    }

    [Fact]
    public void Suspend_twice_is_refused() => _suspended.Refuses(Ada.Sign(_suspended.Suspend("second")), RefusalCode.ContractNotActive);

    [Fact]
    public void Suspend_before_a_contract_is_in_force_is_refused() => TestStages.Peopled.Refuses(
        Ada.Sign(TestStages.Active.Suspend()), RefusalCode.ContractConflict);

    [Fact]
    public void Resume_takes_the_vote_of_every_collaborator()
    {
        var one = _suspended.Append(Ada.Sign(_suspended.Resume("ada")));
        var two = one.Append(Hal.Sign(_suspended.Resume("hal")), Ada.Sign(_suspended.Resume("ada once more")));

        two.State.Suspension.Should().NotBeNull("the laboratory has not voted");
        two.State.WhyNotActive(two.Now)!.Code.Should().Be(RefusalCode.ContractNotActive);
        two.Append(Lea.Sign(_suspended.Resume("lea"))).State.Suspension.Should().BeNull();
    }

    [Fact]
    public void Resume_for_an_earlier_suspension_is_refused()
    {
        var vote = Ada.Sign(_suspended.Resume("early"));
        var resumed = _suspended.Append(Ada.Sign(_suspended.Resume()), Lea.Sign(_suspended.Resume()), Hal.Sign(_suspended.Resume()));

        resumed.Refuses(vote, RefusalCode.Stale, "there is no suspension");
        resumed.Append(Leo.Sign(resumed.Suspend("second"))).Refuses(vote, RefusalCode.Stale, "it is another suspension");
    }

    [Fact]
    public void Terminate_takes_the_vote_of_every_collaborator()
    {
        var two = TestStages.Active.Append(Ada.Sign(TestStages.Active.Terminate("ada")), Leo.Sign(TestStages.Active.Terminate("leo")));

        two.State.IsTerminated.Should().BeFalse();
        two.Append(Hal.Sign(two.Terminate("hal"))).State.IsTerminated.Should().BeTrue();
    }

    [Fact]
    public void Terminate_works_while_suspended() => Ended(_suspended).State.IsTerminated.Should().BeTrue();

    [Fact]
    public void Nothing_is_accepted_after_all_voted_to_terminate()
    {
        var answered = Ended(TestStages.Answered);
        var charged = Ended(TestStages.Charged);
        var mia = TestMember.Of("registry", "mia", MemberRole.Owner);

        answered.Refuses(answered.ByNode(answered.Receipt(TestStages.Question)), RefusalCode.Terminated);
        charged.Refuses(charged.ByNode(charged.Result(TestStages.Question)), RefusalCode.Terminated);
        charged.Refuses(charged.ByNode(charged.Failure(TestStages.Question)), RefusalCode.Terminated);
        charged.Refuses(charged.ByNode(charged.Admission(TestNode.First)), RefusalCode.Terminated);
        charged.Refuses(mia.Delegate(), RefusalCode.Terminated);
        charged.Refuses(Rita.Revoke(), RefusalCode.Terminated);
        charged.Refuses(charged.ByNode(TestDocuments.Genesis(TestContracts.First) with { Nonce = TestRandom.Bytes("again", 32) }), RefusalCode.Terminated);
        charged.State.WhyNotActive(charged.Now)!.Code.Should().Be(RefusalCode.Terminated);
    }

    [Fact]
    public void Votes_of_an_earlier_contract_version_do_not_count()
    {
        var voted = TestStages.Active.Append(
            Ada.Sign(TestStages.Active.Terminate("ada")), Leo.Sign(TestStages.Active.Terminate("leo")));
        var amended = TestStages.SignAll(voted, TestContracts.Next(TestContracts.First));

        var last = amended.Append(Hal.Sign(amended.Terminate("hal")));

        last.State.IsTerminated.Should().BeFalse("two votes named the version before");
        last.Append(Ada.Sign(last.Terminate("ada")), Leo.Sign(last.Terminate("leo"))).State.IsTerminated.Should().BeTrue();
    }

    [Fact]
    public void Votes_to_resume_under_an_earlier_contract_version_do_not_count()
    {
        var voted = _suspended.Append(Ada.Sign(_suspended.Resume("ada")), Lea.Sign(_suspended.Resume("lea")));
        var amended = TestStages.SignAll(voted, TestContracts.Next(TestContracts.First));

        var last = amended.Append(Hal.Sign(amended.Resume("hal")));

        last.State.Suspension.Should().NotBeNull();
        last.Append(Ada.Sign(last.Resume("ada")), Lea.Sign(last.Resume("lea"))).State.Suspension.Should().BeNull();
    }

    [Fact]
    public void Query_is_taken_back_by_its_author_or_an_owner_of_an_input_and_nobody_else()
    {
        var room = TestStages.Asked;
        foreach (var member in new[] { Hana, Ada, Lea })
        {
            room.Accepts(member.Sign(room.Revoke(RevocationKind.Query, _question)), member.Member);
            room.Accepts(member.Sign(room.Cancel(TestStages.Question)), member.Member);
        }

        // Leo approves but owns nothing; Hal owns no input; Rita and Hugo have other roles.
        foreach (var member in new[] { Leo, Hal, Rita, Hugo })
        {
            room.Refuses(member.Sign(room.Revoke(RevocationKind.Query, _question)), RefusalCode.NotPermitted, member.Member);
            room.Refuses(member.Sign(room.Cancel(TestStages.Question)), RefusalCode.NotPermitted, member.Member);
        }
    }

    [Fact]
    public void Dataset_is_withdrawn_by_an_owner_of_its_collaborator_and_nobody_else()
    {
        var withdrawal = TestStages.Supplied.Revoke(RevocationKind.Dataset, _people);
        var withdrawn = TestStages.Supplied.Append(Ada.Sign(withdrawal));

        withdrawn.State.CurrentDataset("registry.people").Should().BeNull();
        withdrawn.Refuses(Ada.Sign(withdrawal with { Reason = "again" }), RefusalCode.Revoked);
        foreach (var member in new[] { Rita, Lea, Leo, Hal, Hana, Hugo })
        {
            TestStages.Supplied.Refuses(member.Sign(withdrawal), RefusalCode.NotPermitted, member.Member);
        }
    }

    [Fact]
    public void Measurement_is_revoked_by_any_owner_and_nobody_else()
    {
        var room = TestStages.Approved;
        var revocation = room.Revoke(RevocationKind.Measurement, room.State.Nodes[room.Node.Key.Id].Measurement);
        foreach (var member in new[] { Ada, Lea, Hal })
        {
            var stopped = room.Append(member.Sign(revocation));

            stopped.Refuses(stopped.ByNode(stopped.Charge(TestStages.Question, TestStages.Verdict)), RefusalCode.Revoked);
            stopped.Refuses(stopped.ByNode(stopped.Admission(TestNode.First)), RefusalCode.Revoked);
        }

        foreach (var member in new[] { Rita, Leo, Hana, Hugo })
        {
            room.Refuses(member.Sign(revocation), RefusalCode.RoleMissing, member.Member);
        }
    }

    [Fact]
    public void Nobody_of_a_removed_collaborator_or_a_replaced_root_key_takes_anything_back()
    {
        var renewed = Es256TestKey.Named("registry root, renewed");
        var mia = TestMember.Of("registry", "mia", MemberRole.Owner) with { Root = renewed };
        var people = TestStages.Asked.Input("registry.people");
        var pair = TestContracts.Without(
            TestContracts.Next(TestContracts.First, new CarriedDataset { Dataset = people.Dataset, ManifestDigest = people.ManifestDigest }), "hospital");
        var next = pair with { Collaborators = [.. pair.Collaborators.Select(c => c.Id == "registry" ? c with { RootKey = renewed.PublicKey } : c)] };
        var room = TestStages.SignAll(TestStages.Asked, next).Append(mia.Delegate(), mia.Sign(next));
        var measurement = room.Revoke(RevocationKind.Measurement, room.State.Nodes[room.Node.Key.Id].Measurement);

        room.State.ActiveContract.Should().Be(DocumentCodec.DigestOf(next));
        room.Refuses(Hal.Sign(measurement), RefusalCode.RoleMissing);
        room.Refuses(Ada.Sign(measurement), RefusalCode.RoleMissing);
        room.Refuses(Ada.Sign(room.Revoke(RevocationKind.Dataset, _people)), RefusalCode.NotPermitted);
        room.Refuses(Hana.Sign(room.Revoke(RevocationKind.Query, _question)), RefusalCode.NotPermitted);
        room.Accepts(mia.Sign(measurement));
        room.Accepts(mia.Sign(room.Revoke(RevocationKind.Dataset, _people)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("abc")]
    [InlineData("ABCD")]
    [InlineData("not hex")]
    public void Revocation_of_a_measurement_that_no_node_can_have_is_refused(string measurement) => TestStages.Active.Refuses(
        Ada.Sign(TestStages.Active.Revoke(RevocationKind.Measurement, measurement)), RefusalCode.DocumentInvalid);

    [Theory]
    [InlineData(RevocationKind.Query, RefusalCode.QueryUnknown)]
    [InlineData(RevocationKind.Dataset, RefusalCode.DatasetUnknown)]
    public void Revocation_of_what_the_ledger_does_not_hold_is_refused(RevocationKind kind, RefusalCode code)
    {
        TestStages.Asked.Refuses(Ada.Sign(TestStages.Asked.Revoke(kind, Digest.Of("unknown"u8).ToString())), code);
        TestStages.Asked.Refuses(Ada.Sign(TestStages.Asked.Revoke(kind, "no digest")), code);
    }

    [Fact]
    public void Revocation_of_a_query_that_was_stopped_says_who_stopped_it()
    {
        var cancelled = TestStages.Asked.Append(Hana.Sign(TestStages.Asked.Cancel(TestStages.Question)));

        cancelled.Refuses(Ada.Sign(cancelled.Revoke(RevocationKind.Query, _question)), RefusalCode.QueryCancelled);
    }

    [Fact]
    public void Revocation_works_while_suspended()
    {
        var suspended = TestStages.Asked.Append(Leo.Sign(TestStages.Asked.Suspend()));

        suspended.Accepts(Ada.Sign(suspended.Revoke(RevocationKind.Query, _question)));
        suspended.Accepts(Ada.Sign(suspended.Revoke(RevocationKind.Dataset, _people)));
    }

    [Fact]
    public void Statement_under_a_contract_that_has_expired_or_not_begun_is_refused()
    {
        var early = TestStages.SignAll(TestStages.People(Later()), Later());

        early.Refuses(Ada.Sign(early.Manifest("registry.people")), RefusalCode.ContractNotActive);
        var late = TestStages.Active.At(TestContracts.First.Expires);
        late.State.WhyNotActive(late.Now)!.Code.Should().Be(RefusalCode.ContractExpired);
        late.State.WhyNotActive(late.Now.Plus(TimeSpan.FromMilliseconds(-1))).Should().BeNull();
    }

    private static Contract Later() => TestContracts.First with { NotBefore = Time("2027-01-01T00:00:00.000Z") };
}
