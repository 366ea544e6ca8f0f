using CleanRoom.Protocol.Budgets;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Ledger;

namespace CleanRoom.Protocol.Tests.Samples;

/// <summary>A budget log of two rows: its genesis and the charge of the sample query, with a proof that verifies.</summary>
internal static class BudgetSamples
{
    private const string Domain = "person";
    private const string OwnerKey = "registry root";
    private const string LogKey = "budget log checkpoint";
    private const string NodeKey = "node sign";

    public static BudgetGenesis Genesis { get; } = new()
    {
        BudgetLog = BudgetLogId.Of(TestKeys.P256Public(OwnerKey), Domain, TestKeys.Ed25519Public(LogKey)),
        OwnerKey = TestKeys.P256Public(OwnerKey),
        Domain = Domain,
        CheckpointKey = TestKeys.Ed25519Public(LogKey),
        SigningKey = TestKeys.P256Public(NodeKey),
    };

    public static OwnerCharge Charge(Digest query, BudgetCharge cost) => new()
    {
        BudgetLog = Genesis.BudgetLog,
        Collaboration = DocumentSamples.Collaboration,
        QueryDigest = query,
        Run = 1,
        Versions = [Digest.Of("manifest"u8)],
        NanoRho = cost.NanoRho,
        AttoDelta = cost.AttoDelta,
        SigningKey = Genesis.SigningKey,
    };

    public static BudgetProof Proof(OwnerCharge charge)
    {
        LedgerRow[] rows = [Row(0, Genesis), Row(1, charge)];
        var leaves = rows.Select(row => row.Leaf).ToList();
        return new BudgetProof
        {
            Owner = "registry",
            Domain = Domain,
            BudgetLog = Genesis.BudgetLog,
            CheckpointKey = Genesis.CheckpointKey,
            Row = new Bytes(RowCodec.Encode(rows[1])),
            Inclusion = MerkleTree.InclusionProof(leaves, 1, rows.Length),
            Checkpoint = CheckpointNote.Build(
                new Checkpoint(Genesis.BudgetLog, rows.Length, MerkleTree.Root(leaves)),
                new NoteVerifierKey(Genesis.BudgetLog, NoteKeyType.Ed25519, Genesis.CheckpointKey.Span),
                TestKeys.Ed25519Signer(LogKey)),
            Consistency = [],
        };
    }

    private static LedgerRow Row(int sequence, Document document) => new(
        sequence,
        ContractSample.Start.Plus(TimeSpan.FromSeconds(sequence)),
        TestKeys.Envelope(DocumentCodec.PayloadTypeOf(document), DocumentCodec.Encode(document), NodeKey));
}
