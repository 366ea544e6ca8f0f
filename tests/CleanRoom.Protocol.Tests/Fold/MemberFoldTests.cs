using CleanRoom.Protocol.Documents;
using CleanRoom.TestKit.Collaborations;
using static CleanRoom.TestKit.Collaborations.TestPeople;

namespace CleanRoom.Protocol.Tests.Fold;

/// <summary>Delegations and their end.</summary>
public sealed class MemberFoldTests
{
    private static readonly TestMember _mia = TestMember.Of("registry", "mia", MemberRole.Owner);

    [Fact]
    public void Delegation_by_the_root_key_of_the_contract_is_accepted()
    {
        var room = TestStages.Active.Append(_mia.Delegate());

        room.State.Members[_mia.Key.Id].Signatory.Should().Be(_mia.Signatory);
        room.State.MembersOf("registry", room.Now).Select(member => member.Delegation.Member).Should().BeEquivalentTo("ada", "rita", "mia");
    }

    [Fact]
    public void Delegation_by_another_key_than_the_root_key_it_names_is_refused()
    {
        TestStages.Active.Refuses(Root("laboratory").Sign(_mia.Delegation), RefusalCode.SignatureUnknownKey);
        TestStages.Active.Refuses(Ada.Sign(_mia.Delegation), RefusalCode.SignatureUnknownKey);
        TestStages.Active.Refuses(TestStages.Forge(_mia.Delegate()), RefusalCode.SignatureInvalid);
        TestStages.Active.Refuses(_mia.Delegate() with { Signatures = [] }, RefusalCode.SignatureMissing);
        TestStages.Active.Append(_mia.Delegate()).Refuses(_mia.Delegate(), RefusalCode.Replayed);
    }

    [Fact]
    public void Delegation_by_a_root_key_that_no_contract_names_is_refused()
    {
        var stranger = _mia with { Root = Es256TestKey.Named("stranger") };

        TestStages.Active.Refuses(stranger.Delegate(), RefusalCode.NotPermitted);
        TestStages.Active.Refuses((_mia with { Root = Root("laboratory") }).Delegate(), RefusalCode.NotPermitted, "a root key delegates for its own collaborator");
    }

    [Fact]
    public void Delegation_before_the_contract_by_a_root_key_that_it_does_not_name_is_forgotten()
    {
        // The stranger takes the name of a person, and the key of another, before the real root key can.
        var name = TestMember.Of("laboratory", "lea", MemberRole.Owner) with { Root = Es256TestKey.Named("stranger"), Key = Es256TestKey.Named("squatter") };
        var key = Leo with { Root = Es256TestKey.Named("stranger"), Member = "squatter" };
        var room = TestRoom.Found(TestContracts.First).Append(Ada.Delegate(), name.Delegate(), key.Delegate(), Ada.Sign(TestContracts.First));

        room.Accepts(Lea.Delegate());
        room.Accepts(Leo.Delegate());
        room.Refuses(name.Sign(TestContracts.First), RefusalCode.SignatureUnknownKey);
        room.State.Members.Should().ContainSingle();
    }

    [Fact]
    public void One_key_for_two_people_or_two_collaborators_is_refused()
    {
        TestStages.Active.Refuses((_mia with { Key = Ada.Key }).Delegate(), RefusalCode.NotPermitted, "two people");
        TestStages.Active.Refuses((_mia with { Key = Lea.Key }).Delegate(), RefusalCode.NotPermitted, "two collaborators");
    }

    [Fact]
    public void Root_key_as_a_members_key_is_refused()
    {
        TestStages.Active.Refuses((_mia with { Key = Root("registry") }).Delegate(), RefusalCode.NotPermitted);
        TestStages.Active.Refuses((_mia with { Key = Root("laboratory") }).Delegate(), RefusalCode.NotPermitted);
        TestRoom.Found(TestContracts.First).Refuses((_mia with { Key = Root("registry") }).Delegate(), RefusalCode.NotPermitted, "also before a contract is known");
    }

    [Fact]
    public void Contract_that_makes_a_members_key_a_root_key_is_refused()
    {
        var early = _mia with { Key = Root("laboratory") };
        var room = TestRoom.Found(TestContracts.First).Append(Ada.Delegate(), early.Delegate());

        room.Refuses(Ada.Sign(TestContracts.First), RefusalCode.NotPermitted);
    }

    [Fact]
    public void Second_delegation_of_a_person_is_refused_until_the_first_is_revoked()
    {
        var renewed = Ada with { Key = Es256TestKey.Named("ada's new key") };
        var revoked = TestStages.Active.Append(Ada.Revoke());

        TestStages.Active.Refuses(renewed.Delegate(), RefusalCode.NotPermitted);
        revoked.Accepts(renewed.Delegate());
        revoked.Refuses((Ada with { Roles = [MemberRole.Auditor] }).Delegate(), RefusalCode.NotPermitted, "a revoked key never comes back");
    }

    [Fact]
    public void Delegation_of_another_form_is_refused()
    {
        Invalid(_mia.Delegation with { Roles = [] });
        Invalid(_mia.Delegation with { NotBefore = Until });
        Invalid(_mia.Delegation with { Sign = _mia.Delegation.Sign with { PublicKey = new Bytes(new byte[64]) } });
        Invalid(_mia.Delegation with { ReceiveKey = new Bytes(new byte[64]) });
        Invalid(_mia.Delegation with { WitnessKey = new Bytes(new byte[33]) });
        Invalid(_mia.Delegation with { RootKey = new Bytes(new byte[1]) });
        Invalid(_mia.Delegation with { Member = "Mia" });
        Invalid(_mia.Delegation with { Member = "mia+root" });
        Invalid(_mia.Delegation with { Member = string.Empty });
        Invalid(_mia.Delegation with { Sign = _mia.Delegation.Sign with { Kind = SignatureKind.WebAuthn } });
        Invalid(_mia.Delegation with { Sign = _mia.Delegation.Sign with { RpId = "localhost" } });
        Invalid(_mia.Delegation with { ReceiveKey = null, Roles = [MemberRole.Receiver] });
    }

    [Fact]
    public void Revocation_by_the_root_key_ends_the_delegation_at_once()
    {
        var room = TestStages.Active.Append(Ada.Revoke());

        room.State.Members[Ada.Key.Id].WhyNotValid(room.Now)!.Code.Should().Be(RefusalCode.MemberRevoked);
        room.State.MembersOf("registry", room.Now).Should().NotContain(member => member.Delegation.Member == "ada");
    }

    [Fact]
    public void Revocation_by_any_other_key_is_refused()
    {
        TestStages.Active.Refuses(Root("laboratory").Sign(Ada.Revocation), RefusalCode.SignatureUnknownKey);
        TestStages.Active.Refuses(Rita.Sign(Ada.Revocation), RefusalCode.SignatureUnknownKey, "a colleague");
        TestStages.Active.Refuses(TestStages.Active.ByNode(Ada.Revocation), RefusalCode.SignatureUnknownKey);
        TestStages.Active.Refuses(TestStages.Forge(Ada.Revoke()), RefusalCode.SignatureInvalid);
        TestStages.Active.Refuses(Ada.Revoke() with { Signatures = [] }, RefusalCode.SignatureMissing);
    }

    [Fact]
    public void Revocation_that_names_another_delegation_is_refused()
    {
        TestStages.Active.Refuses(Ada.Root.Sign(Ada.Revocation with { DelegationDigest = Digest.Of("unknown"u8) }), RefusalCode.NotPermitted);
        TestStages.Active.Refuses(Ada.Root.Sign(Ada.Revocation with { Member = "rita" }), RefusalCode.NotPermitted);
        TestStages.Active.Refuses(Ada.Root.Sign(Ada.Revocation with { Collaborator = "laboratory" }), RefusalCode.NotPermitted);
    }

    [Fact]
    public void Revocation_twice_is_refused()
    {
        var room = TestStages.Active.Append(Ada.Revoke());

        room.Refuses(Ada.Revoke(), RefusalCode.Replayed);
        room.Refuses(Ada.Root.Sign(Ada.Revocation with { Reason = "again" }), RefusalCode.MemberRevoked);
        room.State.Members[Ada.Key.Id].RevokedSequence.Should().Be(TestStages.Active.State.Log.Size);
    }

    [Fact]
    public void Members_of_a_root_key_that_only_a_proposal_names_are_not_the_collaborators_members()
    {
        // The laboratory proposes to give the registry another root key; nobody has agreed.
        var usurper = Es256TestKey.Named("usurper");
        var next = TestContracts.Next(TestContracts.First) with
        {
            Collaborators = [.. TestContracts.First.Collaborators.Select(c => c.Id == "registry" ? c with { RootKey = usurper.PublicKey } : c)],
        };
        var room = TestStages.Active.Append(Lea.Sign(next), (_mia with { Root = usurper }).Delegate());

        room.State.MembersOf("registry", room.Now).Select(member => member.Delegation.Member).Should().BeEquivalentTo("ada", "rita");
        room.Refuses(_mia.Sign(room.Suspend()), RefusalCode.NotPermitted);
        room.Accepts((_mia with { Key = Es256TestKey.Named("the real mia") }).Delegate(), "the name is not taken by another root key");
    }

    private static void Invalid(Delegation delegation) => TestStages.Active.Refuses(Root("registry").Sign(delegation), RefusalCode.DocumentInvalid);
}
