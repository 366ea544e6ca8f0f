using System.Collections.Immutable;
using CleanRoom.Attestation.Insecure;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Dsse;
using CleanRoom.Protocol.Ledger;
using CleanRoom.Protocol.Receipts;
using CleanRoom.TestKit.Collaborations;
using CsCheck;
using static CleanRoom.TestKit.Collaborations.TestPeople;

namespace CleanRoom.Protocol.Tests.Receipts;

/// <summary>What is changed in a bundle is refused, with the reason.</summary>
public sealed class ReceiptVerifierTests
{
    private static readonly ReceiptBundle _full = TestReceipts.Full;
    private static readonly ReceiptBundle _redacted = TestReceipts.Redacted;
    private static readonly Receipt _receipt = TestStages.Answered.Receipt(TestStages.Question);
    private static readonly ReleaseRecord _release = new()
    {
        ManifestDigest = _receipt.Predicate.Manifests[0].ManifestDigest, Units = 57, Commitment = Digest.Of("release"u8), Columns = [],
    };

    private static readonly Timestamp _rowTime = TestStages.Receipted.Rows[^1].Time;

    [Fact]
    public void File_that_is_no_bundle_is_refused()
    {
        ReceiptVerifier.Verify("no receipt"u8, null, TestRoom.Services).Failures[0].Code.Should().Be(RefusalCode.JsonInvalid);
        ReceiptVerifier.Verify(DocumentCodec.Encode(TestStages.Question), null, TestRoom.Services).Failures[0].Code.Should().Be(RefusalCode.DocumentInvalid);
        ReceiptVerifier.Verify([], null, TestRoom.Services).IsVerified.Should().BeFalse();
    }

    [Fact]
    public void Any_bit_flipped_in_a_bundle_is_refused()
    {
        byte[][] files = [DocumentCodec.Encode(_full), DocumentCodec.Encode(_redacted)];
        Gen.Select(Gen.Int[0, 1], Gen.Int[0, 1_000_000], Gen.Int[0, 7]).Sample(
            (file, place, bit) =>
            {
                byte[] bytes = [.. files[file]];
                bytes[place % bytes.Length] ^= (byte)(1 << bit);
                return !ReceiptVerifier.Verify(bytes, null, TestRoom.Services).IsVerified;
            },
            iter: 500);
    }

    [Fact]
    public void Truncated_bundle_is_refused()
    {
        var bytes = DocumentCodec.Encode(_full);
        Gen.Int[0, bytes.Length - 1].Sample(length => !ReceiptVerifier.Verify(bytes.AsSpan(0, length), null, TestRoom.Services).IsVerified, iter: 100);
    }

    [Fact]
    public void Receipt_with_a_forged_signature_is_refused()
    {
        TestReceipts.Refuses(TestReceipts.InLog(TestStages.Forge(TestNode.First.Key.Sign(_receipt)), _full), RefusalCode.SignatureInvalid);
        TestReceipts.Refuses(TestReceipts.InLog(Ada.Key.Sign(_receipt), _full), RefusalCode.SignatureUnknownKey);
        var two = TestNode.First.Key.Sign(_receipt);
        TestReceipts.Refuses(
            TestReceipts.InLog(two with { Signatures = [.. two.Signatures, .. Ada.Key.Sign(_receipt).Signatures] }, _full), RefusalCode.SignatureMissing);
    }

    [Fact]
    public void Receipt_under_another_payload_type_is_refused() => TestReceipts.Refuses(
        TestReceipts.InLog(TestNode.First.Key.Sign("text/plain", DocumentCodec.Encode(_receipt)), _full), RefusalCode.EnvelopeInvalid);

    [Fact]
    public void Receipt_that_the_node_signed_and_that_differs_from_the_papers_is_refused()
    {
        var predicate = _receipt.Predicate;

        RefusesReceipt(predicate with { Collaboration = "other" }, RefusalCode.ReceiptInvalid);
        RefusesReceipt(predicate with { QueryDigest = Digest.Of("other"u8) }, RefusalCode.ReceiptInvalid);
        RefusesReceipt(predicate with { ContractDigest = Digest.Of("other"u8) }, RefusalCode.ReceiptInvalid);
        RefusesReceipt(predicate with { EvidenceDigest = Digest.Of("other"u8) }, RefusalCode.BindingMismatch);
        RefusesReceipt(predicate with { Manifests = [predicate.Manifests[0]] }, RefusalCode.ReceiptInvalid);
        RefusesReceipt(predicate with { Releases = [_release with { ManifestDigest = Digest.Of("other"u8) }] }, RefusalCode.ReceiptInvalid);
        RefusesReceipt(predicate with { Releases = [_release with { Units = -1 }] }, RefusalCode.ReceiptInvalid);
        RefusesReceipt(predicate with { Releases = [_release with { Columns = [1, 0] }] }, RefusalCode.ReceiptInvalid);
        RefusesReceipt(predicate with { Receivers = ["registry"] }, RefusalCode.ReceiptInvalid);
        RefusesReceipt(predicate with { ResultSequence = 25 }, RefusalCode.ReceiptInvalid, "a result after its receipt");
        RefusesReceipt(predicate with { ChargeSequence = predicate.ResultSequence }, RefusalCode.ReceiptInvalid, "a charge after its result");
    }

    [Fact]
    public void Receipt_of_a_list_says_of_how_many_people()
    {
        var listed = _receipt with { Predicate = _receipt.Predicate with { Releases = [_release] } };
        var report = ReceiptVerifier.Verify(DocumentCodec.Encode(TestReceipts.InLog(TestNode.First.Key.Sign(listed), _full)), null, TestRoom.Services);

        report.Failures.Should().BeEmpty();
        report.Proven.Should().Contain(sentence => sentence.StartsWith("The answer lists rows of 57 people of registry.people", StringComparison.Ordinal));
        report.NotShown.Should().Contain("Who of registry.people is listed: the answer does not name them.");
    }

    [Fact]
    public void Inclusion_proof_that_was_changed_is_refused()
    {
        RefusesProofs((bundle, proof) => bundle with { InclusionProof = proof }, _full.InclusionProof);
        RefusesProofs((bundle, proof) => bundle with { GenesisProof = proof }, _full.GenesisProof);
        TestReceipts.Refuses(
            _full with { InclusionProof = _full.GenesisProof, GenesisProof = _full.InclusionProof }, RefusalCode.ProofInvalid, "the two swapped");
    }

    [Fact]
    public void Checkpoint_of_another_log_or_without_the_collaborations_signature_is_refused()
    {
        var room = TestStages.Receipted;
        using var stranger = TestRandom.Ed25519("stranger");
        var genuine = new NoteVerifierKey(room.State.Collaboration, NoteKeyType.Ed25519, room.State.Genesis!.CheckpointKey.Span);
        var forged = CheckpointNote.Build(
            new Checkpoint(room.State.Collaboration, room.State.Log.Size, room.State.Log.Root), genuine, data => stranger.Sign(data));

        TestReceipts.Refuses(_full with { Checkpoint = room.Checkpoint(room.State.Log.Size, Digest.Of("fork"u8)) }, RefusalCode.ProofInvalid);
        TestReceipts.Refuses(_full with { Checkpoint = TestStages.Answered.Checkpoint() }, RefusalCode.ProofInvalid, "the log before the receipt");
        TestReceipts.Refuses(_full with { Checkpoint = forged }, RefusalCode.SignatureInvalid);
        TestReceipts.Refuses(_full with { Checkpoint = "junk" }, RefusalCode.CheckpointInvalid);
    }

    [Fact]
    public void Genesis_of_another_collaboration_is_refused()
    {
        var genesis = TestDocuments.Genesis(TestContracts.First);
        var renamed = genesis with { Nonce = TestRandom.Bytes("other", 32) };
        var other = TestRoom.Found(TestContracts.Next(TestContracts.First));

        RefusesGenesis(TestRoom.Empty.Row(TestNode.First.Key.Sign(renamed)), RefusalCode.ReceiptInvalid);
        RefusesGenesis(other.Rows[0], RefusalCode.SignatureMissing);
        RefusesGenesis(TestStages.Receipted.Rows[1], RefusalCode.DocumentInvalid);
    }

    [Fact]
    public void Genesis_with_a_checkpoint_key_of_another_length_is_refused()
    {
        var genesis = TestDocuments.Genesis(TestContracts.First) with { CheckpointKey = new Bytes(new byte[31]) };
        var id = CollaborationId.Of(genesis.ContractDigest, genesis.SealingKey, genesis.CheckpointKey, genesis.Nonce);

        RefusesGenesis(TestRoom.Empty.Row(TestNode.First.Key.Sign(genesis with { Collaboration = id })), RefusalCode.ReceiptInvalid);
    }

    [Fact]
    public void Evidence_that_was_changed_or_made_for_another_collaboration_is_refused()
    {
        var attestation = _full.Attestation;
        RefusesEvidence(attestation with { Evidence = new Bytes("junk"u8) });
        RefusesEvidence(attestation with { Tee = "sev-snp" });
        RefusesEvidence(attestation with { Endorsements = [new Bytes("endorsement"u8)] });
        foreach (var binding in OtherBindings(attestation.Binding))
        {
            RefusesEvidence(attestation with { Binding = binding });
        }
    }

    [Fact]
    public void Evidence_of_another_machine_is_refused_also_when_the_receipt_names_it()
    {
        var machine = InsecureSimulatedMachine.OfBuild("another build");
        var attestation = new TestNode("node", machine).Attest(_full.Attestation.Binding);
        var receipt = _receipt with { Predicate = _receipt.Predicate with { EvidenceDigest = DocumentCodec.DigestOf(attestation) } };

        var forged = TestReceipts.InLog(TestNode.First.Key.Sign(receipt), _full with { Attestation = attestation });

        TestReceipts.Refuses(forged, RefusalCode.EvidenceNotAccepted, "the contract does not accept the measurement");
    }

    [Fact]
    public void Evidence_that_binds_another_key_than_the_signers_is_refused_also_when_the_receipt_names_it()
    {
        var genuine = _full.Attestation with { Binding = _full.Attestation.Binding with { SigningKey = Ada.Key.PublicKey } };
        var receipt = _receipt with { Predicate = _receipt.Predicate with { EvidenceDigest = DocumentCodec.DigestOf(genuine) } };

        TestReceipts.Refuses(TestReceipts.InLog(Ada.Key.Sign(receipt), _full with { Attestation = genuine }), RefusalCode.BindingMismatch);
    }

    [Fact]
    public void Evidence_made_for_another_collaboration_is_refused_also_when_the_receipt_names_it()
    {
        var binding = _full.Attestation.Binding;
        Binding[] others =
        [
            binding with { Collaboration = Digest.Of("other"u8).ToString() },
            binding with { CheckpointKey = TestRandom.Bytes("other", 32) },
            binding with { CollaborationKey = Ada.Key.PublicKey },
        ];
        foreach (var other in others)
        {
            var attestation = TestNode.First.Attest(other);
            var receipt = _receipt with { Predicate = _receipt.Predicate with { EvidenceDigest = DocumentCodec.DigestOf(attestation) } };
            var report = TestReceipts.Verify(TestReceipts.InLog(TestNode.First.Key.Sign(receipt), _full with { Attestation = attestation }));

            report.Failures.Should().ContainSingle().Which.Code.Should().Be(RefusalCode.BindingMismatch);
        }
    }

    [Fact]
    public void Contract_with_one_byte_changed_a_missing_signature_or_a_forged_one_is_refused()
    {
        var contract = TestReceipts.Decode(_full.Contract);
        var payload = contract.Payload.ToArray();
        payload[payload.AsSpan().IndexOf("NAFLD"u8)] ^= 1;

        RefusesContract(contract with { Payload = new Bytes(payload) }, RefusalCode.ReceiptInvalid);
        for (var i = 0; i < contract.Signatures.Length; i++)
        {
            RefusesContract(contract with { Signatures = contract.Signatures.RemoveAt(i) }, RefusalCode.SignatureMissing, $"without signature {i}");
            RefusesContract(
                contract with { Signatures = contract.Signatures.SetItem(i, TestStages.Forge(contract with { Signatures = [contract.Signatures[i]] }).Signatures[0]) },
                RefusalCode.SignatureInvalid);
        }

        RefusesContract(contract with { PayloadType = "text/plain" }, RefusalCode.EnvelopeInvalid);
    }

    [Fact]
    public void Contract_signed_by_people_without_the_role_is_refused()
    {
        var contract = TestReceipts.Decode(_full.Contract);
        var rita = Rita.Sign(TestContracts.First).Signatures[0];
        var index = contract.Signatures.IndexOf(contract.Signatures.Single(signature => signature.KeyId == Ada.Key.Id));
        var bundle = _full with
        {
            Contract = TestReceipts.Encode(contract with { Signatures = contract.Signatures.SetItem(index, rita) }),
            Delegations = [.. _full.Delegations.Where(bytes => TestReceipts.Decode(bytes) != Ada.Delegate()), TestReceipts.Encode(Rita.Delegate())],
        };

        TestReceipts.Refuses(bundle, RefusalCode.RoleMissing);
    }

    [Fact]
    public void Contract_signed_twice_by_one_person_for_a_quorum_of_two_is_refused()
    {
        var twin = Leo with { Key = Es256TestKey.Named("leo's new key") };
        var contract = TestReceipts.Decode(_full.Contract);
        var index = contract.Signatures.IndexOf(contract.Signatures.Single(signature => signature.KeyId == Lea.Key.Id));
        var bundle = WithDelegation(Lea, TestReceipts.Encode(twin.Delegate())) with
        {
            Contract = TestReceipts.Encode(contract with { Signatures = contract.Signatures.SetItem(index, twin.Sign(TestContracts.First).Signatures[0]) }),
        };

        TestReceipts.Verify(bundle).Failures.Should().ContainSingle().Which.Code.Should().Be(RefusalCode.SignatureMissing);
    }

    [Fact]
    public void Contract_or_query_that_begins_after_the_receipt_is_refused()
    {
        var later = TestContracts.First with { NotBefore = _rowTime.Plus(TimeSpan.FromMilliseconds(1)) };
        var signatures = new[] { Ada, Lea, Leo, Hal }.SelectMany(member => member.Sign(later).Signatures);
        var query = TestStages.Question with { ContractDigest = DocumentCodec.DigestOf(later) };
        var waiting = TestStages.Question with { NotBefore = _rowTime.Plus(TimeSpan.FromMilliseconds(1)) };

        TestReceipts.Refuses(
            Named(query, _receipt.Predicate with { ContractDigest = query.ContractDigest }) with { Contract = TestReceipts.Encode(Ada.Sign(later) with { Signatures = [.. signatures] }) },
            RefusalCode.ContractNotActive);
        TestReceipts.Refuses(Named(waiting, _receipt.Predicate), RefusalCode.Stale);
    }

    [Fact]
    public void Query_for_another_collaboration_or_contract_is_refused_also_when_the_receipt_names_it()
    {
        var predicate = _receipt.Predicate;

        OnlyRefusal(Named(TestStages.Question with { Collaboration = "other" }, predicate)).Wanted.Should().Contain("collaboration");
        OnlyRefusal(Named(TestStages.Question with { ContractDigest = Digest.Of("other"u8) }, predicate)).Wanted.Should().Contain("contract");
    }

    [Fact]
    public void Query_by_an_analyst_of_another_collaborator_or_root_key_is_refused()
    {
        var usurped = Hana with { Root = Es256TestKey.Named("usurper") };

        TestReceipts.Refuses(
            WithDelegation(Hana, TestReceipts.Encode(Rita.Delegate())) with { Query = TestReceipts.Encode(Rita.Sign(TestStages.Question)) }, RefusalCode.SignatureMissing);
        TestReceipts.Refuses(WithDelegation(Hana, TestReceipts.Encode(usurped.Delegate())), RefusalCode.SignatureMissing);
    }

    [Fact]
    public void Redacted_receipt_of_another_collaboration_is_refused() => TestReceipts.Refuses(
        TestReceipts.InLog(TestNode.First.Key.Sign(_receipt with { Predicate = _receipt.Predicate with { Collaboration = "other" } }), _redacted),
        RefusalCode.ReceiptInvalid);

    [Fact]
    public void Contract_signed_under_a_root_key_that_version_1_does_not_name_is_refused()
    {
        var usurper = Ada with { Root = Es256TestKey.Named("usurper") };

        TestReceipts.Refuses(WithDelegation(Ada, TestReceipts.Encode(usurper.Delegate())), RefusalCode.NotPermitted);
    }

    [Fact]
    public void Query_that_is_another_or_signed_by_another_is_refused()
    {
        var query = TestStages.Question;

        RefusesQuery(Hana.Sign(query with { Runs = 6 }), RefusalCode.ReceiptInvalid);
        RefusesQuery(TestStages.Forge(Hana.Sign(query)), RefusalCode.SignatureInvalid);
        RefusesQuery(Hal.Sign(query), RefusalCode.RoleMissing, "no analyst");
        RefusesQuery(Hugo.Sign(query), RefusalCode.SignatureUnknownKey, "whose delegation is not in the bundle");
        RefusesQuery(Hana.Sign(query) with { PayloadType = "text/plain" }, RefusalCode.EnvelopeInvalid);
    }

    [Fact]
    public void Delegation_that_is_missing_forged_doubled_or_superfluous_is_refused()
    {
        var hana = TestReceipts.Encode(Hana.Delegate());
        for (var i = 0; i < _full.Delegations.Length; i++)
        {
            TestReceipts.Refuses(_full with { Delegations = _full.Delegations.RemoveAt(i) }, RefusalCode.SignatureUnknownKey);
            TestReceipts.Refuses(
                _full with { Delegations = _full.Delegations.SetItem(i, TestReceipts.Encode(TestStages.Forge(TestReceipts.Decode(_full.Delegations[i])))) },
                RefusalCode.SignatureInvalid);
        }

        TestReceipts.Refuses(_full with { Delegations = _full.Delegations.Add(_full.Delegations[0]) }, RefusalCode.ReceiptInvalid);
        TestReceipts.Refuses(_full with { Delegations = _full.Delegations.Add(TestReceipts.Encode(Hugo.Delegate())) }, RefusalCode.ReceiptInvalid);
        TestReceipts.Refuses(_redacted with { Delegations = [hana] }, RefusalCode.ReceiptInvalid);
        TestReceipts.Refuses(WithDelegation(Hana, TestReceipts.Encode(Hana.Delegate() with { Signatures = [] })), RefusalCode.EnvelopeInvalid);
        TestReceipts.Refuses(WithDelegation(Hana, TestReceipts.Encode(Hana.Root.Sign(Hana.Delegation with { NotBefore = _rowTime.Plus(TimeSpan.FromDays(1)) }))), RefusalCode.MemberExpired);
    }

    [Fact]
    public void Delegation_of_a_key_of_another_length_is_refused_and_never_throws()
    {
        var malformed = Hana.Delegation with { Sign = Hana.Delegation.Sign with { PublicKey = new Bytes(new byte[3]) } };

        TestReceipts.Refuses(_full with { Delegations = [TestReceipts.Encode(Hana.Root.Sign(malformed)), .. _full.Delegations] }, RefusalCode.DocumentInvalid);
    }

    [Fact]
    public void Bundle_that_shows_contract_or_query_alone_is_refused()
    {
        TestReceipts.Refuses(_full with { Contract = null }, RefusalCode.ReceiptInvalid);
        TestReceipts.Refuses(_full with { Query = null }, RefusalCode.ReceiptInvalid);
    }

    [Fact]
    public void Time_of_appraisal_before_the_row_or_after_the_contract_is_refused()
    {
        TestReceipts.Refuses(_full, RefusalCode.Stale, at: _rowTime.Plus(TimeSpan.FromMilliseconds(-1)));
        TestReceipts.Refuses(_redacted, RefusalCode.Stale, at: _rowTime.Plus(TimeSpan.FromMilliseconds(-1)));
        TestReceipts.Refuses(_full, RefusalCode.ContractExpired, at: TestContracts.First.Expires);
        TestReceipts.Verify(_full, _rowTime).IsVerified.Should().BeTrue();
        TestReceipts.Verify(_full, TestContracts.First.Expires.Plus(TimeSpan.FromMilliseconds(-1))).IsVerified.Should().BeTrue();
    }

    [Fact]
    public void Time_of_appraisal_reaches_the_appraiser()
    {
        var at = _rowTime.Plus(TimeSpan.FromDays(100));
        var appraiser = new TimedAppraiser(at);
        var services = TestRoom.Services with { Nodes = appraiser };

        ReceiptVerifier.Verify(DocumentCodec.Encode(_full), at, services).Failures.Should().ContainSingle().Which.Code.Should().Be(RefusalCode.EndorsementMissing);
        ReceiptVerifier.Verify(DocumentCodec.Encode(_full), null, services).IsVerified.Should().BeTrue();
        appraiser.Asked.Should().Equal(at, _rowTime);
    }

    private static void RefusesReceipt(ReceiptPredicate predicate, RefusalCode code, string because = "") =>
        TestReceipts.Refuses(TestReceipts.InLog(TestNode.First.Key.Sign(_receipt with { Predicate = predicate }), _full), code, because);

    /// <summary>The bundle of a query that the receipt names, both validly signed.</summary>
    private static ReceiptBundle Named(Query query, ReceiptPredicate predicate) => TestReceipts.InLog(
        TestNode.First.Key.Sign(_receipt with { Predicate = predicate with { QueryDigest = DocumentCodec.DigestOf(query) } }),
        _full with { Query = TestReceipts.Encode(Hana.Sign(query)) });

    private static Refusal OnlyRefusal(ReceiptBundle bundle) => TestReceipts.Verify(bundle).Failures.Should().ContainSingle().Subject;

    private static void RefusesProofs(Func<ReceiptBundle, ImmutableArray<Digest>, ReceiptBundle> change, ImmutableArray<Digest> proof)
    {
        TestReceipts.Refuses(change(_full, []), RefusalCode.ProofInvalid);
        TestReceipts.Refuses(change(_full, proof.RemoveAt(0)), RefusalCode.ProofInvalid);
        TestReceipts.Refuses(change(_full, proof.Add(proof[0])), RefusalCode.ProofInvalid);
        for (var i = 0; i < proof.Length; i++)
        {
            TestReceipts.Refuses(change(_full, proof.SetItem(i, Digest.Of("other"u8))), RefusalCode.ProofInvalid);
        }
    }

    private static void RefusesGenesis(LedgerRow row, RefusalCode code) =>
        TestReceipts.Refuses(_full with { Genesis = new Bytes(RowCodec.Encode(row)) }, code);

    private static void RefusesEvidence(NodeAttestation attestation)
    {
        TestReceipts.Refuses(_full with { Attestation = attestation }, RefusalCode.BindingMismatch);
        TestReceipts.Refuses(_redacted with { Attestation = attestation }, RefusalCode.BindingMismatch, "also when redacted");
    }

    private static void RefusesContract(Envelope contract, RefusalCode code, string because = "") =>
        TestReceipts.Refuses(_full with { Contract = TestReceipts.Encode(contract) }, code, because);

    private static void RefusesQuery(Envelope query, RefusalCode code, string because = "") =>
        TestReceipts.Refuses(_full with { Query = TestReceipts.Encode(query) }, code, because);

    private static ReceiptBundle WithDelegation(TestMember member, Bytes delegation)
    {
        var index = _full.Delegations.Select(bytes => DocumentCodec.Parse<Delegation>(TestReceipts.Decode(bytes).Payload.Span).Value.Member).ToList().IndexOf(member.Member);
        return _full with { Delegations = _full.Delegations.SetItem(index, delegation) };
    }

    private static IEnumerable<Binding> OtherBindings(Binding binding) =>
    [
        binding with { Nonce = TestRandom.Bytes("other", 32) },
        binding with { SigningKey = Ada.Key.PublicKey },
        binding with { SealingKey = Ada.Key.PublicKey },
        binding with { Purpose = BindingPurpose.Handover },
        binding with { Collaboration = "other" },
        binding with { CollaborationKey = Ada.Key.PublicKey },
        binding with { CheckpointKey = TestRandom.Bytes("other", 32) },
        binding with { ContractDigest = Digest.Of("other"u8) },
        binding with { Checkpoint = "other" },
        binding with { BootId = TestRandom.Nonce("other") },
        binding with { Build = "other" },
    ];

    /// <summary>Accepts at every time but one.</summary>
    private sealed class TimedAppraiser(Timestamp refused) : Protocol.Fold.INodeAppraiser
    {
        public List<Timestamp> Asked { get; } = [];

        public Result<string> Appraise(NodeAttestation attestation, Protocol.Endorsements.AcceptedCode code, Timestamp at)
        {
            Asked.Add(at);
            return at == refused ? new Refusal(RefusalCode.EndorsementMissing, "collateral of that time", "none") : "00ff";
        }
    }
}
