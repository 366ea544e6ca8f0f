using System.Collections.Immutable;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Dsse;
using CleanRoom.Protocol.Ledger;

namespace CleanRoom.Protocol.Tests.Samples;

/// <summary>One worked example of every document.</summary>
internal static class DocumentSamples
{
    public static Digest ContractDigest { get; } = DocumentCodec.DigestOf(ContractSample.Contract);

    public static string Collaboration { get; } = CollaborationId.Of(
        ContractDigest, TestKeys.P256Public("collaboration sealing"), TestKeys.Ed25519Public("collaboration checkpoint"), Random("genesis"));

    public static ImmutableArray<Document> All { get; } =
    [
        ContractSample.Contract, Delegation(), MemberRevocation(), Genesis(), NodeAdmission(), Binding(BindingPurpose.Room),
        Manifest(), KeyGrant(), Ingest(), Query(), Verdict(), Approval(), ApprovalRule(), Charge(), BudgetSamples.Genesis, OwnerCharge(), Result(), Failure(),
        new Suspend { Collaboration = Collaboration, ContractDigest = ContractDigest, Reason = "a key was lost", Nonce = Nonce("suspend") },
        new Resume { Collaboration = Collaboration, ContractDigest = ContractDigest, SuspendSequence = 7, Nonce = Nonce("resume") },
        new Terminate { Collaboration = Collaboration, ContractDigest = ContractDigest, Reason = "the study is over", Nonce = Nonce("terminate") },
        new Revocation
        {
            Collaboration = Collaboration,
            Kind = RevocationKind.Query,
            Subject = Digest.Of("query"u8).ToString(),
            Reason = "consent withdrawn",
            Nonce = Nonce("revocation"),
        },
        new Cancellation { Collaboration = Collaboration, QueryDigest = Digest.Of("query"u8), Reason = "not needed", Nonce = Nonce("cancel") },
        new FreshnessWitness
        {
            Collaboration = Collaboration, Collaborator = "registry", Member = "ada", BootNonce = Random("boot"), Checkpoint = Checkpoint(),
        },
        new SignIn
        {
            Collaboration = Collaboration,
            Collaborator = "registry",
            Member = "ada",
            BindingDigest = Digest.Of("binding"u8),
            Challenge = Random("challenge"),
        },
        Bundle(),
        Destroyed,
        new DestructionCertificate
        {
            Destruction = Destroyed,
            Attestation = Attestation() with
            {
                Binding = Binding(BindingPurpose.Destruction) with { Nonce = DestructionCertificate.NonceOf(Destroyed), Checkpoint = Checkpoint() },
            },
        },
        Endorsement,
        new CodeAdmission
        {
            Collaboration = Collaboration,
            Endorsement = new Bytes(EnvelopeCodec.Encode(
                TestKeys.Envelope(DocumentCodec.PayloadTypeOf(Endorsement), DocumentCodec.Encode(Endorsement), "code endorser"))),
        },
        RecoverySamples.Shares, RecoverySamples.Statement, RecoverySamples.Recovery,
    ];

    public static Receipt Receipt { get; } = new()
    {
        Type = Protocol.Documents.Receipt.StatementType,
        PredicateType = Protocol.Documents.Receipt.PredicateTypeV1,
        Subject = [new ReceiptSubject { Name = "result", Digest = new ReceiptDigest { Sha256 = Digest.Of("commitment"u8) } }],
        Predicate = new ReceiptPredicate
        {
            Collaboration = Collaboration,
            QueryDigest = Digest.Of("query"u8),
            ContractDigest = ContractDigest,
            VerdictDigest = Digest.Of("verdict"u8),
            EvidenceDigest = DocumentCodec.DigestOf(Attestation()),
            Manifests = [new QueryInput { Dataset = "registry.people", ManifestDigest = Digest.Of("manifest"u8) }],
            Charged = [Cost()],
            ChargeSequence = 41,
            ResultSequence = 42,
            Receivers = ["laboratory"],
            Releases = [Release()],
        },
    };

    public static string Checkpoint()
    {
        var key = new NoteVerifierKey(Collaboration, NoteKeyType.Ed25519, TestKeys.Ed25519Public("collaboration checkpoint").Span);
        return CheckpointNote.Build(
            new Checkpoint(Collaboration, 7, Digest.Of("root"u8)), key, TestKeys.Ed25519Signer("collaboration checkpoint"));
    }

    private static Delegation Delegation() => new()
    {
        Collaborator = "registry",
        RootKey = TestKeys.P256Public("registry root"),
        Member = "ada",
        DisplayName = "Ada L.",
        Sign = new SignKey
        {
            Kind = SignatureKind.WebAuthn,
            PublicKey = TestKeys.P256Public("ada sign"),
            RpId = "localhost",
            Origins = ["https://localhost:8443"],
            UserVerification = true,
        },
        ReceiveKey = TestKeys.P256Public("ada receive"),
        WitnessKey = TestKeys.Ed25519Public("ada witness"),
        Roles = [MemberRole.Admin, MemberRole.Owner],
        NotBefore = ContractSample.Start,
        Expires = ContractSample.End,
        Nonce = Nonce("delegation"),
    };

    private static MemberRevocation MemberRevocation() => new()
    {
        Collaborator = "registry", Member = "ada", DelegationDigest = DocumentCodec.DigestOf(Delegation()), Reason = "left", Nonce = Nonce("left"),
    };

    private static Genesis Genesis() => new()
    {
        Collaboration = Collaboration,
        ContractDigest = ContractDigest,
        SealingKey = TestKeys.P256Public("collaboration sealing"),
        CheckpointKey = TestKeys.Ed25519Public("collaboration checkpoint"),
        Nonce = Random("genesis"),
        Attestation = Attestation(),
    };

    private static CodeEndorsement Endorsement => new()
    {
        Collaboration = Collaboration,
        ContractDigest = ContractDigest,
        Tuple = ContractSample.Contract.Attestation.Accepted[0] with
        {
            Values = ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, [KeyValuePair.Create("measurement", "00fe")]),
        },
        Reason = "a fix of the reader of files",
        NotBefore = ContractSample.Start,
        Expires = ContractSample.End,
        Nonce = Nonce("endorsement"),
    };

    private static Destruction Destroyed => new()
    {
        Collaboration = Collaboration,
        Time = Timestamp.From(new DateTimeOffset(2026, 3, 2, 9, 0, 0, TimeSpan.Zero)),
        Erased = [ErasedSecret.KeysInMemory, ErasedSecret.SealedCopy],
    };

    private static NodeAdmission NodeAdmission() => new() { Collaboration = Collaboration, Attestation = Attestation() };

    private static NodeAttestation Attestation() => new()
    {
        Tee = "simulated",
        Evidence = new Bytes("evidence"u8),
        Endorsements = [new Bytes("endorsement"u8)],
        Binding = Binding(BindingPurpose.Genesis),
    };

    internal static Binding Binding(BindingPurpose purpose) => new()
    {
        Nonce = Random("asker"),
        SigningKey = TestKeys.P256Public("node sign"),
        SealingKey = TestKeys.P256Public("node seal"),
        Purpose = purpose,
        Collaboration = Collaboration,
        CollaborationKey = TestKeys.P256Public("collaboration sealing"),
        CheckpointKey = TestKeys.Ed25519Public("collaboration checkpoint"),
        ContractDigest = ContractDigest,
        Checkpoint = purpose == BindingPurpose.Room ? Checkpoint() : "none",
        BootId = Nonce("boot id"),
        Build = "0.1.0",
    };

    private static DatasetManifest Manifest() => new()
    {
        Collaboration = Collaboration,
        ContractDigest = ContractDigest,
        Dataset = "registry.people",
        Version = 1,
        Previous = null,
        Upload = "00112233445566778899aabbccddeeff",
        Schema = ["id", "status"],
        Format = SourceFormat.Csv,
        PlaintextBytes = 8_388_609,
        Parts =
        [
            new SealedPart { Index = 0, Offset = 0, Bytes = 8_388_608, Digest = Digest.Of("part 0"u8) },
            new SealedPart { Index = 1, Offset = 8_388_608, Bytes = 1, Digest = Digest.Of("part 1"u8) },
        ],
        Nonce = Nonce("manifest"),
    };

    private static KeyGrant KeyGrant() => new()
    {
        Collaboration = Collaboration,
        ContractDigest = ContractDigest,
        Dataset = "registry.people",
        ManifestDigest = DocumentCodec.DigestOf(Manifest()),
        Owner = "registry",
        Enc = TestKeys.P256Public("ephemeral"),
        Ciphertext = TestKeys.Random("sealed data key", 48),
    };

    private static IngestStatement Ingest() => new()
    {
        Collaboration = Collaboration,
        Dataset = "registry.people",
        ManifestDigest = DocumentCodec.DigestOf(Manifest()),
        Derived =
        [
            new DerivedObject { Partition = 0, Name = "ffeeddccbbaa99887766554433221100", PlaintextBytes = 4096, Digest = Digest.Of("derived"u8) },
        ],
        Accepted = true,
        Rows = 17_549,
        MaxRowsPerUnit = 1,
        EveryRowHasUnit = true,
        ReportCommitment = Digest.Of("report"u8),
        Rekeyed = ["email.basic.v1"],
    };

    private static Query Query() => new()
    {
        Collaboration = Collaboration,
        ContractDigest = ContractDigest,
        Analyst = "laboratory",
        Sql = null,
        TemplateDigest = DocumentCodec.DigestOf(ContractSample.Template),
        Parameters = ImmutableSortedDictionary.CreateRange(
            StringComparer.Ordinal, [KeyValuePair.Create("days", "365"), KeyValuePair.Create("test", "hdl")]),
        Inputs = [new QueryInput { Dataset = "registry.people", ManifestDigest = DocumentCodec.DigestOf(Manifest()) }],
        Receivers = ["laboratory"],
        Runs = 1,
        NotBefore = ContractSample.Start,
        Expires = ContractSample.End,
        Nonce = Nonce("query"),
    };

    private static Verdict Verdict() => new()
    {
        ContractDigest = ContractDigest,
        Analyst = "laboratory",
        Receivers = ["laboratory"],
        TextDigest = Digest.Labelled("cleanroom/v1/query-text", "{}"u8),
        Decision = VerdictDecision.Refuse,
        Codes = [VerdictCodes.NoAgg],
        Owners =
        [
            new OwnerVerdict
            {
                Party = "registry",
                Decision = VerdictDecision.Refuse,
                Codes = [VerdictCodes.NoAgg],
                Reasons = ["every output column is a group or an aggregate; status is neither"],
                Rules = [new OwnerRule { Code = VerdictCodes.NoAgg, Pointer = "/datasets/0/policy/columns/status/uses", Value = "[\"group\"]" }],
                SmallestChange = "group by status",
                Changes =
                [
                    new VerdictChange { Code = VerdictCodes.NoAgg, By = "laboratory", Text = "group by status", Pointer = null, Value = null },
                    new VerdictChange
                    {
                        Code = VerdictCodes.NoAgg,
                        By = "registry",
                        Text = "add list",
                        Pointer = "/datasets/0/policy/columns/status/uses",
                        Value = "[\"group\",\"list\"]",
                    },
                ],
            },
        ],
        Lineage = [new LineageEdge { Dataset = "registry.people", Column = "status", Operation = "group", Output = "status" }],
        Budget = [Cost()],
        Noise = [new ExpectedNoise { Aggregate = "count(*)", Within = "12", Rows = null }, new ExpectedNoise { Aggregate = "avg(age)", Within = "0.4", Rows = 1_000 }],
        Inputs = [new VerdictInput { Dataset = "registry.people", Tier = PolicyTier.Threshold, MinUnits = 25, Cells = 12 }],
        Approvers = ["registry"],
        PlanDigest = null,
    };

    private static Approval Approval() => new()
    {
        Collaboration = Collaboration,
        Subject = DocumentCodec.DigestOf(Query()),
        ContractDigest = ContractDigest,
        VerdictDigest = DocumentCodec.DigestOf(Verdict()),
        Decision = ApprovalDecision.Approve,
        Reason = "agreed by the board",
        Conditions = new ApprovalConditions { MaxRuns = 1, Expires = ContractSample.End },
        Checkpoint = Checkpoint(),
        Nonce = Nonce("approval"),
    };

    private static ApprovalRule ApprovalRule() => new()
    {
        Collaboration = Collaboration,
        ContractDigest = ContractDigest,
        TemplateDigest = Digest.Of("template"u8),
        Authors = ["hospital/hana", "registry/*"],
        Receivers = ["hospital", "registry"],
        Parameters = ImmutableSortedDictionary<string, ParameterLimit>.Empty
            .Add("age", new ParameterLimit { Values = [], Min = 20, Max = 79.5m })
            .Add("test", new ParameterLimit { Values = ["hdl", "ldl"], Min = null, Max = null }),
        Inputs = [new RuleInput { Dataset = "registry.people", ManifestDigest = Digest.Of("manifest"u8) }],
        Verdict = new VerdictLimit { MaxNanoRho = 24_356_000, MaxAttoDelta = 1_000_000, MaxCells = 100 },
        Conditions = new ApprovalConditions { MaxRuns = 20, Expires = ContractSample.End },
        Reason = "the study's weekly question",
        Checkpoint = Checkpoint(),
        Nonce = Nonce("approval rule"),
    };

    private static Charge Charge() => new()
    {
        Collaboration = Collaboration,
        QueryDigest = DocumentCodec.DigestOf(Query()),
        VerdictDigest = DocumentCodec.DigestOf(Verdict()),
        Run = 1,
        Costs = [Cost()],
        BudgetLogs = [BudgetSamples.Proof(OwnerCharge())],
    };

    private static OwnerCharge OwnerCharge() => BudgetSamples.Charge(DocumentCodec.DigestOf(Query()), Cost());

    private static BudgetCharge Cost() => new() { Dataset = "registry.people", Owner = "registry", Domain = "person", Queries = 1, NanoRho = 24_356_000, AttoDelta = 1_000_000 };

    private static RunResult Result() => new()
    {
        Collaboration = Collaboration,
        QueryDigest = DocumentCodec.DigestOf(Query()),
        ChargeSequence = 41,
        Commitment = Digest.Of("commitment"u8),
        Blob = new ResultBlob { Name = "a0a1a2a3a4a5a6a7a8a9aaabacadaeaf", Bytes = 65_536, Digest = Digest.Of("blob"u8) },
        Wraps =
        [
            new ResultWrap
            {
                Collaborator = "laboratory", Member = "bob", Enc = TestKeys.P256Public("ephemeral"), Ciphertext = TestKeys.Random("wrap", 48),
            },
        ],
        History =
        [
            new HistoryRecord
            {
                ManifestDigest = Digest.Of("manifest"u8),
                Previous = null,
                Commitment = Digest.Of("history"u8),
                Blob = new ResultBlob { Name = "b0b1b2b3b4b5b6b7b8b9babbbcbdbebf", Bytes = 4_096, Digest = Digest.Of("history blob"u8) },
            },
        ],
        Releases = [Release()],
    };

    private static ReleaseRecord Release() => new()
    {
        ManifestDigest = Digest.Of("manifest"u8), Units = 57, Commitment = Digest.Of("release"u8), Columns = [0],
    };

    private static RunFailure Failure() => new()
    {
        Collaboration = Collaboration,
        QueryDigest = DocumentCodec.DigestOf(Query()),
        ChargeSequence = 41,
        CorrelationId = "c0c1c2c3c4c5c6c7c8c9cacbcccdcecf",
    };

    private static ReceiptBundle Bundle() => new()
    {
        Row = new Bytes("row"u8),
        InclusionProof = [Digest.Of("sibling"u8)],
        Checkpoint = Checkpoint(),
        Genesis = new Bytes("row 0"u8),
        GenesisProof = [Digest.Of("sibling"u8)],
        Attestation = Attestation(),
        Contract = new Bytes("contract envelope"u8),
        Query = null,
        Delegations = [new Bytes("delegation envelope"u8)],
    };

    private static Bytes Nonce(string name) => TestKeys.Random($"nonce {name}", 16);

    private static Bytes Random(string name) => TestKeys.Random($"random {name}", 32);
}
