using System.Collections.Immutable;
using CleanRoom.Protocol.Fold;
using CleanRoom.Protocol.Json;
using CleanRoom.Protocol.Ledger;

namespace CleanRoom.Protocol.Gossip;

/// <summary>What one member saw of a ledger, in a form that it may hand to another: the hashes of all rows under a signed checkpoint, and row 0.</summary>
/// <remarks>
/// It shows no row but the first, and lets another compare without a network and without the node. <see cref="Parse"/> is the only way in, so every
/// instance is whole: row 0 leads to the collaboration and its key, the key signed the note, and the hashes lead to its root.
/// Spec: contracts/spec/0023 s.2.
/// </remarks>
public sealed class SeenHistory
{
    /// <summary>Most bytes of a file: a million rows.</summary>
    public const int MaxBytes = 64 << 20;

    private const string Type = "cleanroom/v1/seen-history";

    private SeenHistory(Bytes row0, string note, ImmutableArray<Digest> leaves, RoomKey key, Checkpoint checkpoint) =>
        (Row0, Note, Leaves, Key, Checkpoint) = (row0, note, leaves, key, checkpoint);

    /// <summary>Gets the checkpoint that was seen.</summary>
    public Checkpoint Checkpoint { get; }

    /// <summary>Gets the signed note of it, with the cosignatures that came with it.</summary>
    public string Note { get; }

    /// <summary>Gets the hashes of the rows in order.</summary>
    public ImmutableArray<Digest> Leaves { get; }

    internal Bytes Row0 { get; }

    internal RoomKey Key { get; }

    /// <summary>Writes what a member has verified of a ledger.</summary>
    /// <param name="row0">The encoded first row.</param>
    /// <param name="log">The log after the last row.</param>
    /// <param name="note">The signed note over all of it.</param>
    public static byte[] Write(ReadOnlySpan<byte> row0, LogState log, string note)
    {
        ArgumentNullException.ThrowIfNull(log);
        return Jcs.Write(new JsonObject(
            new JsonMember("leaves", new Bytes([.. log.Leaves.SelectMany(leaf => leaf.ToArray())])),
            new JsonMember("note", note),
            new JsonMember("row0", new Bytes(row0)),
            new JsonMember("type", Type)));
    }

    /// <summary>Reads and checks it. Trust: whoever handed it over.</summary>
    /// <returns>The history; or <see cref="RefusalCode.DocumentInvalid"/> for another form, the refusals of row 0 and of the note, or
    /// <see cref="RefusalCode.ProofInvalid"/> for hashes that do not lead to the note's root.</returns>
    public static Result<SeenHistory> Parse(ReadOnlySpan<byte> utf8, FoldServices services)
    {
        if (!GossipJson.Read(utf8, MaxBytes, Type, ["leaves", "note", "row0"]).TryGet(out var tree, out var refusals))
        {
            return refusals;
        }

        if (tree.Find("note") is not JsonString { Value: var note } || GossipJson.Bytes(tree, "row0") is not { } row0
            || GossipJson.Bytes(tree, "leaves") is not { } packed || packed.Length % Digest.Length != 0)
        {
            return GossipJson.Wrong(Type);
        }

        if (!RoomKey.Of(row0, services).TryGet(out var key, out refusals)
            || !CheckpointNote.Verify(note, key.Collaboration, key.CheckpointKey.Span, services.Signatures).TryGet(out var checkpoint, out refusals))
        {
            return refusals;
        }

        var leaves = Unpack(packed);
        return checkpoint.Size == leaves.Length && !leaves.IsEmpty && leaves[0] == MerkleTree.LeafHash(row0.Span) && MerkleTree.Root(leaves) == checkpoint.Root
            ? new SeenHistory(row0, note, leaves, key, checkpoint)
            : new Refusal(
                RefusalCode.ProofInvalid, $"row 0 and the hashes of {checkpoint.Size} rows that lead to root {checkpoint.Root}", $"{leaves.Length} other hashes");
    }

    /// <summary>Compares with a note that somebody else saw of this collaboration: another member's, or a receipt's.</summary>
    /// <returns>Where the note stands, with proof when it contradicts; or the refusals of a note that this collaboration's key did not sign.</returns>
    public Result<Comparison> Compare(string note, FoldServices services)
    {
        ArgumentNullException.ThrowIfNull(services);
        return CheckpointNote.Verify(note, Key.Collaboration, Key.CheckpointKey.Span, services.Signatures).Then<Comparison>(other =>
        {
            if (other.Size == 0)
            {
                return new Refusal(RefusalCode.CheckpointInvalid, "a checkpoint of at least one row", "one of none: every log goes on from it");
            }

            if (other.Size > Checkpoint.Size)
            {
                return new Comparison(other, Fork: null);
            }

            var root = RootAt(other.Size);
            return new Comparison(other, root == other.Root ? null : ForkProof.Of(this, note, other, root));
        });
    }

    /// <summary>Compares with what another member saw. Of two histories of one collaboration nothing stays open.</summary>
    /// <returns>As <see cref="Compare(string, FoldServices)"/>; or <see cref="RefusalCode.NotPermitted"/> for another collaboration's.</returns>
    public Result<Comparison> Compare(SeenHistory other, FoldServices services)
    {
        ArgumentNullException.ThrowIfNull(other);
        return other.Checkpoint.Origin != Checkpoint.Origin
            ? new Refusal(RefusalCode.NotPermitted, $"a history of collaboration {Checkpoint.Origin}", other.Checkpoint.Origin)
            : other.Checkpoint.Size <= Checkpoint.Size
                ? Compare(other.Note, services)
                : other.Compare(Note, services).Then<Comparison>(compared => compared with { Other = other.Checkpoint });
    }

    private static ImmutableArray<Digest> Unpack(Bytes packed)
    {
        var leaves = ImmutableArray.CreateBuilder<Digest>(packed.Length / Digest.Length);
        for (var at = 0; at < packed.Length; at += Digest.Length)
        {
            leaves.Add(new Digest(packed.Span.Slice(at, Digest.Length)));
        }

        return leaves.MoveToImmutable();
    }

    private Digest RootAt(long size) => MerkleTree.Root([.. Leaves.Take((int)size)]);
}

/// <summary>How another's checkpoint stands to one's own history.</summary>
/// <param name="Other">The other's checkpoint. Longer than one's own, it says that the other has seen more.</param>
/// <param name="Fork">The proof that both cannot be; null when they are one log.</param>
public sealed record Comparison(Checkpoint Other, ForkProof? Fork);
