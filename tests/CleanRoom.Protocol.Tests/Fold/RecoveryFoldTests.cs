using System.Collections.Immutable;
using CleanRoom.Attestation.Insecure;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Dsse;
using CleanRoom.Protocol.Recoveries;
using CleanRoom.TestKit.Collaborations;
using static CleanRoom.TestKit.Collaborations.TestPeople;

namespace CleanRoom.Protocol.Tests.Fold;

/// <summary>Recovery shares, and the record of a room that was restored from them. Spec: contracts/spec/0026 s.4, s.7.</summary>
public sealed class RecoveryFoldTests
{
    private static readonly TestNode _second = new("second node", InsecureSimulatedMachine.OfBuild(TestContracts.Build));
    private static readonly TestNode _third = new("third node", InsecureSimulatedMachine.OfBuild(TestContracts.Build));
    private static readonly TestRoom _active = TestStages.SignAll(TestStages.People(TestRecoveries.Contract), TestRecoveries.Contract);
    private static readonly TestRoom _shared = _active.Append(_active.ByNode(_active.Shares()));
    private static readonly TestRoom _admitted = _shared.Append(_second.Key.Sign(_shared.Admission(_second)));

    [Fact]
    public void Set_of_shares_is_due_once_the_contract_is_in_force_and_not_twice()
    {
        RecoverySets.IsDue(_active.State, _active.Now).Should().BeTrue();
        RecoverySets.IsDue(_shared.State, _shared.Now).Should().BeFalse();
        _shared.State.RecoverySet!.Shares.Shares.Select(share => string.Join(',', share.Sealed.Select(one => one.Member))).Should().Equal("ada", "lea,leo", "hal");
        _shared.Refuses(_shared.ByNode(_shared.Shares("another")), RefusalCode.Stale);
    }

    [Fact]
    public void Set_of_shares_without_recovery_in_the_contract_is_refused_for_ever()
    {
        RecoverySets.IsDue(TestStages.Active.State, TestStages.Active.Now).Should().BeFalse();

        TestStages.Active.Refuses(TestStages.Active.ByNode(TestStages.Active.Shares()), RefusalCode.NotPermitted);
        TestStages.Peopled.Refuses(TestStages.Peopled.ByNode(TestStages.Active.Shares()), RefusalCode.ContractNotActive);
    }

    [Fact]
    public void Set_of_shares_by_a_member_or_an_unknown_node_is_refused()
    {
        _active.Refuses(Ada.Sign(_active.Shares()), RefusalCode.SignatureUnknownKey);
        _active.Refuses(_second.Key.Sign(_active.Shares()), RefusalCode.SignatureUnknownKey);
        _active.Refuses(TestStages.Forge(_active.ByNode(_active.Shares())), RefusalCode.SignatureInvalid);
    }

    [Fact]
    public void Set_of_shares_that_is_not_that_of_contract_and_members_is_refused()
    {
        var shares = _active.Shares();
        var first = shares.Shares[0];
        Refuses(shares with { Collaboration = "other" }, RefusalCode.NotPermitted);
        Refuses(shares with { ContractDigest = Digest.Of("other"u8) }, RefusalCode.ContractConflict);
        Refuses(shares with { K = 1 });
        Refuses(shares with { K = 3 });
        Refuses(shares with { Set = new Bytes(new byte[15]) });
        Refuses(shares with { Shares = shares.Shares.RemoveAt(2) });
        Refuses(shares with { Shares = shares.Shares.Add(first) });
        Refuses(shares with { Shares = [shares.Shares[1], first, shares.Shares[2]] });
        Refuses(shares with { Shares = shares.Shares.SetItem(1, first) });
        Refuses(shares with { Shares = shares.Shares.SetItem(0, first with { Index = 2 }) });
        Refuses(shares with { Shares = shares.Shares.SetItem(0, first with { Index = 0 }) });
        Refuses(shares with { Shares = shares.Shares.SetItem(0, first with { Sealed = [] }) });
        Refuses(shares with { Shares = shares.Shares.SetItem(0, first with { Sealed = [first.Sealed[0], first.Sealed[0]] }) });
        Refuses(Sealed(one => one with { Member = "rita" }));
        Refuses(Sealed(one => one with { ReceiveKey = Rita.Delegation.ReceiveKey!.Value }));
        Refuses(Sealed(one => one with { Enc = new Bytes(new byte[64]) }));
        Refuses(Sealed(one => one with { Ciphertext = new Bytes(new byte[48]) }));

        RecoveryShareSet Sealed(Func<SealedShare, SealedShare> change) =>
            shares with { Shares = shares.Shares.SetItem(0, first with { Sealed = [change(first.Sealed[0])] }) };

        static void Refuses(RecoveryShareSet wrong, RefusalCode code = RefusalCode.DocumentInvalid) => _active.Refuses(_active.ByNode(wrong), code);
    }

    [Fact]
    public void Set_of_shares_waits_for_a_collaborator_without_a_holder_and_says_which()
    {
        var without = TestStages.SignAll(TestStages.People(TestRecoveries.Contract), TestRecoveries.Contract).Append(Hal.Revoke());

        RecoverySets.WithoutHolder(without.State, without.Now).Should().Equal("hospital");
        RecoverySets.IsDue(without.State, without.Now).Should().BeFalse();
        without.Refuses(without.ByNode(without.Shares()), RefusalCode.DocumentInvalid);

        var hedy = TestMember.Of("hospital", "hedy", MemberRole.Owner);
        var later = without.Append(hedy.Delegate());
        RecoverySets.IsDue(later.State, later.Now).Should().BeTrue();
        later.Accepts(later.ByNode(later.Shares()));
    }

    [Fact]
    public void Member_who_may_hold_a_share_makes_a_new_set_due_and_others_do_not()
    {
        var owner = _shared.Append(TestMember.Of("registry", "olga", MemberRole.Owner).Delegate());
        var analyst = _shared.Append(TestMember.Of("registry", "anna", MemberRole.Analyst, MemberRole.Receiver, MemberRole.Auditor, MemberRole.Approver).Delegate());
        var left = _shared.Append(Leo.Revoke());

        RecoverySets.IsDue(owner.State, owner.Now).Should().BeTrue();
        owner.Refuses(owner.ByNode(owner.Shares()), RefusalCode.Replayed, "a set has a name of its own");
        owner.Append(owner.ByNode(owner.Shares("second"))).State.RecoverySet!.Sequence.Should().Be(owner.State.Log.Size);
        RecoverySets.IsDue(analyst.State, analyst.Now).Should().BeFalse();
        RecoverySets.IsDue(left.State, left.Now).Should().BeFalse("a new set would not take the old share back");
    }

    [Fact]
    public void Next_contract_makes_a_new_set_due_or_none()
    {
        var more = TestStages.SignAll(_shared, TestContracts.Next(TestRecoveries.Contract) with { Recovery = new RecoveryRules { K = 3 } });
        var none = TestStages.SignAll(_shared, TestContracts.Next(TestRecoveries.Contract) with { Recovery = new RecoveryRules { K = null } });

        RecoverySets.IsDue(more.State, more.Now).Should().BeTrue();
        more.Accepts(more.ByNode(more.Shares("second")));
        RecoverySets.IsDue(none.State, none.Now).Should().BeFalse();
        none.Refuses(none.ByNode(none.Shares("second")), RefusalCode.NotPermitted);
    }

    [Fact]
    public void Recovery_by_k_collaborators_is_recorded_with_node_and_people()
    {
        var room = _admitted.Append(Restored(_admitted.Release(Hal, _second), _admitted.Release(Ada, _second)));

        var recovery = room.State.Recoveries.Should().ContainSingle().Subject;
        recovery.Node.Should().Be(_second.Key.Id);
        recovery.Statements.Select(statement => statement.Member).Should().Equal("hal", "ada");
    }

    [Fact]
    public void Recovery_by_fewer_or_more_than_k_collaborators_is_refused()
    {
        Refuses(RefusalCode.NotPermitted);
        Refuses(RefusalCode.NotPermitted, _admitted.Release(Ada, _second));
        Refuses(RefusalCode.NotPermitted, _admitted.Release(Hal, _second), _admitted.Release(Lea, _second), _admitted.Release(Ada, _second));
    }

    [Fact]
    public void Recovery_by_two_people_of_one_collaborator_is_refused()
    {
        Refuses(RefusalCode.NotPermitted, _admitted.Release(Lea, _second), _admitted.Release(Leo, _second));
        Refuses(RefusalCode.NotPermitted, _admitted.Release(Ada, _second), _admitted.Release(Ada, _second));
        Refuses(RefusalCode.NotPermitted, _admitted.Release(Ada, _second), _admitted.Release(Hal, _second));
    }

    [Fact]
    public void Recovery_with_a_release_to_another_node_is_refused()
    {
        Refuses(RefusalCode.BindingMismatch, _admitted.Release(Hal, _second), _admitted.Release(Ada, _third));
        Refuses(RefusalCode.BindingMismatch, Hals(), _admitted.Release(Ada, _second, other: binding => binding with { SealingKey = _third.Key.PublicKey }));
        Refuses(RefusalCode.BindingMismatch, Hals(), _admitted.Release(Ada, _second, other: binding => binding with { SigningKey = _third.Key.PublicKey }));
        Refuses(RefusalCode.BindingMismatch, Hals(), _admitted.Release(Ada, _second) with { Binding = _admitted.RecoveryBinding(_second, "somebody else") });
    }

    [Theory]
    [InlineData(BindingPurpose.Room)]
    [InlineData(BindingPurpose.Admission)]
    [InlineData(BindingPurpose.Handover)]
    public void Recovery_with_a_release_to_evidence_of_another_purpose_is_refused(BindingPurpose purpose) =>
        Refuses(RefusalCode.BindingMismatch, Hals(), _admitted.Release(Ada, _second, other: binding => binding with { Purpose = purpose }));

    [Fact]
    public void Recovery_with_evidence_of_another_room_is_refused()
    {
        Refuses(RefusalCode.BindingMismatch, Hals(), Ada(binding => binding with { Collaboration = Digest.Of("other"u8).ToString() }));
        Refuses(RefusalCode.BindingMismatch, Hals(), Ada(binding => binding with { CollaborationKey = _third.Key.PublicKey }));
        Refuses(RefusalCode.BindingMismatch, Hals(), Ada(binding => binding with { CheckpointKey = TestRandom.Ed25519("other").PublicKey }));
        Refuses(RefusalCode.BindingMismatch, Hals(), Ada(binding => binding with { ContractDigest = Digest.Of("other"u8) }));

        static RecoveryRelease Ada(Func<Binding, Binding> other) => _admitted.Release(TestPeople.Ada, _second, other: other);
    }

    [Fact]
    public void Recovery_with_a_release_of_something_else_is_refused()
    {
        RefusesStatement(RefusalCode.NotPermitted, statement => statement with { Collaboration = "other" });
        RefusesStatement(RefusalCode.ContractConflict, statement => statement with { ContractDigest = Digest.Of("other"u8) });
        RefusesStatement(RefusalCode.Stale, statement => statement with { Set = TestRandom.Nonce("another set") });
        RefusesStatement(RefusalCode.NotPermitted, statement => statement with { Member = "rita" });
        RefusesStatement(RefusalCode.NotPermitted, statement => statement with { Collaborator = "laboratory" }, "in the name of its signer");
        RefusesStatement(RefusalCode.DocumentInvalid, statement => statement with { Reason = string.Empty });
        RefusesStatement(RefusalCode.DocumentInvalid, statement => statement with { Reason = new string('x', 1_001) });
        RefusesStatement(RefusalCode.Stale, statement => statement with { Expires = _admitted.Now });
        RefusesStatement(RefusalCode.DocumentInvalid, statement => statement with { Expires = _admitted.Now.Plus(TimeSpan.FromHours(24) + TimeSpan.FromMilliseconds(1)) });
    }

    [Fact]
    public void Recovery_that_quotes_another_log_proves_a_fork_or_a_rollback()
    {
        RefusesStatement(RefusalCode.CheckpointInconsistent, statement => statement with { Checkpoint = _admitted.Checkpoint(3, Digest.Of("fork"u8)) });
        RefusesStatement(RefusalCode.CheckpointInconsistent, statement => statement with { Checkpoint = _admitted.Checkpoint(1_000, Digest.Of("longer"u8)) });
        RefusesStatement(RefusalCode.CheckpointInvalid, statement => statement with { Checkpoint = "junk" });
        _admitted.Accepts(Restored(Hals(), _admitted.Release(Ada, _second, statement => statement with { Checkpoint = _active.Checkpoint() })), "an older one is fine");
    }

    [Fact]
    public void Recovery_by_people_who_may_not_is_refused()
    {
        var colleague = TestMember.Of("registry", "rolf", MemberRole.Analyst, MemberRole.Approver, MemberRole.Receiver, MemberRole.Auditor);
        var room = Admitted(_shared.Append(colleague.Delegate()));
        room.Refuses(_second.Key.Sign(room.Recovery(room.Release(Hal, _second), room.Release(colleague, _second))), RefusalCode.RoleMissing);

        var stranger = TestMember.Of("registry", "stranger", MemberRole.Owner);
        Refuses(RefusalCode.SignatureUnknownKey, Hals(), _admitted.Release(stranger, _second));

        var left = Admitted(_shared.Append(Ada.Revoke()));
        left.Refuses(_second.Key.Sign(left.Recovery(left.Release(Hal, _second), left.Release(Ada, _second))), RefusalCode.MemberRevoked);

        var late = _admitted.At(Ada.Delegation.Expires);
        late.Refuses(_second.Key.Sign(late.Recovery(late.Release(Hal, _second), late.Release(Ada, _second))), RefusalCode.MemberExpired);

        var over = _admitted.At(TestRecoveries.Contract.Expires);
        over.Refuses(_second.Key.Sign(over.Recovery(over.Release(Hal, _second), over.Release(Ada, _second))), RefusalCode.ContractExpired);
    }

    [Fact]
    public void Recovery_with_a_forged_or_a_second_signature_is_refused()
    {
        var release = _admitted.Release(Ada, _second);
        var envelope = EnvelopeCodec.Parse(release.Statement.Span).Value;

        Refuses(RefusalCode.SignatureInvalid, Hals(), With(TestStages.Forge(envelope)));
        Refuses(RefusalCode.SignatureInvalid, Hals(), With(envelope with { Signatures = [Lea.Key.Sign(envelope.PayloadType, envelope.Payload.ToArray()).Signatures[0] with { KeyId = Ada.Key.Id }] }));
        Refuses(RefusalCode.SignatureMissing, Hals(), With(envelope with { Signatures = [.. envelope.Signatures, .. Lea.Key.Sign(envelope.PayloadType, envelope.Payload.ToArray()).Signatures] }));
        Refuses(RefusalCode.DocumentInvalid, Hals(), With(Ada.Sign(_admitted.Suspend())));
        Refuses(RefusalCode.JsonInvalid, Hals(), release with { Statement = new Bytes("junk"u8) });

        RecoveryRelease With(Envelope other) => release with { Statement = new Bytes(EnvelopeCodec.Encode(other)) };
    }

    [Fact]
    public void Recovery_in_another_row_than_the_one_after_the_admission_is_refused()
    {
        var later = _admitted.Append(Ada.Sign(_admitted.Suspend()));

        later.Refuses(_second.Key.Sign(later.Recovery(later.Release(Hal, _second), later.Release(Ada, _second))), RefusalCode.RowInvalid);
        _shared.Refuses(_second.Key.Sign(_shared.Recovery(_shared.Release(Hal, _second), _shared.Release(Ada, _second))), RefusalCode.SignatureUnknownKey);
        _admitted.Refuses(_third.Key.Sign(_admitted.Recovery(Hals(), _admitted.Release(Ada, _second))), RefusalCode.SignatureUnknownKey);
    }

    [Fact]
    public void Recovery_of_a_suspended_room_is_recorded_and_of_an_ended_one_is_not()
    {
        var suspended = Admitted(_shared.Append(Ada.Sign(_shared.Suspend())));
        suspended.Accepts(_second.Key.Sign(suspended.Recovery(suspended.Release(Hal, _second), suspended.Release(Ada, _second))));

        var ended = ControlFoldTests.Ended(_shared);
        ended.Refuses(_second.Key.Sign(ended.Recovery(ended.Release(Hal, _second), ended.Release(Ada, _second))), RefusalCode.Terminated);
    }

    [Fact]
    public void Recovery_under_a_contract_without_it_or_another_version_is_refused()
    {
        var none = Admitted(TestStages.SignAll(_shared, TestContracts.Next(TestRecoveries.Contract) with { Recovery = new RecoveryRules { K = null } }));
        none.Refuses(_second.Key.Sign(none.Recovery(none.Release(Hal, _second), none.Release(Ada, _second))), RefusalCode.Stale, "the set is of the version before");

        _admitted.Refuses(_second.Key.Sign(_admitted.Recovery(Hals(), _admitted.Release(Ada, _second)) with { ContractDigest = Digest.Of("other"u8) }), RefusalCode.ContractConflict);
        _admitted.Refuses(_second.Key.Sign(_admitted.Recovery(Hals(), _admitted.Release(Ada, _second)) with { Collaboration = "other" }), RefusalCode.NotPermitted);
        _admitted.Refuses(_second.Key.Sign(_admitted.Recovery(Hals(), _admitted.Release(Ada, _second)) with { Set = TestRandom.Nonce("another set") }), RefusalCode.Stale);
    }

    [Fact]
    public void Release_counts_for_one_recovery_only()
    {
        var (hal, ada) = (_admitted.Release(Hal, _second), _admitted.Release(Ada, _second));
        var restored = _admitted.Append(Restored(hal, ada));
        var again = restored.Append(_second.Key.Sign(restored.Admission(_second)));

        again.Refuses(_second.Key.Sign(again.Recovery(hal, _admitted.Release(Lea, _second))), RefusalCode.Replayed, "with another beside it too");
        again.Accepts(_second.Key.Sign(again.Recovery(again.Release(Hal, _second, statement => statement with { Nonce = TestRandom.Nonce("anew") }), again.Release(Lea, _second))));
    }

    private static RecoveryRelease Hals() => _admitted.Release(Hal, _second);

    private static TestRoom Admitted(TestRoom room) => room.Append(_second.Key.Sign(room.Admission(_second)));

    private static Envelope Restored(params ImmutableArray<RecoveryRelease> releases) => _second.Key.Sign(_admitted.Recovery(releases));

    private static void Refuses(RefusalCode code, params ImmutableArray<RecoveryRelease> releases) => _admitted.Refuses(Restored(releases), code);

    private static void RefusesStatement(RefusalCode code, Func<RecoveryStatement, RecoveryStatement> change, string because = "") =>
        _admitted.Refuses(Restored(Hals(), _admitted.Release(Ada, _second, change)), code, because);
}
