using System.Collections.Immutable;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Dsse;
using CleanRoom.TestKit.Collaborations;
using static CleanRoom.TestKit.Collaborations.TestEndorsements;
using static CleanRoom.TestKit.Collaborations.TestPeople;

namespace CleanRoom.Protocol.Tests.Fold;

/// <summary>Code that the contract does not name, let in by all of those whom it names for that. Spec: contracts/spec/0025.</summary>
public sealed class EndorsementFoldTests
{
    private static readonly TestRoom _room = TestStages.SignAll(TestStages.People(Agreed), Agreed);
    private static readonly CodeEndorsement _endorsement = _room.Endorsement();
    private static readonly TestRoom _endorsed = _room.Append(Bring(_room, _endorsement));

    [Theory]
    [InlineData(BindingPurpose.Room)]
    [InlineData(BindingPurpose.Handover)]
    public void Endorsed_code_is_admitted_and_may_sign_and_without_the_endorsement_not(BindingPurpose purpose)
    {
        _room.Refuses(Admit(_room, purpose), RefusalCode.EvidenceNotAccepted);

        var admitted = _endorsed.Append(Admit(_endorsed, purpose));

        MaySign(admitted).Should().BeNull();
        admitted.State.Nodes[Later.Key.Id].Endorsements.Should().Equal(DocumentCodec.DigestOf(_endorsement));
        admitted.State.Endorsements.Values.Should().ContainSingle().Which.By.Should().Be("registry/ada");
    }

    [Fact]
    public void Endorsement_that_one_of_the_endorsers_has_not_signed_is_refused()
    {
        Refuses(_endorsement.By(Builder), RefusalCode.SignatureMissing);
        Refuses(_endorsement.By(Reviewer), RefusalCode.SignatureMissing);
    }

    [Fact]
    public void Endorser_that_signs_twice_is_one_endorser() => Refuses(_endorsement.By(Builder, Builder), RefusalCode.EnvelopeInvalid);

    [Fact]
    public void Signature_of_somebody_else_counts_for_nobody_and_is_refused_beside_all_others()
    {
        Refuses(_endorsement.By(Builder, Ada.Key), RefusalCode.SignatureMissing);
        Refuses(_endorsement.By(Builder, Reviewer, Ada.Key), RefusalCode.SignatureUnknownKey);
    }

    [Fact]
    public void Forged_signature_is_refused()
    {
        var forged = TestStages.Forge(_endorsement.By(Reviewer));
        Refuses(forged with { Signatures = [.. forged.Signatures, .. _endorsement.By(Builder).Signatures] }, RefusalCode.SignatureInvalid);
        var other = _endorsement with { Reason = "another" };
        Refuses(_endorsement.ByBoth() with { Payload = new Bytes(DocumentCodec.Encode(other)) }, RefusalCode.SignatureInvalid);
    }

    [Fact]
    public void Endorsement_for_another_collaboration_or_contract_is_refused()
    {
        Refuses((_endorsement with { Collaboration = Digest.Of("other"u8).ToString() }).ByBoth(), RefusalCode.NotPermitted);
        Refuses((_endorsement with { ContractDigest = DocumentCodec.DigestOf(TestContracts.First) }).ByBoth(), RefusalCode.ContractConflict);
        var next = _room.Append(Ada.Sign(TestContracts.Next(Agreed)));
        next.Refuses(
            Bring(next, _endorsement with { ContractDigest = DocumentCodec.DigestOf(TestContracts.Next(Agreed)) }), RefusalCode.ContractConflict, "a proposal is no contract in force");
    }

    [Fact]
    public void Endorsement_under_a_contract_without_endorsers_is_refused() => TestStages.Active.Refuses(
        Bring(TestStages.Active, TestStages.Active.Endorsement()), RefusalCode.NotPermitted, "an empty list admits none");

    [Fact]
    public void Debug_is_never_endorsed_whatever_the_contract_allows()
    {
        var debug = _endorsement with { Tuple = _endorsement.Tuple with { Debug = true } };

        Refuses(debug.ByBoth(), RefusalCode.InsecureNotAllowed);
    }

    [Fact]
    public void Endorsement_is_taken_once_whoever_brings_it_and_its_nonce_too()
    {
        _endorsed.Refuses(Bring(_endorsed, _endorsement), RefusalCode.Replayed);
        _endorsed.Refuses(Bring(_endorsed, _endorsement, Hal), RefusalCode.Replayed);
        _endorsed.Refuses(Bring(_endorsed, _endorsement with { Reason = "another" }), RefusalCode.Replayed);
        _endorsed.Accepts(Bring(_endorsed, _endorsed.Endorsement("another")));
    }

    [Fact]
    public void Endorsement_that_has_ended_is_refused()
    {
        _room.At(_endorsement.Expires).Refuses(Bring(_room, _endorsement), RefusalCode.Stale);
        _room.At(_endorsement.Expires.Plus(TimeSpan.FromMilliseconds(-1))).Accepts(Bring(_room, _endorsement));
    }

    [Fact]
    public void Endorsed_node_signs_until_the_endorsement_ends_and_no_other_is_admitted_then()
    {
        var admitted = _endorsed.Append(Admit(_endorsed));
        var last = _endorsement.Expires.Plus(TimeSpan.FromMilliseconds(-1));

        MaySign(admitted, last).Should().BeNull();
        MaySign(admitted, _endorsement.Expires).Should().Be(RefusalCode.EvidenceNotAccepted);
        _endorsed.At(last).Accepts(Admit(_endorsed));
        _endorsed.At(_endorsement.Expires).Refuses(Admit(_endorsed), RefusalCode.EvidenceNotAccepted);
        MaySign(admitted, _endorsement.Expires, TestNode.First).Should().BeNull("the contract itself names that code");
    }

    [Fact]
    public void Endorsement_counts_from_its_beginning()
    {
        var later = _endorsement with { NotBefore = _room.Now.Plus(TimeSpan.FromDays(1)) };
        var room = _room.Append(Bring(_room, later));

        room.Refuses(Admit(room), RefusalCode.EvidenceNotAccepted);
        room.At(later.NotBefore).Accepts(Admit(room));
    }

    [Fact]
    public void Endorsement_is_renewed_before_it_ends_and_after_it()
    {
        var admitted = _endorsed.Append(Admit(_endorsed));
        var renewal = _endorsement with { NotBefore = _endorsement.Expires, Expires = _endorsement.Expires.Plus(TimeSpan.FromDays(30)), Nonce = TestRandom.Nonce("renewal") };

        var before = admitted.Append(Bring(admitted, renewal));
        MaySign(before).Should().BeNull("the renewal has not begun, and the first has not ended");
        MaySign(before, renewal.NotBefore).Should().BeNull();
        MaySign(before, renewal.Expires).Should().Be(RefusalCode.EvidenceNotAccepted);
        var lapsed = admitted.At(renewal.NotBefore);
        MaySign(lapsed.Append(Bring(lapsed, renewal))).Should().BeNull("a node that lapsed signs again");
    }

    [Fact]
    public void Measurement_that_one_owner_revoked_stays_revoked_endorsed_or_not()
    {
        var measurement = _endorsement.Tuple.Values["measurement"];
        var admitted = _endorsed.Append(Admit(_endorsed));
        var revoked = admitted.Append(Lea.Sign(admitted.Revoke(RevocationKind.Measurement, measurement)));

        MaySign(revoked).Should().Be(RefusalCode.Revoked);
        revoked.Try(Admit(revoked)).IsAccepted.Should().BeFalse();
        revoked.Refuses(Bring(revoked, revoked.Endorsement("again")), RefusalCode.Revoked);
        revoked.State.StandingEndorsements(revoked.Now).Should().BeEmpty("nobody is told that it counts");
        var before = _room.Append(Lea.Sign(_room.Revoke(RevocationKind.Measurement, measurement)));
        before.Refuses(Bring(before, _endorsement), RefusalCode.Revoked);
    }

    [Fact]
    public void Next_version_of_the_contract_ends_every_endorsement()
    {
        var next = TestContracts.Next(Agreed);
        var room = TestStages.SignAll(_endorsed.Append(Admit(_endorsed)), next);

        MaySign(room).Should().Be(RefusalCode.EvidenceNotAccepted);
        room.Refuses(Admit(room), RefusalCode.EvidenceNotAccepted);
        room.Refuses(Bring(room, _endorsement with { Nonce = TestRandom.Nonce("late") }), RefusalCode.ContractConflict, "it names the version before");
        MaySign(room.Append(Bring(room, room.Endorsement("under the next version")))).Should().BeNull("its own endorsers have endorsed it again");
    }

    [Fact]
    public void Next_version_that_names_the_code_itself_needs_no_endorsement()
    {
        var next = TestContracts.Next(Agreed) with
        {
            Attestation = new AttestationPolicy { Accepted = [.. Agreed.Attestation.Accepted, _endorsement.Tuple], CodeEndorsers = [] },
        };
        var room = TestStages.SignAll(_endorsed.Append(Admit(_endorsed)), next);

        MaySign(room).Should().BeNull();
        MaySign(room, _endorsement.Expires).Should().BeNull("it is not by the endorsement any more");
    }

    [Fact]
    public void Endorsement_is_brought_by_an_admin_or_owner_of_the_contract_and_by_nobody_else()
    {
        foreach (var member in new[] { Ada, Lea, Leo, Hal })
        {
            _room.Accepts(Bring(_room, _endorsement, member));
        }

        foreach (var member in new[] { Rita, Hana, Hugo })
        {
            _room.Refuses(Bring(_room, _endorsement, member), RefusalCode.RoleMissing);
        }

        _room.Refuses(Builder.Sign(_room.Bring(_endorsement.ByBoth())), RefusalCode.SignatureUnknownKey, "an endorser is no member by that");
        _room.Refuses(Ada.Sign(_room.Bring(_endorsement.ByBoth()) with { Collaboration = "other" }), RefusalCode.NotPermitted);
        _room.Refuses(_endorsement.ByBoth(), RefusalCode.SignatureMissing, "by itself it is no row");
        _room.Refuses(_endorsement.By(Builder), RefusalCode.RowInvalid, "by itself it is no row");
    }

    [Fact]
    public void Endorsement_is_brought_while_a_contract_is_in_force_and_not_suspended()
    {
        var suspended = _room.Append(Leo.Sign(_room.Suspend()));
        suspended.Refuses(Bring(suspended, _endorsement), RefusalCode.ContractNotActive);
        TestStages.People(Agreed).Append(Ada.Sign(Agreed)).Refuses(Bring(_room, _endorsement), RefusalCode.ContractNotActive);
    }

    [Fact]
    public void Contract_in_force_has_at_most_sixteen_that_have_not_ended()
    {
        var full = Enumerable.Range(1, 15).Aggregate(_endorsed, (room, number) => room.Append(Bring(room, _endorsement with { Nonce = TestRandom.Nonce($"{number}") })));
        var more = _endorsement with { Nonce = TestRandom.Nonce("one more"), Expires = _endorsement.Expires.Plus(TimeSpan.FromDays(1)) };

        full.Refuses(Bring(full, more), RefusalCode.NotPermitted);
        full.At(_endorsement.Expires).Accepts(Bring(full, more));
    }

    [Fact]
    public void Row_0_is_never_judged_by_an_endorsement()
    {
        var genesis = TestDocuments.Genesis(Agreed);
        var binding = Later.Binding(BindingPurpose.Genesis, genesis.Collaboration, genesis.SealingKey, genesis.CheckpointKey, genesis.ContractDigest, "none");
        var room = TestRoom.Empty.Append(Later.Key.Sign(genesis with { Attestation = Later.Attest(binding) }), Ada.Delegate());

        room.Refuses(Ada.Sign(Agreed), RefusalCode.EvidenceNotAccepted);
    }

    [Fact]
    public void Oversized_endorsement_is_refused()
    {
        var chips = Enumerable.Range(0, 1_000).Select(number => $"{number:x128}").ToImmutableArray();

        Refuses((_endorsement with { Tuple = _endorsement.Tuple with { ChipIds = chips } }).ByBoth(), RefusalCode.DocumentTooLarge);
    }

    private static Envelope Bring(TestRoom room, CodeEndorsement endorsement, TestMember? by = null) => (by ?? Ada).Sign(room.Bring(endorsement.ByBoth()));

    private static Envelope Admit(TestRoom room, BindingPurpose purpose = BindingPurpose.Room) => Later.Key.Sign(new NodeAdmission
    {
        Collaboration = room.State.Collaboration, Attestation = Later.Attest(room.RoomBinding(Later) with { Purpose = purpose }),
    });

    private static void Refuses(Envelope endorsement, RefusalCode code) => _room.Refuses(Ada.Sign(_room.Bring(endorsement)), code);

    /// <summary>Says why a node may not sign what a granted dataset brought; null when it may.</summary>
    private static RefusalCode? MaySign(TestRoom room, Timestamp? at = null, TestNode? node = null)
    {
        var manifest = room.Manifest("registry.people");
        var granted = room.Append(Ada.Sign(manifest), Ada.Sign(room.Grant(manifest)));
        var signed = (at is { } time ? granted.At(time) : granted).Try((node ?? Later).Key.Sign(granted.Ingest(manifest)));
        return signed.IsAccepted ? null : signed.Refusals[0].Code;
    }
}
