using System.Reflection;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Attestation.Insecure;
using CleanRoom.Attestation.Nodes;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Endorsements;
using CleanRoom.TestKit.Collaborations;

namespace CleanRoom.Attestation.Tests.Nodes;

/// <summary>The exchange: a nonce, evidence over a binding, and what the asker makes of it.</summary>
public sealed class NodeAppraisalTests
{
    private static readonly TestRoom _room = TestStages.Active;
    private static readonly TestNode _node = TestNode.First;
    private static readonly Binding _binding = _room.RoomBinding(_node);
    private static readonly Timestamp _at = _room.Now;

    private static readonly ExpectedBinding _asked = ExpectedBinding.Room(
        _binding.Nonce, _room.State.Collaboration, _room.State.Genesis!.SealingKey, _room.State.Genesis.CheckpointKey, _room.ContractDigest);

    [Fact]
    public void Room_that_answers_the_nonce_is_appraised()
    {
        var attestation = _node.Attest(_binding);

        var node = Appraise(attestation, _asked).Value;

        node.SigningKey.Should().Be(_node.Key.PublicKey);
        node.SealingKey.Should().Be(_binding.SealingKey);
        node.Measurement.Should().Be(Convert.ToHexStringLower(_node.Machine.Measurement.Span));
        node.AttestationDigest.Should().Be(DocumentCodec.DigestOf(attestation));
        node.Result.Verdict.Should().Be(AttestationVerdict.Warning, "the simulated TEE proves nothing");
        node.Result.Words.Should().Equal(InsecureSimulatedVerifier.Words);
    }

    [Fact]
    public void Node_before_genesis_is_appraised_by_its_admission()
    {
        var attestation = _node.Attest(Admission());

        Appraise(attestation, ExpectedBinding.Admission(_binding.Nonce)).IsAccepted.Should().BeTrue();
        Appraise(attestation, _asked).Refusals.Should().OnlyContain(refusal => refusal.Code == RefusalCode.BindingMismatch, "an admission is no room");
        Appraise(_node.Attest(_binding), ExpectedBinding.Admission(_binding.Nonce)).IsAccepted.Should().BeFalse("a room is no admission");
    }

    [Fact]
    public void Same_evidence_twice_is_refused_because_every_question_has_its_own_nonce()
    {
        var attestation = _node.Attest(_binding);
        var second = _asked with { Nonce = Expected.Exactly(TestRandom.Bytes("second question", 32)) };

        Appraise(attestation, _asked).IsAccepted.Should().BeTrue();
        Appraise(attestation, second).Refusals.Should().ContainSingle().Which.Wanted.Should().StartWith("binding.nonce");
    }

    [Fact]
    public void Evidence_relayed_under_another_binding_is_refused_by_its_report_data()
    {
        var genuine = _node.Attest(_binding);
        Binding[] relayed =
        [
            _binding with { SigningKey = Es256TestKey.Named("relay").PublicKey },
            _binding with { SealingKey = Es256TestKey.Named("relay").PublicKey },
            _binding with { Checkpoint = "none" },
            _binding with { BootId = TestRandom.Nonce("other boot") },
            _binding with { Build = "other" },
        ];
        foreach (var binding in relayed)
        {
            Appraise(genuine with { Binding = binding }, _asked).Refusals.Should().ContainSingle()
                .Which.Should().Match<Refusal>(refusal => refusal.Code == RefusalCode.BindingMismatch && refusal.Wanted.StartsWith("report-data"));
        }
    }

    [Fact]
    public void Another_contract_collaboration_purpose_or_key_is_named()
    {
        Mismatch(_binding with { ContractDigest = Digest.Of("other"u8) }, "binding.contractDigest");
        Mismatch(_binding with { Collaboration = Digest.Of("other"u8).ToString() }, "binding.collaboration");
        Mismatch(_binding with { CollaborationKey = Es256TestKey.Named("other").PublicKey }, "binding.collaborationKey");
        Mismatch(_binding with { CheckpointKey = TestRandom.Bytes("other", 32) }, "binding.checkpointKey");
        Mismatch(_binding with { Purpose = BindingPurpose.Handover }, "binding.purpose");
        Mismatch(_binding with { Purpose = BindingPurpose.Genesis }, "binding.purpose");
    }

    [Fact]
    public void Binding_of_another_form_is_refused_whatever_the_asker_knows()
    {
        Mismatch(_binding with { BootId = new Bytes(new byte[15]) }, "binding.bootId");
        Mismatch(_binding with { SigningKey = new Bytes(new byte[65]) }, "binding.signingKey");
        Mismatch(_binding with { SealingKey = new Bytes(new byte[33]) }, "binding.sealingKey");
        Mismatch(_binding with { Collaboration = string.Empty }, "binding.collaboration");
    }

    [Fact]
    public void Every_failure_is_listed_and_a_hostile_name_is_not_repeated()
    {
        var debuggable = _node with { Machine = InsecureSimulatedMachine.OfBuild("other") with { Debug = true, TcbVersion = 0 } };
        var attestation = debuggable.Attest(_binding with { Collaboration = "\u001b[31m", Nonce = TestRandom.Bytes("other", 32) });

        var refusals = Appraise(attestation, _asked, TestContracts.First with { AllowInsecure = false }).Refusals;

        refusals.Select(refusal => refusal.Wanted.Split(' ')[0]).Should().BeEquivalentTo(
            "binding.nonce", "binding.collaboration", "tee", "measurement", "tcb.simulated", "debug");
        refusals.Should().NotContain(refusal => refusal.Got.Contains('\u001b'));
    }

    [Fact]
    public void Simulated_machine_is_refused_unless_the_contract_says_allowInsecure()
    {
        Appraise(_node.Attest(_binding), _asked, TestContracts.First with { AllowInsecure = false }).Refusals.Should().ContainSingle()
            .Which.Code.Should().Be(RefusalCode.InsecureNotAllowed);
    }

    [Fact]
    public void Ledger_appraiser_gives_the_measurement_or_all_refusals()
    {
        var appraiser = new LedgerNodeAppraiser([new InsecureSimulatedVerifier()]);
        var attestation = _node.Attest(_binding);
        var code = CodeAppraisal.At(TestContracts.First, [], _at);

        appraiser.Appraise(attestation, code, _at).Value.Should().Be(Convert.ToHexStringLower(_node.Machine.Measurement.Span));
        appraiser.Appraise(attestation with { Binding = _binding with { Build = "other" } }, code, _at)
            .Refusals.Should().ContainSingle().Which.Code.Should().Be(RefusalCode.BindingMismatch);
        new LedgerNodeAppraiser([]).Appraise(attestation, code, _at)
            .Refusals.Should().ContainSingle().Which.Code.Should().Be(RefusalCode.EvidenceNotAccepted, "a program that knows no TEE accepts none");
    }

    [Fact]
    public void Parsed_verified_and_appraised_are_three_types_and_only_the_appraisal_makes_the_last()
    {
        typeof(ParsedEvidence).IsAbstract.Should().BeTrue();
        new[] { typeof(ParsedEvidence), typeof(VerifiedEvidence), typeof(AppraisedNode) }.Should().OnlyContain(type => !type.IsAssignableTo(typeof(PresentedEvidence)));
        typeof(VerifiedEvidence).IsAssignableTo(typeof(ParsedEvidence)).Should().BeFalse();
        typeof(AppraisedNode).GetConstructors(BindingFlags.Public | BindingFlags.Instance).Should().BeEmpty();
    }

    [Fact]
    public void Expectation_that_is_learned_needs_a_reason()
    {
        var act = () => Expected.Learned<Bytes>(" ");

        act.Should().Throw<ArgumentException>();
        Expected.Learned<Bytes>("a reason").Reason.Should().Be("a reason");
    }

    private static void Mismatch(Binding binding, string check) =>
        Appraise(_node.Attest(binding), _asked).Refusals.Should().Contain(refusal => refusal.Code == RefusalCode.BindingMismatch && refusal.Wanted.StartsWith(check));

    private static Binding Admission() => _binding with
    {
        Purpose = BindingPurpose.Admission,
        Collaboration = ExpectedBinding.None,
        CollaborationKey = default,
        CheckpointKey = default,
        ContractDigest = null,
        Checkpoint = ExpectedBinding.None,
    };

    private static Result<AppraisedNode> Appraise(NodeAttestation attestation, ExpectedBinding expected, Contract? contract = null)
    {
        contract ??= TestContracts.First;
        return NodeAppraisal.Appraise(attestation, expected, contract.Attestation, contract.AllowInsecure, _at, [new InsecureSimulatedVerifier()]);
    }
}
