using System.Collections.Immutable;
using CleanRoom.Protocol.Documents;
using CleanRoom.TestKit.Collaborations;
using static CleanRoom.TestKit.Collaborations.TestPeople;

namespace CleanRoom.Protocol.Tests.Fold;

/// <summary>Proposals, signatures and amendments.</summary>
public sealed class ContractFoldTests
{
    private static readonly Contract _second = TestContracts.Next(TestContracts.First);
    private static readonly Digest _firstDigest = DocumentCodec.DigestOf(TestContracts.First);
    private static readonly Digest _secondDigest = DocumentCodec.DigestOf(_second);

    [Fact]
    public void Contract_is_in_force_when_the_last_collaborator_has_signed()
    {
        var three = TestStages.Peopled.Append(Ada.Sign(TestContracts.First), Leo.Sign(TestContracts.First), Hal.Sign(TestContracts.First));

        three.State.ActiveContract.Should().BeNull("the laboratory signs with four eyes");
        three.Append(Lea.Sign(TestContracts.First)).State.ActiveContract.Should().Be(_firstDigest);
    }

    [Fact]
    public void Second_signature_of_the_same_person_does_not_make_a_quorum()
    {
        var renewed = Leo with { Key = Es256TestKey.Named("leo's new key") };
        var room = TestStages.Peopled.Append(
            Ada.Sign(TestContracts.First), Hal.Sign(TestContracts.First), Leo.Sign(TestContracts.First), Leo.Revoke(), renewed.Delegate(), renewed.Sign(TestContracts.First));

        room.State.ActiveContract.Should().BeNull();
    }

    [Fact]
    public void Signature_of_a_member_that_was_revoked_since_does_not_count()
    {
        var room = TestStages.Peopled.Append(
            Ada.Sign(TestContracts.First), Ada.Revoke(), Lea.Sign(TestContracts.First), Leo.Sign(TestContracts.First), Hal.Sign(TestContracts.First));

        room.State.ActiveContract.Should().BeNull();
        var mia = TestMember.Of("registry", "mia", MemberRole.Owner);
        room.Append(mia.Delegate(), mia.Sign(TestContracts.First)).State.ActiveContract.Should().Be(_firstDigest);
    }

    [Fact]
    public void Contract_that_breaks_a_rule_is_refused()
    {
        var broken = TestContracts.First with { Title = string.Empty };

        TestStages.People(broken).Refuses(Ada.Sign(broken), RefusalCode.ContractInvalid);
    }

    [Fact]
    public void First_contract_that_row_0_does_not_name_is_refused() => TestStages.Peopled.Refuses(
        Ada.Sign(TestContracts.First with { Title = "Another" }), RefusalCode.ContractConflict, "one byte changed is another contract");

    [Fact]
    public void Another_proposal_before_the_first_is_signed_is_refused() => TestStages.Peopled.Append(Ada.Sign(TestContracts.First)).Refuses(
        Ada.Sign(_second), RefusalCode.ContractConflict);

    [Fact]
    public void Proposal_or_signature_after_the_contracts_end_is_refused()
    {
        var brief = TestContracts.First with { Expires = Time("2026-06-01T00:00:00.000Z") };
        var people = TestStages.People(brief);
        var proposed = people.Append(Ada.Sign(brief));

        people.At(brief.Expires).Refuses(Ada.Sign(brief), RefusalCode.ContractExpired);
        proposed.At(brief.Expires).Refuses(Hal.Sign(brief), RefusalCode.ContractExpired);
        proposed.At(brief.Expires.Plus(TimeSpan.FromMilliseconds(-1))).Accepts(Hal.Sign(brief));
    }

    [Fact]
    public void Signature_by_a_member_of_nobody_in_the_contract_is_refused()
    {
        var pair = TestContracts.Without(TestContracts.First, "hospital");

        TestStages.People(pair).Refuses(Hal.Sign(pair), RefusalCode.NotPermitted);
        TestStages.People(pair).Append(Ada.Sign(pair)).Refuses(Hal.Sign(pair), RefusalCode.SignatureUnknownKey, "its delegation is forgotten");
    }

    [Fact]
    public void Signature_on_a_contract_in_force_is_refused()
    {
        var mia = TestMember.Of("registry", "mia", MemberRole.Owner);

        TestStages.Active.Append(mia.Delegate()).Refuses(mia.Sign(TestContracts.First), RefusalCode.ContractConflict);
    }

    [Fact]
    public void Amendment_is_in_force_when_all_have_signed_and_replaces_the_version_before()
    {
        var room = TestStages.SignAll(TestStages.Active, _second);

        room.State.ActiveContract.Should().Be(_secondDigest);
        room.Refuses(Hal.Sign(TestStages.Active.Suspend()), RefusalCode.ContractConflict, "the version before is past");
    }

    [Fact]
    public void Amendment_with_another_number_name_or_predecessor_is_refused()
    {
        RefusesAmendment(_second with { Version = 3 });
        RefusesAmendment(_second with { Id = "00000000000000000000000000000000" });
        RefusesAmendment(_second with { Previous = _secondDigest });
        RefusesAmendment(TestContracts.First with { Title = "Another" });
    }

    [Fact]
    public void Amendment_that_carries_rows_under_rules_they_were_not_checked_against_is_refused()
    {
        var people = TestStages.Supplied.Input("registry.people");
        var next = TestContracts.Next(TestContracts.First, new CarriedDataset { Dataset = people.Dataset, ManifestDigest = people.ManifestDigest });
        var changed = next with
        {
            Datasets = [.. next.Datasets.Select(d => d.SqlName == people.Dataset ? d with { Schema = [d.Schema[0] with { Nullable = true }, .. d.Schema[1..]] } : d)],
        };

        TestStages.Supplied.Refuses(Ada.Sign(changed), RefusalCode.ContractInvalid);
    }

    [Fact]
    public void Of_two_concurrent_versions_the_first_that_all_have_signed_wins()
    {
        var rival = _second with { Title = "The rival" };
        var both = TestStages.Active.Append(Ada.Sign(_second), Hal.Sign(rival), Hal.Sign(_second), Ada.Sign(rival), Lea.Sign(_second), Lea.Sign(rival));

        both.State.ActiveContract.Should().Be(_firstDigest);
        var won = both.Append(Leo.Sign(rival));
        won.State.ActiveContract.Should().Be(DocumentCodec.DigestOf(rival));
        won.Refuses(Leo.Sign(_second), RefusalCode.ContractConflict);
        won.Refuses(Ada.Sign(_second with { Title = "Late" }), RefusalCode.ContractConflict);
    }

    [Fact]
    public void Removed_collaborator_has_to_sign_its_removal()
    {
        var pair = TestContracts.Without(_second, "hospital");
        var others = TestStages.Active.Append(Ada.Sign(pair), Lea.Sign(pair), Leo.Sign(pair));

        others.State.ActiveContract.Should().Be(_firstDigest, "the hospital has not signed");
        var removed = others.Append(Hal.Sign(pair));
        removed.State.ActiveContract.Should().Be(DocumentCodec.DigestOf(pair));
        removed.Refuses(Hal.Sign(removed.Suspend()), RefusalCode.NotPermitted, "it is out");
        removed.Refuses(Hana.Sign(TestStages.Active.Suspend() with { ContractDigest = removed.ContractDigest }), RefusalCode.NotPermitted);
    }

    [Fact]
    public void Collaborator_that_gets_another_root_key_signs_with_both()
    {
        var key = Es256TestKey.Named("registry root, renewed");
        var next = _second with { Collaborators = [.. _second.Collaborators.Select(c => c.Id == "registry" ? c with { RootKey = key.PublicKey } : c)] };
        var mia = TestMember.Of("registry", "mia", MemberRole.Owner) with { Root = key };
        var room = TestStages.Active.Append(Lea.Sign(next), Leo.Sign(next), Hal.Sign(next), mia.Delegate(), mia.Sign(next));

        room.State.ActiveContract.Should().Be(_firstDigest, "the old key has not agreed");
        room.Append(Ada.Sign(next)).State.ActiveContract.Should().Be(DocumentCodec.DigestOf(next));
    }

    [Fact]
    public void Lower_quorum_needs_the_quorum_of_the_version_before()
    {
        var lax = _second with { Approval = _second.Approval with { Quorum = [] } };
        var one = TestStages.Active.Append(Ada.Sign(lax), Hal.Sign(lax), Leo.Sign(lax));

        one.State.ActiveContract.Should().Be(_firstDigest);
        one.Append(Lea.Sign(lax)).State.ActiveContract.Should().Be(DocumentCodec.DigestOf(lax));
    }

    [Fact]
    public void Dataset_that_is_carried_over_stays_usable_and_another_lapses()
    {
        var people = TestStages.Supplied.Input("registry.people").ManifestDigest;
        var next = TestContracts.Next(TestContracts.First, new CarriedDataset { Dataset = "registry.people", ManifestDigest = people });
        var room = TestStages.SignAll(TestStages.Supplied, next);

        room.State.CurrentDataset("registry.people")!.Digest.Should().Be(people);
        room.State.CurrentDataset("laboratory.tests").Should().BeNull();
        room.State.Datasets.Values.Single(d => d.Owner == "laboratory").WithdrawnSequence.Should().Be(room.State.Log.Size - 1);
    }

    [Fact]
    public void Dataset_that_the_ledger_does_not_hold_cannot_be_carried_over()
    {
        var people = TestStages.Supplied.Input("registry.people").ManifestDigest;
        RefusesCarry(new CarriedDataset { Dataset = "registry.people", ManifestDigest = Digest.Of("unknown"u8) });
        RefusesCarry(new CarriedDataset { Dataset = "laboratory.tests", ManifestDigest = people });
        var withdrawn = TestStages.Supplied.Append(Ada.Sign(TestStages.Supplied.Revoke(RevocationKind.Dataset, people.ToString())));
        withdrawn.Refuses(
            Ada.Sign(TestContracts.Next(TestContracts.First, new CarriedDataset { Dataset = "registry.people", ManifestDigest = people })), RefusalCode.DatasetUnknown);
    }

    [Fact]
    public void Dataset_that_is_withdrawn_while_the_amendment_is_signed_stays_withdrawn()
    {
        var people = TestStages.Supplied.Input("registry.people").ManifestDigest;
        var next = TestContracts.Next(TestContracts.First, new CarriedDataset { Dataset = "registry.people", ManifestDigest = people });
        var proposed = TestStages.Supplied.Append(Lea.Sign(next), Ada.Sign(TestStages.Supplied.Revoke(RevocationKind.Dataset, people.ToString())));

        var room = proposed.Append(Ada.Sign(next), Leo.Sign(next), Hal.Sign(next));

        room.State.ActiveContract.Should().Be(DocumentCodec.DigestOf(next));
        room.State.CurrentDataset("registry.people").Should().BeNull();
    }

    [Fact]
    public void Dataset_that_was_withdrawn_before_the_amendment_keeps_the_row_that_withdrew_it()
    {
        var people = TestStages.Supplied.Input("registry.people").ManifestDigest;
        var withdrawn = TestStages.Supplied.Append(Ada.Sign(TestStages.Supplied.Revoke(RevocationKind.Dataset, people.ToString())));

        var room = TestStages.SignAll(withdrawn, _second);

        room.State.Datasets[people].WithdrawnSequence.Should().Be(TestStages.Supplied.State.Log.Size);
    }

    [Fact]
    public void Amendment_ends_queries_under_the_version_before()
    {
        var inputs = TestStages.Question.Inputs.Select(input => new CarriedDataset { Dataset = input.Dataset, ManifestDigest = input.ManifestDigest });
        var room = TestStages.SignAll(TestStages.Approved, TestContracts.Next(TestContracts.First, [.. inputs]));

        room.Refuses(room.ByNode(room.Charge(TestStages.Question, TestStages.Verdict)), RefusalCode.ContractConflict);
        room.Refuses(Ada.Sign(room.Approval(TestStages.Question, TestStages.Verdict, "late")), RefusalCode.ContractConflict);
    }

    [Fact]
    public void Amendment_after_the_contract_has_ended_is_refused()
    {
        // The end of a contract ends the collaboration: its keys are gone by then.
        var brief = TestContracts.First with { Expires = Time("2026-06-01T00:00:00.000Z") };
        var room = TestStages.SignAll(TestStages.People(brief), brief);
        var longer = TestContracts.Next(brief) with { Expires = TestContracts.First.Expires };

        room.At(brief.Expires).Refuses(Ada.Sign(longer), RefusalCode.ContractExpired);
        room.Append(Ada.Sign(longer)).At(brief.Expires).Refuses(Hal.Sign(longer), RefusalCode.ContractExpired);
        room.Accepts(Ada.Sign(longer));
    }

    [Fact]
    public void Budget_spent_under_the_version_before_stays_spent()
    {
        var carried = TestStages.Question.Inputs.Select(i => new CarriedDataset { Dataset = i.Dataset, ManifestDigest = i.ManifestDigest }).ToImmutableArray();
        var spent = TestStages.Run(TestStages.Answered, TestStages.Question, TestStages.Verdict, 2);
        var room = TestStages.SignAll(spent, TestContracts.Next(TestContracts.First, carried));
        var query = room.Query("after the amendment");
        var verdict = room.Verdict(query);
        var asked = TestStages.Approve(TestStages.Ask(room, query), query, verdict);

        asked.Refuses(asked.ByNode(asked.Charge(query, verdict)), RefusalCode.BudgetExhausted, "2 of 2 a day are spent");
    }

    private static void RefusesAmendment(Contract contract) => TestStages.Active.Refuses(Ada.Sign(contract), RefusalCode.ContractConflict);

    private static void RefusesCarry(CarriedDataset carried) =>
        TestStages.Supplied.Refuses(Ada.Sign(TestContracts.Next(TestContracts.First, carried)), RefusalCode.DatasetUnknown);
}
