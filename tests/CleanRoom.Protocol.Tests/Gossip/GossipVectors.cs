using CleanRoom.Protocol.Gossip;
using CleanRoom.Protocol.Json;
using CleanRoom.Protocol.Ledger;
using CleanRoom.TestKit.Collaborations;

namespace CleanRoom.Protocol.Tests.Gossip;

/// <summary>The files of <c>contracts/vectors/gossip</c>: two histories of one room that part after the contract was signed, and the proof of it.</summary>
/// <remarks>Each making has other signatures in its rows: the committed files are read, and not made again.</remarks>
internal static class GossipVectors
{
    /// <summary>Gets what one member was shown: the room goes on.</summary>
    public static TestRoom Left { get; } = TestStages.Active.Append(
        TestPeople.Ada.Sign(TestStages.Active.Suspend("left")), TestPeople.Leo.Revoke(), TestPeople.Rita.Revoke());

    /// <summary>Gets what another member was shown.</summary>
    public static TestRoom Right { get; } = TestStages.Active.Append(TestPeople.Lea.Sign(TestStages.Active.Suspend("right")));

    public static IReadOnlyDictionary<string, byte[]> All()
    {
        var proof = SeenHistory.Parse(Write(Left), TestRoom.Services).Value.Compare(Right.Checkpoint(), TestRoom.Services).Value.Fork!.Write();
        return new Dictionary<string, byte[]>
        {
            ["left.seen.json"] = Write(Left),
            ["right.seen.json"] = Write(Right),
            ["left-right.fork"] = proof,
            ["refused/one-history.fork"] = With(proof, "shorter", Left.Checkpoint(Right.State.Log.Size, Left.State.Log.RootAt(Right.State.Log.Size))),
            ["refused/root.fork"] = With(proof, "root", Digest.Of("another"u8)),
            ["refused/path.fork"] = With(proof, "path", new JsonArray([])),
            ["refused/row0.fork"] = With(proof, "row0", new Bytes(RowCodec.Encode(Left.Rows[1]))),
            ["refused/note.fork"] = With(proof, "shorter", Right.Checkpoint().Replace(Right.State.Collaboration, new string('0', 64), StringComparison.Ordinal)),
            ["refused/leaves.seen.json"] = With(Write(Left), "leaves", new Bytes([.. Left.State.Log.Leaves.Reverse().SelectMany(leaf => leaf.ToArray())])),
            ["refused/fewer.seen.json"] = With(Write(Left), "leaves", new Bytes([.. Left.State.Log.Leaves.SkipLast(1).SelectMany(leaf => leaf.ToArray())])),
        };
    }

    public static byte[] Write(TestRoom room) => SeenHistory.Write(RowCodec.Encode(room.Rows[0]), room.State.Log, room.Checkpoint());

    private static byte[] With(byte[] file, string name, JsonValue value)
    {
        var tree = (JsonObject)StrictJson.Parse(file, 1 << 20).Value;
        return Jcs.Write(new JsonObject([.. tree.Members.Select(member => member.Name == name ? new JsonMember(name, value) : member)]));
    }
}
