using CleanRoom.Attestation.Insecure;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Fold;
using CleanRoom.Protocol.Ledger;
using CleanRoom.TestKit.Collaborations;
using static CleanRoom.TestKit.Collaborations.TestPeople;

namespace CleanRoom.Protocol.Tests.Fold;

/// <summary>Row 0, and the admission of nodes.</summary>
public sealed class NodeFoldTests
{
    private static readonly Genesis _genesis = TestDocuments.Genesis(TestContracts.First);
    private static readonly TestNode _second = new("second node", InsecureSimulatedMachine.OfBuild(TestContracts.Build));
    private static readonly TestNode _foreign = new("foreign node", InsecureSimulatedMachine.OfBuild("another build"));

    [Fact]
    public void Genesis_by_its_own_node_is_accepted_and_admits_nobody_yet()
    {
        var room = TestRoom.Empty.Append(TestNode.First.Key.Sign(_genesis));

        room.State.Collaboration.Should().Be(_genesis.Collaboration);
        room.State.Nodes.Should().BeEmpty("its evidence is appraised when the contract is known");
        room.State.WhyNotActive(room.Now)!.Code.Should().Be(RefusalCode.ContractNotActive);
    }

    [Fact]
    public void Genesis_that_is_not_signed_by_the_bound_key_is_refused()
    {
        TestRoom.Empty.Refuses(_second.Key.Sign(_genesis), RefusalCode.SignatureUnknownKey);
        TestRoom.Empty.Refuses(TestStages.Forge(TestNode.First.Key.Sign(_genesis)), RefusalCode.SignatureInvalid);
    }

    [Fact]
    public void Genesis_under_a_name_that_does_not_follow_from_its_keys_is_refused()
    {
        var other = _genesis with { Nonce = TestRandom.Bytes("other", 32) };

        TestRoom.Empty.Refuses(TestNode.First.Key.Sign(other), RefusalCode.RowInvalid);
    }

    [Fact]
    public void Second_genesis_is_refused()
    {
        var room = TestRoom.Found(TestContracts.First);
        var renewed = _genesis with { Attestation = TestNode.First.Attest(_genesis.Attestation.Binding with { Build = "other" }) };

        room.Refuses(TestNode.First.Key.Sign(renewed), RefusalCode.RowInvalid);
    }

    [Theory]
    [InlineData(BindingPurpose.Room)]
    [InlineData(BindingPurpose.Handover)]
    [InlineData(BindingPurpose.Admission)]
    public void Genesis_with_evidence_for_another_purpose_is_refused(BindingPurpose purpose) =>
        RefusesBinding(binding => binding with { Purpose = purpose });

    [Fact]
    public void Genesis_whose_evidence_binds_other_keys_or_another_contract_is_refused()
    {
        RefusesBinding(binding => binding with { Collaboration = "none" });
        RefusesBinding(binding => binding with { CollaborationKey = Es256TestKey.Named("other").PublicKey });
        RefusesBinding(binding => binding with { CheckpointKey = TestRandom.Ed25519("other").PublicKey });
        RefusesBinding(binding => binding with { ContractDigest = Digest.Of("other"u8) });
        RefusesBinding(binding => binding with { ContractDigest = null });
        RefusesBinding(binding => binding with { Checkpoint = TestStages.Active.Checkpoint() });
    }

    [Fact]
    public void Genesis_with_keys_of_another_length_is_refused()
    {
        RefusesKeys(new Bytes(new byte[64]), _genesis.CheckpointKey);
        RefusesKeys(_genesis.SealingKey, new Bytes(new byte[31]));
    }

    [Fact]
    public void Row_0_that_is_not_numbered_0_is_refused()
    {
        var row = new LedgerRow(1, TestRoom.Empty.Now, TestNode.First.Key.Sign(_genesis));

        LedgerFold.Apply(CollaborationState.Empty, row, TestRoom.Services).Refusals[0].Code.Should().Be(RefusalCode.RowInvalid);
    }

    [Fact]
    public void Row_0_that_holds_a_receipt_or_a_delegation_is_refused()
    {
        TestRoom.Empty.Refuses(TestNode.First.Key.Sign(TestStages.Answered.Receipt(TestStages.Question)), RefusalCode.RowInvalid);
        TestRoom.Empty.Refuses(Ada.Delegate(), RefusalCode.RowInvalid);
    }

    [Fact]
    public void Proposal_on_a_genesis_whose_evidence_the_contract_does_not_accept_is_refused()
    {
        var foreign = _foreign.Attest(_foreign.Binding(
            BindingPurpose.Genesis, _genesis.Collaboration, _genesis.SealingKey, _genesis.CheckpointKey, _genesis.ContractDigest, "none"));
        var room = TestRoom.Empty.Append(_foreign.Key.Sign(_genesis with { Attestation = foreign }), Ada.Delegate());

        room.Refuses(Ada.Sign(TestContracts.First), RefusalCode.EvidenceNotAccepted);
    }

    [Fact]
    public void Proposal_on_a_genesis_with_junk_evidence_is_refused()
    {
        var junk = _genesis.Attestation with { Evidence = new Bytes("junk"u8) };
        var room = TestRoom.Empty.Append(TestNode.First.Key.Sign(_genesis with { Attestation = junk }), Ada.Delegate());

        room.Refuses(Ada.Sign(TestContracts.First), RefusalCode.EvidenceInvalid);
    }

    [Fact]
    public void Proposal_on_a_genesis_with_evidence_of_another_binding_is_refused()
    {
        var relayed = _genesis.Attestation with { Binding = _genesis.Attestation.Binding with { Nonce = TestRandom.Bytes("other", 32) } };
        var room = TestRoom.Empty.Append(TestNode.First.Key.Sign(_genesis with { Attestation = relayed }), Ada.Delegate());

        room.Refuses(Ada.Sign(TestContracts.First), RefusalCode.BindingMismatch);
    }

    [Theory]
    [InlineData(BindingPurpose.Room)]
    [InlineData(BindingPurpose.Handover)]
    public void Second_node_with_accepted_evidence_is_admitted_and_may_sign(BindingPurpose purpose)
    {
        var attestation = _second.Attest(TestStages.Approved.RoomBinding(_second) with { Purpose = purpose });
        var room = TestStages.Approved.Append(
            _second.Key.Sign(new NodeAdmission { Collaboration = TestStages.Approved.State.Collaboration, Attestation = attestation }));

        room.Accepts(_second.Key.Sign(room.Charge(TestStages.Question, TestStages.Verdict)));
    }

    [Fact]
    public void Node_that_was_not_admitted_may_not_sign() => TestStages.Approved.Refuses(
        _second.Key.Sign(TestStages.Approved.Charge(TestStages.Question, TestStages.Verdict)), RefusalCode.SignatureUnknownKey);

    [Fact]
    public void Admission_of_another_measurement_is_refused() =>
        TestStages.Active.Refuses(_foreign.Key.Sign(TestStages.Active.Admission(_foreign)), RefusalCode.EvidenceNotAccepted);

    [Fact]
    public void Admission_before_a_contract_is_in_force_is_refused() =>
        TestStages.Peopled.Refuses(
            _second.Key.Sign(TestStages.Active.Admission(_second) with
            {
                Attestation = _second.Attest(TestStages.Active.RoomBinding(_second) with { Checkpoint = TestStages.Peopled.Checkpoint() }),
            }),
            RefusalCode.ContractNotActive);

    [Fact]
    public void Admission_signed_by_another_key_than_the_bound_one_is_refused()
    {
        TestStages.Active.Refuses(TestStages.Active.ByNode(TestStages.Active.Admission(_second)), RefusalCode.SignatureUnknownKey);
        TestStages.Active.Refuses(TestStages.Forge(_second.Key.Sign(TestStages.Active.Admission(_second))), RefusalCode.SignatureInvalid);
    }

    [Fact]
    public void Admission_for_another_collaboration_is_refused() => TestStages.Active.Refuses(
        _second.Key.Sign(TestStages.Active.Admission(_second) with { Collaboration = "other" }), RefusalCode.NotPermitted);

    [Fact]
    public void Admission_with_relayed_evidence_is_refused()
    {
        var room = TestStages.Active;
        RefusesAdmission(room.RoomBinding(_second) with { Purpose = BindingPurpose.Genesis });
        RefusesAdmission(room.RoomBinding(_second) with { Purpose = BindingPurpose.Admission });
        RefusesAdmission(room.RoomBinding(_second) with { Collaboration = Digest.Of("other"u8).ToString() });
        RefusesAdmission(room.RoomBinding(_second) with { CollaborationKey = Es256TestKey.Named("other").PublicKey });
        RefusesAdmission(room.RoomBinding(_second) with { CheckpointKey = TestRandom.Ed25519("other").PublicKey });
        RefusesAdmission(room.RoomBinding(_second) with { ContractDigest = Digest.Of("other"u8) });
    }

    [Fact]
    public void Admission_with_evidence_of_another_signing_or_sealing_key_is_refused()
    {
        // The evidence is genuine and was made for the first node; only the binding beside it is another.
        var genuine = TestNode.First.Attest(TestStages.Active.RoomBinding(TestNode.First));
        var relayed = new NodeAdmission
        {
            Collaboration = TestStages.Active.State.Collaboration,
            Attestation = genuine with { Binding = genuine.Binding with { SigningKey = _second.Key.PublicKey } },
        };

        TestStages.Active.Refuses(_second.Key.Sign(relayed), RefusalCode.BindingMismatch);
        var sealing = genuine with { Binding = genuine.Binding with { SealingKey = _second.Key.PublicKey } };
        TestStages.Active.Refuses(TestNode.First.Key.Sign(relayed with { Attestation = sealing }), RefusalCode.BindingMismatch);
    }

    [Fact]
    public void Admission_whose_binding_shows_an_older_checkpoint_is_accepted() =>
        TestStages.Approved.Accepts(_second.Key.Sign(TestStages.Approved.Admission(_second) with
        {
            Attestation = _second.Attest(TestStages.Approved.RoomBinding(_second) with { Checkpoint = TestStages.Active.Checkpoint() }),
        }));

    [Fact]
    public void Admission_whose_binding_shows_another_log_proves_a_fork()
    {
        var room = TestStages.Active;
        RefusesAdmission(room.RoomBinding(_second) with { Checkpoint = room.Checkpoint(3, Digest.Of("fork"u8)) }, RefusalCode.CheckpointInconsistent);
        RefusesAdmission(room.RoomBinding(_second) with { Checkpoint = TestStages.Asked.Checkpoint() }, RefusalCode.CheckpointInconsistent);
        RefusesAdmission(room.RoomBinding(_second) with { Checkpoint = "junk" }, RefusalCode.CheckpointInvalid);
    }

    [Fact]
    public void Node_whose_measurement_the_next_contract_does_not_accept_may_sign_no_longer()
    {
        var next = TestContracts.Next(TestContracts.First) with
        {
            Attestation = new AttestationPolicy { Accepted = [_foreign.Machine.ToReferenceTuple()], CodeEndorsers = [] },
        };
        var room = TestStages.SignAll(TestStages.Active, next);
        var manifest = room.Manifest("registry.people");
        var granted = room.Append(Ada.Sign(manifest), Ada.Sign(room.Grant(manifest)));

        granted.Refuses(granted.ByNode(granted.Ingest(manifest)), RefusalCode.EvidenceNotAccepted);
        granted.Refuses(granted.ByNode(granted.Admission(TestNode.First)), RefusalCode.EvidenceNotAccepted);
        var admitted = granted.Append(_foreign.Key.Sign(granted.Admission(_foreign)));
        admitted.Accepts(_foreign.Key.Sign(admitted.Ingest(manifest)));
    }

    private static void RefusesBinding(Func<Binding, Binding> change) => TestRoom.Empty.Refuses(
        TestNode.First.Key.Sign(_genesis with { Attestation = TestNode.First.Attest(change(_genesis.Attestation.Binding)) }), RefusalCode.BindingMismatch);

    private static void RefusesKeys(Bytes sealing, Bytes checkpoint)
    {
        var id = CollaborationId.Of(_genesis.ContractDigest, sealing, checkpoint, _genesis.Nonce);
        var binding = _genesis.Attestation.Binding with { Collaboration = id, CollaborationKey = sealing, CheckpointKey = checkpoint };
        var genesis = _genesis with { Collaboration = id, SealingKey = sealing, CheckpointKey = checkpoint, Attestation = TestNode.First.Attest(binding) };

        TestRoom.Empty.Refuses(TestNode.First.Key.Sign(genesis), RefusalCode.RowInvalid);
    }

    private static void RefusesAdmission(Binding binding, RefusalCode code = RefusalCode.BindingMismatch) => TestStages.Active.Refuses(
        _second.Key.Sign(new NodeAdmission { Collaboration = TestStages.Active.State.Collaboration, Attestation = _second.Attest(binding) }), code);
}
