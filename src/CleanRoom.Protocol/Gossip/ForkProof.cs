using System.Collections.Immutable;
using CleanRoom.Protocol.Fold;
using CleanRoom.Protocol.Json;
using CleanRoom.Protocol.Ledger;

namespace CleanRoom.Protocol.Gossip;

/// <summary>Proof that the key of a collaboration signed two histories: two notes, and the hashes that show that the longer one does not go on from the shorter.</summary>
/// <remarks>
/// Anyone checks it alone, without a network and without believing who hands it over. It says that a holder of the collaboration's secret signed both; it
/// does not say which of the two is the true one. <see cref="Parse"/> and a comparison are the only ways in, so every instance is a proof.
/// Spec: contracts/spec/0023 s.3.
/// </remarks>
public sealed class ForkProof
{
    private const string Type = "cleanroom/v1/fork-proof";

    /// <summary>Row 0, two notes, and at most 64 hashes.</summary>
    private const int MaxBytes = 4 << 20;

    private readonly Bytes _row0;
    private readonly (string Longer, string Shorter) _notes;
    private readonly ImmutableArray<Digest> _path;

    private ForkProof(Bytes row0, (string Longer, string Shorter) notes, ImmutableArray<Digest> path, Checkpoint longer, Checkpoint shorter, Digest root)
    {
        (_row0, _notes, _path) = (row0, notes, path);
        (Longer, Shorter, Root) = (longer, shorter, root);
    }

    /// <summary>Gets the collaboration's id.</summary>
    public string Collaboration => Longer.Origin;

    /// <summary>Gets the checkpoint of the longer history, or of one of two that are equally long.</summary>
    public Checkpoint Longer { get; }

    /// <summary>Gets the checkpoint that contradicts it.</summary>
    public Checkpoint Shorter { get; }

    /// <summary>Gets the root that the longer history has at the size of the shorter one.</summary>
    public Digest Root { get; }

    /// <summary>Reads and checks a proof. Trust: whoever handed it over.</summary>
    /// <returns>The proof; or <see cref="RefusalCode.DocumentInvalid"/> for another form, the refusals of row 0 and of the notes, or
    /// <see cref="RefusalCode.ProofInvalid"/> for two notes that may be one log.</returns>
    public static Result<ForkProof> Parse(ReadOnlySpan<byte> utf8, FoldServices services)
    {
        if (!GossipJson.Read(utf8, MaxBytes, Type, ["longer", "path", "root", "row0", "shorter"]).TryGet(out var tree, out var refusals))
        {
            return refusals;
        }

        if (tree.Find("longer") is not JsonString { Value: var longer } || tree.Find("shorter") is not JsonString { Value: var shorter }
            || GossipJson.Bytes(tree, "row0") is not { } row0 || tree.Find("path") is not JsonArray { Items: var items }
            || tree.Find("root") is not JsonString { Value: var rootText } || !Digest.TryParse(rootText, out var root) || ReadPath(items) is not { } path)
        {
            return GossipJson.Wrong(Type);
        }

        if (!RoomKey.Of(row0, services).TryGet(out var key, out refusals)
            || !CheckpointNote.Verify(longer, key.Collaboration, key.CheckpointKey.Span, services.Signatures).TryGet(out var first, out refusals)
            || !CheckpointNote.Verify(shorter, key.Collaboration, key.CheckpointKey.Span, services.Signatures).TryGet(out var second, out refusals))
        {
            return refusals;
        }

        if (root == second.Root || !MerkleTree.VerifyConsistency(second.Size, first.Size, path, root, first.Root))
        {
            return new Refusal(
                RefusalCode.ProofInvalid,
                $"hashes that lead from another root than {second.Root} at {second.Size} rows to root {first.Root} at {first.Size}",
                root == second.Root ? "that very root" : "hashes that do not");
        }

        return new ForkProof(row0, (longer, shorter), path, first, second, root);
    }

    /// <summary>Writes it.</summary>
    public byte[] Write() => Jcs.Write(new JsonObject(
        new JsonMember("longer", _notes.Longer),
        new JsonMember("path", new JsonArray([.. _path.Select(hash => (JsonValue)hash)])),
        new JsonMember("root", Root),
        new JsonMember("row0", _row0),
        new JsonMember("shorter", _notes.Shorter),
        new JsonMember("type", Type)));

    /// <summary>Proves it from one's own history, which has another root at the size of the other's note.</summary>
    internal static ForkProof Of(SeenHistory own, string note, Checkpoint other, Digest root) => new(
        own.Row0, (own.Note, note), MerkleTree.ConsistencyProof(own.Leaves, other.Size, own.Leaves.Length), own.Checkpoint, other, root);

    private static ImmutableArray<Digest>? ReadPath(ImmutableArray<JsonValue> items)
    {
        var path = ImmutableArray.CreateBuilder<Digest>(items.Length);
        foreach (var item in items)
        {
            if (item is not JsonString { Value: var text } || !Digest.TryParse(text, out var hash))
            {
                return null;
            }

            path.Add(hash);
        }

        return path.ToImmutable();
    }
}
