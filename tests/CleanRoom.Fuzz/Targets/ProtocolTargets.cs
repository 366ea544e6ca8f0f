using System.Text;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Dsse;
using CleanRoom.Protocol.Gossip;
using CleanRoom.Protocol.Json;
using CleanRoom.Protocol.Ledger;
using CleanRoom.TestKit.Collaborations;

namespace CleanRoom.Fuzz.Targets;

/// <summary>Documents, envelopes, rows and notes. What is read must be written again with the same bytes: there is one written form.</summary>
internal static class ProtocolTargets
{
    private const int MaxJsonBytes = 1 << 20;

    public static IEnumerable<FuzzTarget> All()
    {
        (string, byte[])[] documents = [.. SeedFiles.Committed("*.json", "contracts", "vectors", "documents")];
        (string Name, byte[])[] envelopes = [.. documents.Where(one => one.Item1.StartsWith("envelope", StringComparison.Ordinal))];
        return
        [
            SeedFiles.Target("strict-json", documents, Json),
            SeedFiles.Target("document", documents, bytes => SeedFiles.Outcome(DocumentCodec.Parse(bytes).IsAccepted)),
            SeedFiles.Target("receipt", documents.Where(one => one.Item1.StartsWith("receipt", StringComparison.Ordinal)), bytes =>
                SeedFiles.Outcome(DocumentCodec.ParseReceipt(bytes).IsAccepted || DocumentCodec.Parse(bytes).IsAccepted)),
            SeedFiles.Target("envelope", envelopes, bytes =>
                EnvelopeCodec.Parse(bytes).TryGet(out var envelope, out _) ? Same(bytes, EnvelopeCodec.Encode(envelope)) : FuzzOutcome.Refused),
            SeedFiles.Target("ledger-row", SeedFiles.Committed("*.json", "contracts", "vectors", "ledger", "rows"), bytes =>
                RowCodec.Parse(bytes).TryGet(out var row, out _) ? Same(bytes, RowCodec.Encode(row)) : FuzzOutcome.Refused),
            SeedFiles.Target("note", SeedFiles.Committed("*.note", "contracts", "vectors", "ledger"), Note),
            SeedFiles.Target("seen-history", SeedFiles.Committed("*.json", "contracts", "vectors", "gossip"), bytes =>
                SeedFiles.Outcome(SeenHistory.Parse(bytes, TestRoom.Services).IsAccepted)),
            SeedFiles.Target("fork-proof", SeedFiles.Committed("*.fork", "contracts", "vectors", "gossip"), bytes =>
                ForkProof.Parse(bytes, TestRoom.Services).TryGet(out var proof, out _) ? Same(bytes, proof.Write()) : FuzzOutcome.Refused),
            SeedFiles.Target("attestation-policy", [("made", Encoding.UTF8.GetBytes("""{"accepted":[{"anchors":["5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a"],"chipIds":["any"],"debug":false,"minimumTcb":{"snp":8},"tee":"amd-sev-snp","values":{"measurement":"00ff"}}],"codeEndorsers":[]}"""))], bytes =>
                SeedFiles.Outcome(DocumentCodec.PolicyFromPerson(bytes).IsAccepted)),
        ];
    }

    private static FuzzOutcome Json(byte[] bytes)
    {
        _ = Jcs.Canonicalize(bytes, MaxJsonBytes).TryGet(out var canonical, out _);
        if (!StrictJson.Parse(bytes, MaxJsonBytes).TryGet(out var tree, out _))
        {
            return FuzzOutcome.Refused;
        }

        return SeedFiles.Outcome(isRead: true, Jcs.Write(tree).AsSpan().SequenceEqual(canonical));
    }

    private static FuzzOutcome Note(byte[] bytes)
    {
        var text = Encoding.Latin1.GetString(bytes);
        if (!SignedNote.Parse(Encoding.UTF8.GetString(bytes)).TryGet(out var note, out _) && !SignedNote.Parse(text).TryGet(out note, out _))
        {
            return FuzzOutcome.Refused;
        }

        _ = NoteVerifierKey.Parse(text);
        return SeedFiles.Outcome(isRead: true, Checkpoint.Parse(note.Text).TryGet(out var checkpoint, out _) && checkpoint.Text.Length > 0);
    }

    private static FuzzOutcome Same(byte[] bytes, byte[] written) => bytes.AsSpan().SequenceEqual(written)
        ? FuzzOutcome.Verified
        : throw new Running.UnsoundException("read, though it is not the one written form");
}
