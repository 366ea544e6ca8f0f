using System.Text;
using System.Text.Json;
using CleanRoom.Protocol.Ledger;
using CleanRoom.Protocol.Tests.Samples;

namespace CleanRoom.Protocol.Tests.Publication;

/// <summary>Runs <c>contracts/vectors/ledger</c> as another implementation would: from the files alone.</summary>
public sealed class LedgerVectorTests
{
    private static readonly JsonElement _index = CommittedFiles.Json("vectors", "ledger", "index.json");

    [Fact]
    public void Rows_have_their_leaves_and_their_tree_its_roots()
    {
        var range = CompactRange.Empty;
        var roots = Hashes(_index, "rootsBySize");
        range.Root.Should().Be(roots[0]);
        foreach (var (leaf, sequence) in Hashes(_index, "leaves").Select((leaf, sequence) => (leaf, sequence)))
        {
            var row = RowCodec.Parse(File.ReadAllBytes(CommittedFiles.Folder("vectors", "ledger", "rows", $"{sequence}.json"))).Value;
            row.Sequence.Should().Be(sequence);
            row.Leaf.Should().Be(leaf);
            range = range.Append(leaf);
            range.Root.Should().Be(roots[sequence + 1]);
        }
    }

    [Fact]
    public void Inclusion_proofs_verify_and_are_the_only_ones()
    {
        var leaves = Hashes(_index, "leaves");
        foreach (var c in _index.GetProperty("inclusion").EnumerateArray())
        {
            VerifyInclusion(c).Should().BeTrue();
            MerkleTree.InclusionProof(leaves, c.GetProperty("index").GetInt64(), c.GetProperty("size").GetInt64()).Should().Equal(Hashes(c, "proof"));
        }
    }

    [Fact]
    public void Consistency_proofs_verify_and_are_the_only_ones()
    {
        var leaves = Hashes(_index, "leaves");
        foreach (var c in _index.GetProperty("consistency").EnumerateArray())
        {
            VerifyConsistency(c).Should().BeTrue();
            MerkleTree.ConsistencyProof(leaves, c.GetProperty("first").GetInt64(), c.GetProperty("second").GetInt64()).Should().Equal(Hashes(c, "proof"));
        }
    }

    [Fact]
    public void Refused_inclusion_proofs_are_refused()
    {
        foreach (var c in Refused("inclusion"))
        {
            VerifyInclusion(c).Should().BeFalse(c.GetProperty("why").GetString());
        }
    }

    [Fact]
    public void Refused_consistency_proofs_are_refused()
    {
        foreach (var c in Refused("consistency"))
        {
            VerifyConsistency(c).Should().BeFalse(c.GetProperty("why").GetString());
        }
    }

    [Fact]
    public void Checkpoint_verifies()
    {
        var expected = _index.GetProperty("checkpoint");

        var checkpoint = VerifyCheckpoint(Note("checkpoint.note")).Value;

        checkpoint.Size.Should().Be(expected.GetProperty("size").GetInt64());
        checkpoint.Root.ToString().Should().Be(expected.GetProperty("root").GetString());
        NoteVerifierKey.Parse(expected.GetProperty("verifierKey").GetString()!).Value.PublicKey.ToString()
            .Should().Be(expected.GetProperty("key").GetString());
    }

    [Fact]
    public void Cosigned_checkpoint_verifies_by_both_keys()
    {
        VerifyCheckpoint(Note("checkpoint-cosigned.note")).IsAccepted.Should().BeTrue();
        VerifyCosignature(Note("checkpoint-cosigned.note")).Value.ToString()
            .Should().Be(_index.GetProperty("cosignature").GetProperty("time").GetString());
    }

    [Fact]
    public void Refused_checkpoints_are_refused_for_the_published_reason()
    {
        foreach (var c in Refused("checkpoints"))
        {
            VerifyCheckpoint(c.GetProperty("note").GetString()!).Refusals.Select(refusal => refusal.Slug)
                .Should().Equal([c.GetProperty("refusal").GetString()!], c.GetProperty("why").GetString());
        }
    }

    [Fact]
    public void Refused_cosignatures_are_refused_for_the_published_reason()
    {
        foreach (var c in Refused("cosignatures"))
        {
            VerifyCosignature(c.GetProperty("note").GetString()!).Refusals.Select(refusal => refusal.Slug)
                .Should().Equal([c.GetProperty("refusal").GetString()!], c.GetProperty("why").GetString());
        }
    }

    private static Result<Checkpoint> VerifyCheckpoint(string note)
    {
        var expected = _index.GetProperty("checkpoint");
        return CheckpointNote.Verify(
            note, expected.GetProperty("origin").GetString()!, expected.GetProperty("key").GetBytesFromBase64(), TestVerifier.Instance);
    }

    private static Result<Timestamp> VerifyCosignature(string note)
    {
        var expected = _index.GetProperty("cosignature");
        return Cosignature.Verify(
            note, expected.GetProperty("witness").GetString()!, expected.GetProperty("key").GetBytesFromBase64(), TestVerifier.Instance);
    }

    private static bool VerifyInclusion(JsonElement c) => MerkleTree.VerifyInclusion(
        Hash(c, "leaf"), c.GetProperty("index").GetInt64(), c.GetProperty("size").GetInt64(), Hashes(c, "proof"), Hash(c, "root"));

    private static bool VerifyConsistency(JsonElement c) => MerkleTree.VerifyConsistency(
        c.GetProperty("first").GetInt64(), c.GetProperty("second").GetInt64(), Hashes(c, "proof"), Hash(c, "firstRoot"), Hash(c, "secondRoot"));

    private static JsonElement.ArrayEnumerator Refused(string list) => _index.GetProperty("refused").GetProperty(list).EnumerateArray();

    private static Digest Hash(JsonElement c, string name) => Digest.Parse(c.GetProperty(name).GetString()!);

    private static List<Digest> Hashes(JsonElement c, string name) =>
        [.. c.GetProperty(name).EnumerateArray().Select(hash => Digest.Parse(hash.GetString()!))];

    private static string Note(string file) => Encoding.UTF8.GetString(File.ReadAllBytes(CommittedFiles.Folder("vectors", "ledger", file)));
}
