using CleanRoom.Attestation.Insecure;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Fold;
using CleanRoom.Protocol.Ledger;
using CleanRoom.TestKit.Collaborations;
using static CleanRoom.TestKit.Collaborations.TestPeople;

namespace CleanRoom.Protocol.Tests.Fold;

/// <summary>Every refusal code is either reached by the fold here, or belongs to another part for a reason that stands here.</summary>
public sealed class RefusalCodeTests
{
    private static readonly TestRoom _asked = TestStages.Asked;
    private static readonly Query _question = TestStages.Question;
    private static readonly Verdict _verdict = TestStages.Verdict;
    private static readonly Approval _approval = _asked.Approval(_question, _verdict);
    private static readonly string _manifest = _question.Inputs[0].ManifestDigest.ToString();

    private static readonly Dictionary<RefusalCode, Func<Result<CollaborationState>>> _reached = new()
    {
        [RefusalCode.JsonInvalid] = () => Payload("{"u8.ToArray()),
        [RefusalCode.JsonNotCanonical] = () => Payload([.. DocumentCodec.Encode(_question), (byte)'\n']),
        [RefusalCode.DocumentTooLarge] = () => Payload(new byte[DocumentCodec.MaxDocumentBytes + 1]),
        [RefusalCode.DocumentUnknownType] = () => Payload("""{"type":"cleanroom/v1/other"}"""u8.ToArray()),
        [RefusalCode.DocumentInvalid] = () => Payload("""{"type":"cleanroom/v1/query"}"""u8.ToArray()),
        [RefusalCode.EnvelopeInvalid] = () => _asked.Try(Ada.Key.Sign("text/plain", DocumentCodec.Encode(_question))),
        [RefusalCode.SignatureMissing] = () => _asked.Try(Ada.Sign(_approval) with { Signatures = [] }),
        [RefusalCode.SignatureInvalid] = () => _asked.Try(TestStages.Forge(Ada.Sign(_approval))),
        [RefusalCode.SignatureUnknownKey] = () => _asked.Try(Es256TestKey.Named("stranger").Sign(_approval)),
        [RefusalCode.CheckpointInvalid] = () => _asked.Try(Ada.Sign(_approval with { Checkpoint = "junk" })),
        [RefusalCode.CheckpointInconsistent] = () => _asked.Try(Ada.Sign(_approval with { Checkpoint = _asked.Checkpoint(2, Digest.Of("fork"u8)) })),
        [RefusalCode.RowInvalid] = () => LedgerFold.Apply(_asked.State, new LedgerRow(0, _asked.Now, Ada.Sign(_approval)), TestRoom.Services),
        [RefusalCode.PartInvalid] = () => TestStages.Active.Try(Ada.Sign(TestStages.Active.Manifest("registry.people") with { PlaintextBytes = 1 })),
        [RefusalCode.ReceiptInvalid] = () => TestStages.Charged.Try(TestStages.Charged.ByNode(TestStages.Answered.Receipt(_question))),
        [RefusalCode.EvidenceInvalid] = () => Founded(attestation => attestation with { Evidence = new Bytes("junk"u8) }, TestContracts.First),
        [RefusalCode.EvidenceNotAccepted] = () => Admitted(new TestNode("other", InsecureSimulatedMachine.OfBuild("other"))),
        [RefusalCode.BindingMismatch] = () => Founded(
            attestation => attestation with { Binding = attestation.Binding with { Nonce = TestRandom.Bytes("other", 32) } }, TestContracts.First),
        [RefusalCode.InsecureNotAllowed] = () => Founded(attestation => attestation, RealTee()),
        [RefusalCode.ContractInvalid] = () => Invalid(TestContracts.First with { Title = string.Empty }),
        [RefusalCode.ContractNotActive] = () => Suspended().Try(Hana.Sign(_question with { Runs = 2 })),
        [RefusalCode.ContractConflict] = () => _asked.Try(Ada.Sign(_approval with { ContractDigest = Digest.Of("other"u8) })),
        [RefusalCode.ContractExpired] = () => TestStages.Peopled.At(TestContracts.First.Expires).Try(Ada.Sign(TestContracts.First)),
        [RefusalCode.NotPermitted] = () => _asked.Try(Hal.Sign(_approval)),
        [RefusalCode.RoleMissing] = () => _asked.Try(Hugo.Sign(_asked.Suspend())),
        [RefusalCode.MemberRevoked] = () => _asked.Append(Ada.Revoke()).Try(Ada.Sign(_approval)),
        [RefusalCode.MemberExpired] = () => _asked.At(Until).Try(Leo.Sign(_asked.Suspend())),
        [RefusalCode.Replayed] = () => _asked.Try(Hana.Sign(_question)),
        [RefusalCode.Stale] = () => TestStages.Active.Try(Ada.Sign(TestStages.Active.Manifest("registry.people") with { Version = 2 })),
        [RefusalCode.ClockWrong] = () => _asked.Later(TimeSpan.FromDays(-1)).Try(Ada.Sign(_approval)),
        [RefusalCode.SequenceConflict] = () => TestStages.Charged.Try(TestStages.Charged.ByNode(TestStages.Charged.Charge(_question, _verdict, 2))),
        [RefusalCode.Revoked] = () => _asked.Append(Ada.Sign(_asked.Revoke(RevocationKind.Dataset, _manifest))).Try(Ada.Sign(_approval)),
        [RefusalCode.Terminated] = () => ControlFoldTests.Ended(_asked).Try(Ada.Sign(_approval)),
        [RefusalCode.DatasetUnknown] = () => _asked.Try(Ada.Sign(_asked.Revoke(RevocationKind.Dataset, "unknown"))),
        [RefusalCode.DatasetRejected] = () => TestStages.Supplied.Try(
            TestStages.Supplied.ByNode(TestStages.Supplied.Ingest(TestStages.Active.Manifest("registry.people")) with { Rows = 7 })),
        [RefusalCode.QueryUnknown] = () => _asked.Try(Ada.Sign(_approval with { Subject = Digest.Of("unknown"u8) })),
        [RefusalCode.QueryRefused] = () => TestStages.Supplied.Try(Hana.Sign(_question with { Sql = null, TemplateDigest = Digest.Of("unknown"u8) })),
        [RefusalCode.QueryNotApproved] = () => _asked.Try(_asked.ByNode(_asked.Charge(_question, _verdict))),
        [RefusalCode.QueryCancelled] = () => _asked.Append(Hana.Sign(_asked.Cancel(_question))).Try(Ada.Sign(_approval)),
        [RefusalCode.BudgetExhausted] = () => TestStages.Approved.Try(TestStages.Approved.ByNode(TestStages.Approved.Charge(_question, _verdict) with { Costs = [] })),
    };

    private static readonly Dictionary<RefusalCode, string> _elsewhere = new()
    {
        [RefusalCode.None] = "never used",
        [RefusalCode.ProofInvalid] = "proofs are checked by receipts and by whoever compares checkpoints",
        [RefusalCode.SealInvalid] = "the fold sees rows in clear",
        [RefusalCode.EndorsementMissing] = "an appraiser gives it for a TEE with endorsements; the simulated one has none",
        [RefusalCode.ReadOnly] = "a node that waits for witnesses gives it",
        [RefusalCode.UploadUnknown] = "uploads are not rows",
        [RefusalCode.UploadIncomplete] = "uploads are not rows",
        [RefusalCode.SourceChanged] = "a client gives it before it signs",
        [RefusalCode.QueryFailed] = "a node answers a reader with it",
        [RefusalCode.CollaborationUnknown] = "a node that has no such room answers with it",
        [RefusalCode.ResultUnknown] = "a node answers a reader with it",
        [RefusalCode.ChannelInvalid] = "transport",
        [RefusalCode.Unavailable] = "transport",
        [RefusalCode.StorageFailed] = "store",
        [RefusalCode.TooManyRequests] = "transport",
    };

    public static TheoryData<RefusalCode> Reached => [.. _reached.Keys];

    [Theory]
    [MemberData(nameof(Reached))]
    public void Code_is_reached_by_the_fold(RefusalCode code)
    {
        var refusals = _reached[code]().Refusals;

        refusals.Should().NotBeEmpty();
        refusals[0].Code.Should().Be(code, refusals[0].ToString());
    }

    [Fact]
    public void Every_code_is_reached_here_or_named_as_anothers()
    {
        _reached.Keys.Should().NotIntersectWith(_elsewhere.Keys);
        _reached.Keys.Concat(_elsewhere.Keys).Should().BeEquivalentTo(Enum.GetValues<RefusalCode>());
    }

    private static Result<CollaborationState> Payload(byte[] payload) => _asked.Try(Hana.Key.Sign("application/vnd.cleanroom.query.v1+json", payload));

    private static TestRoom Suspended() => _asked.Append(Leo.Sign(_asked.Suspend()));

    private static Result<CollaborationState> Invalid(Contract contract) => TestStages.People(contract).Try(Ada.Sign(contract));

    private static Result<CollaborationState> Admitted(TestNode node) => _asked.Try(node.Key.Sign(_asked.Admission(node)));

    private static Result<CollaborationState> Founded(Func<NodeAttestation, NodeAttestation> change, Contract contract)
    {
        var genesis = TestDocuments.Genesis(contract);
        return TestRoom.Empty.Append(TestNode.First.Key.Sign(genesis with { Attestation = change(genesis.Attestation) }), Ada.Delegate()).Try(Ada.Sign(contract));
    }

    /// <summary>A contract for a real TEE alone: it refuses the simulated one.</summary>
    private static Contract RealTee() => TestContracts.First with
    {
        AllowInsecure = false,
        Attestation = new AttestationPolicy
        {
            Accepted = [TestContracts.First.Attestation.Accepted[0] with { Tee = "sev-snp", Anchors = [Digest.Of("root"u8)] }],
            CodeEndorsers = [],
        },
    };
}
