using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Dsse;
using CleanRoom.Protocol.Ledger;
using CleanRoom.Protocol.Receipts;
using CleanRoom.TestKit.Collaborations;

namespace CleanRoom.Protocol.Tests.Receipts;

/// <summary>Receipt bundles of test rooms.</summary>
internal static class TestReceipts
{
    /// <summary>Gets the bundle of the first answer, with everything shown.</summary>
    public static ReceiptBundle Full { get; } = Of(TestStages.Receipted, TestStages.Question, isRedacted: false);

    /// <summary>Gets the same without contract and query.</summary>
    public static ReceiptBundle Redacted { get; } = Of(TestStages.Receipted, TestStages.Question, isRedacted: true);

    /// <summary>Builds the bundle of a query's newest run.</summary>
    public static ReceiptBundle Of(TestRoom room, Query query, bool isRedacted) =>
        ReceiptBundles.Build(room.State, room.Rows, room.RunOf(query), room.Checkpoint(), isRedacted).Value;

    /// <summary>Verifies a bundle as a file.</summary>
    public static ReceiptReport Verify(ReceiptBundle bundle, Timestamp? at = null) =>
        ReceiptVerifier.Verify(DocumentCodec.Encode(bundle), at, TestRoom.Services);

    /// <summary>The bundle is refused, among others for this reason.</summary>
    public static void Refuses(ReceiptBundle bundle, RefusalCode code, string because = "", Timestamp? at = null)
    {
        var report = Verify(bundle, at);

        report.IsVerified.Should().BeFalse("{0}", because);
        report.Failures.Select(failure => failure.Code).Should().Contain(code, "{0} {1}", string.Join("; ", report.Failures), because);
    }

    /// <summary>
    /// Returns the bundle of a log that a forger made up: the statement stands in it with valid proofs and a valid checkpoint, so
    /// that only what the statement says can give it away.
    /// </summary>
    public static ReceiptBundle InLog(Envelope statement, ReceiptBundle bundle)
    {
        var room = TestStages.Answered;
        var row = room.Row(statement);
        Digest[] leaves = [.. room.State.Log.Leaves, row.Leaf];
        return bundle with
        {
            Row = new Bytes(RowCodec.Encode(row)),
            InclusionProof = MerkleTree.InclusionProof(leaves, leaves.Length - 1, leaves.Length),
            GenesisProof = MerkleTree.InclusionProof(leaves, 0, leaves.Length),
            Checkpoint = room.Checkpoint(leaves.Length, MerkleTree.Root(leaves)),
        };
    }

    /// <summary>Returns an envelope's bytes as a bundle holds them.</summary>
    public static Bytes Encode(Envelope envelope) => new(EnvelopeCodec.Encode(envelope));

    /// <summary>Reads an envelope out of a bundle.</summary>
    public static Envelope Decode(Bytes? envelope) => EnvelopeCodec.Parse(envelope!.Value.Span).Value;
}
