using System.Collections.Immutable;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Dsse;
using CleanRoom.Protocol.Fold;

namespace CleanRoom.TestKit.Collaborations;

/// <summary>The documents of a room, each right for the state it is in; tests change them with <c>with</c>.</summary>
public static class TestDocuments
{
    /// <summary>The SQL of the question that most tests ask.</summary>
    public const string Sql = "SELECT r.status, count(*) AS tests FROM registry.people r JOIN laboratory.tests t ON r.id = t.id GROUP BY r.status";

    internal const string CheckpointKeyName = "collaboration checkpoint";

    private const string CollaborationKeyName = "collaboration sealing";

    /// <summary>Row 0 for a contract.</summary>
    public static Genesis Genesis(Contract contract)
    {
        var digest = DocumentCodec.DigestOf(contract);
        var sealing = Es256TestKey.Named(CollaborationKeyName).PublicKey;
        using var checkpoint = TestRandom.Ed25519(CheckpointKeyName);
        var nonce = TestRandom.Bytes("genesis", 32);
        var id = CollaborationId.Of(digest, sealing, checkpoint.PublicKey, nonce);
        return new()
        {
            Collaboration = id,
            ContractDigest = digest,
            SealingKey = sealing,
            CheckpointKey = checkpoint.PublicKey,
            Nonce = nonce,
            Attestation = TestNode.First.Attest(TestNode.First.Binding(BindingPurpose.Genesis, id, sealing, checkpoint.PublicKey, digest, "none")),
        };
    }

    /// <summary>What a node says when it starts to serve a room.</summary>
    public static NodeAdmission Admission(this TestRoom room, TestNode node) => new()
    {
        Collaboration = room.State.Collaboration,
        Attestation = node.Attest(room.RoomBinding(node)),
    };

    /// <summary>The binding of a node that serves a room.</summary>
    public static Binding RoomBinding(this TestRoom room, TestNode node) => node.Binding(
        BindingPurpose.Room, room.State.Collaboration, room.State.Genesis!.SealingKey, room.State.Genesis.CheckpointKey, room.ContractDigest, room.Checkpoint());

    /// <summary>A version of a dataset: two parts.</summary>
    public static DatasetManifest Manifest(this TestRoom room, string dataset, DatasetState? before = null) => new()
    {
        Collaboration = room.State.Collaboration,
        ContractDigest = room.ContractDigest,
        Dataset = dataset,
        Version = before is null ? 1 : before.Manifest.Version + 1,
        Previous = before?.Digest,
        Upload = "00112233445566778899aabbccddeeff",
        Schema = [.. room.State.Active!.FindDataset(dataset)!.Schema.Select(column => column.Name)],
        Format = SourceFormat.Csv,
        PlaintextBytes = 101,
        Parts =
        [
            new SealedPart { Index = 0, Offset = 0, Bytes = 100, Digest = Digest.Of("part 0"u8) },
            new SealedPart { Index = 1, Offset = 100, Bytes = 1, Digest = Digest.Of("part 1"u8) },
        ],
        Nonce = TestRandom.Nonce($"manifest {dataset} {before?.Manifest.Version}"),
    };

    /// <summary>The grant of a version's data key.</summary>
    public static KeyGrant Grant(this TestRoom room, DatasetManifest manifest) => new()
    {
        Collaboration = room.State.Collaboration,
        ContractDigest = room.ContractDigest,
        Dataset = manifest.Dataset,
        ManifestDigest = DocumentCodec.DigestOf(manifest),
        Owner = room.State.Active!.FindDataset(manifest.Dataset)!.Owner,
        Enc = Es256TestKey.Named("ephemeral").PublicKey,
        Ciphertext = TestRandom.Bytes("sealed data key", 48),
    };

    /// <summary>What the guest says of a version that passed.</summary>
    public static IngestStatement Ingest(this TestRoom room, DatasetManifest manifest) => new()
    {
        Collaboration = room.State.Collaboration,
        Dataset = manifest.Dataset,
        ManifestDigest = DocumentCodec.DigestOf(manifest),
        Derived =
        [
            new DerivedObject { Partition = 0, Name = "ffeeddccbbaa99887766554433221100", PlaintextBytes = 4096, Digest = Digest.Of("derived"u8) },
        ],
        Accepted = true,
        Rows = 100,
        MaxRowsPerUnit = 1,
        ReportCommitment = Digest.Of("report"u8),
    };

    /// <summary>The hospital's question over the registry's and the laboratory's data.</summary>
    public static Query Query(this TestRoom room, string name = "question") => new()
    {
        Collaboration = room.State.Collaboration,
        ContractDigest = room.ContractDigest,
        Analyst = "hospital",
        Sql = Sql,
        TemplateDigest = null,
        Parameters = ImmutableSortedDictionary<string, string>.Empty,
        Inputs = [room.Input("registry.people"), room.Input("laboratory.tests")],
        Receivers = ["hospital"],
        Runs = 5,
        NotBefore = room.Now,
        Expires = room.Now.Plus(TimeSpan.FromDays(30)),
        Nonce = TestRandom.Nonce(name),
    };

    /// <summary>The newest usable version of a dataset as a query names it.</summary>
    public static QueryInput Input(this TestRoom room, string dataset) => new() { Dataset = dataset, ManifestDigest = room.State.CurrentDataset(dataset)!.Digest };

    /// <summary>The verdict on a query: approval is needed, each owner whose data is read is charged once.</summary>
    public static Verdict Verdict(this TestRoom room, Query query) => new()
    {
        ContractDigest = query.ContractDigest,
        Analyst = query.Analyst,
        Receivers = query.Receivers,
        TextDigest = QueryText.DigestOf(room.State.Contracts[query.ContractDigest].Contract, query),
        Decision = VerdictDecision.NeedsApproval,
        Codes = [],
        Owners = [],
        Lineage = [],
        Budget = [.. query.Inputs.Where(input => room.OwnerOf(input.Dataset) != query.Analyst).Select(input => room.Cost(input.Dataset))],
        Noise = [],
        Inputs = [.. query.Inputs.Select(input => new VerdictInput { Dataset = input.Dataset, Tier = PolicyTier.Threshold, MinUnits = 50, Cells = 0 })],
        Approvers = [.. query.Inputs.Select(input => room.OwnerOf(input.Dataset))],
        PlanDigest = Digest.Of("plan"u8),
    };

    /// <summary>One query's cost on a dataset.</summary>
    public static BudgetCharge Cost(this TestRoom room, string dataset) =>
        new() { Dataset = dataset, Owner = room.OwnerOf(dataset), Domain = "person-v1", Queries = 1, NanoRho = 0, AttoDelta = 0 };

    /// <summary>A member's yes to a query.</summary>
    public static Approval Approval(this TestRoom room, Query query, Verdict verdict, string name = "approval") => new()
    {
        Collaboration = room.State.Collaboration,
        Subject = DocumentCodec.DigestOf(query),
        ContractDigest = query.ContractDigest,
        VerdictDigest = DocumentCodec.DigestOf(verdict),
        Decision = ApprovalDecision.Approve,
        Reason = "agreed",
        Conditions = new ApprovalConditions { MaxRuns = 5, Expires = query.Expires },
        Checkpoint = room.Checkpoint(),
        Nonce = TestRandom.Nonce(name),
    };

    /// <summary>The charge of a run.</summary>
    public static Charge Charge(this TestRoom room, Query query, Verdict verdict, int run = 1)
    {
        var charge = new Charge
        {
            Collaboration = room.State.Collaboration,
            QueryDigest = DocumentCodec.DigestOf(query),
            VerdictDigest = DocumentCodec.DigestOf(verdict),
            Run = run,
            Costs = verdict.Budget,
            BudgetLogs = [],
        };
        return room.State.Queries.ContainsKey(charge.QueryDigest) && verdict.Budget.All(cost => cost is { NanoRho: >= 0, AttoDelta: >= 0 }) ? room.Booked(charge) : charge;
    }

    /// <summary>The answer of a query's newest run, to the hospital's receiver.</summary>
    public static RunResult Result(this TestRoom room, Query query) => new()
    {
        Collaboration = room.State.Collaboration,
        QueryDigest = DocumentCodec.DigestOf(query),
        ChargeSequence = room.RunOf(query).ChargeSequence,
        Commitment = Digest.Of("commitment"u8),
        Blob = new ResultBlob { Name = "a0a1a2a3a4a5a6a7a8a9aaabacadaeaf", Bytes = 65_536, Digest = Digest.Of("blob"u8) },
        Wraps = [Wrap(TestPeople.Hana)],
        History = [],
    };

    /// <summary>A result key, sealed to a person.</summary>
    public static ResultWrap Wrap(TestMember member) => new()
    {
        Collaborator = member.Collaborator,
        Member = member.Member,
        Enc = Es256TestKey.Named("ephemeral").PublicKey,
        Ciphertext = TestRandom.Bytes("wrap", 48),
    };

    /// <summary>The end of a query's newest run without an answer.</summary>
    public static RunFailure Failure(this TestRoom room, Query query) => new()
    {
        Collaboration = room.State.Collaboration,
        QueryDigest = DocumentCodec.DigestOf(query),
        ChargeSequence = room.RunOf(query).ChargeSequence,
        CorrelationId = "c0c1c2c3c4c5c6c7c8c9cacbcccdcecf",
    };

    /// <summary>The receipt of a query's newest run.</summary>
    public static Receipt Receipt(this TestRoom room, Query query) => ReceiptContent.For(
        room.State.Queries[DocumentCodec.DigestOf(query)], room.RunOf(query), room.State.Nodes[room.Node.Key.Id].Attestation);

    /// <summary>A stop.</summary>
    public static Suspend Suspend(this TestRoom room, string name = "suspend") => new()
    {
        Collaboration = room.State.Collaboration, ContractDigest = room.ContractDigest, Reason = "a key was lost", Nonce = TestRandom.Nonce(name),
    };

    /// <summary>A vote to go on after the stop in force.</summary>
    public static Resume Resume(this TestRoom room, string name = "resume") => new()
    {
        Collaboration = room.State.Collaboration,
        ContractDigest = room.ContractDigest,
        SuspendSequence = room.State.Suspension?.Sequence ?? 0,
        Nonce = TestRandom.Nonce(name),
    };

    /// <summary>A vote to end it.</summary>
    public static Terminate Terminate(this TestRoom room, string name = "terminate") => new()
    {
        Collaboration = room.State.Collaboration, ContractDigest = room.ContractDigest, Reason = "the study is over", Nonce = TestRandom.Nonce(name),
    };

    /// <summary>Takes something back.</summary>
    public static Revocation Revoke(this TestRoom room, RevocationKind kind, string subject) => new()
    {
        Collaboration = room.State.Collaboration, Kind = kind, Subject = subject, Reason = "consent withdrawn", Nonce = TestRandom.Nonce($"revoke {subject}"),
    };

    /// <summary>Cancels a query.</summary>
    public static Cancellation Cancel(this TestRoom room, Query query) => new()
    {
        Collaboration = room.State.Collaboration, QueryDigest = DocumentCodec.DigestOf(query), Reason = "not needed", Nonce = TestRandom.Nonce("cancel"),
    };

    /// <summary>Finds a query's newest run.</summary>
    public static RunState RunOf(this TestRoom room, Query query) => room.State.Queries[DocumentCodec.DigestOf(query)].Runs[^1];

    /// <summary>Signs a receipt as the room's node.</summary>
    public static Envelope ByNode(this TestRoom room, Receipt receipt) => room.Node.Key.Sign(receipt);

    /// <summary>Signs a document as the room's node.</summary>
    public static Envelope ByNode(this TestRoom room, Document document) => room.Node.Key.Sign(document);

    private static string OwnerOf(this TestRoom room, string dataset) => room.State.Active!.FindDataset(dataset)!.Owner;
}
