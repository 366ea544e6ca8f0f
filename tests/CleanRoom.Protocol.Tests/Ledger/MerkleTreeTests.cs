using System.Text.Json;
using CleanRoom.Protocol.Ledger;
using CsCheck;

namespace CleanRoom.Protocol.Tests.Ledger;

public sealed class MerkleTreeTests
{
    [Fact]
    public void Root_of_the_published_leaves_is_the_published_root_at_every_size()
    {
        var vector = SharedVectors.Json("merkle", "rfc6962-tree.json");
        var leaves = vector.GetProperty("leafInputsHex").EnumerateArray()
            .Select(leaf => MerkleTree.LeafHash(Convert.FromHexString(leaf.GetString()!))).ToList();
        var roots = vector.GetProperty("rootsHexBySize").EnumerateArray().Select(root => root.GetString()).ToList();

        for (var size = 0; size <= leaves.Count; size++)
        {
            MerkleTree.Root(leaves.Take(size).ToList()).ToString().Should().Be(roots[size]);
        }
    }

    [Fact]
    public void NodeHash_of_the_published_leaves_is_the_published_node()
    {
        var levels = SharedVectors.Json("merkle", "rfc6962-tree.json").GetProperty("nodeHashesHexByLevel").EnumerateArray()
            .Select(level => level.EnumerateArray().Select(node => Digest.Parse(node.GetString()!)).ToList()).ToList();

        for (var level = 1; level < levels.Count; level++)
        {
            for (var i = 0; i < levels[level].Count; i++)
            {
                MerkleTree.NodeHash(levels[level - 1][2 * i], levels[level - 1][(2 * i) + 1]).Should().Be(levels[level][i]);
            }
        }
    }

    [Fact]
    public void VerifyInclusion_agrees_with_every_published_verdict()
    {
        var cases = SharedVectors.Json("merkle", "inclusion.json").EnumerateArray().ToList();
        cases.Should().HaveCount(98);
        foreach (var c in cases)
        {
            var isAccepted = TryHashes(c, "leafHash", out var leaf) && TryHashes(c, "root", out var root) && TryHashes(c, "proof", out var proof)
                && TrySize(c, "leafIdx", out var index) && TrySize(c, "treeSize", out var size)
                && MerkleTree.VerifyInclusion(leaf[0], index, size, proof, root[0]);

            isAccepted.Should().Be(!c.GetProperty("wantErr").GetBoolean(), c.GetProperty("file").GetString());
        }
    }

    [Fact]
    public void VerifyConsistency_agrees_with_every_published_verdict_on_32_byte_roots()
    {
        var cases = SharedVectors.Json("merkle", "consistency.json").EnumerateArray().ToList();
        cases.Should().HaveCount(98);
        foreach (var c in cases)
        {
            var file = c.GetProperty("file").GetString()!;
            var isAccepted = TryHashes(c, "root1", out var first) && TryHashes(c, "root2", out var second) && TryHashes(c, "proof", out var proof)
                && TrySize(c, "size1", out var size1) && TrySize(c, "size2", out var size2)
                && MerkleTree.VerifyConsistency(size1, size2, proof, first[0], second[0]);

            // The one case whose roots have 12 bytes, and the one whose empty trees have made-up roots: a digest has 32 bytes here.
            var isExpected = !c.GetProperty("wantErr").GetBoolean()
                && !file.EndsWith("/sizes-are-equal-one-and-proof-is-empty.json", StringComparison.Ordinal)
                && !file.EndsWith("/sizes-are-equal-zero-and-proof-is-empty.json", StringComparison.Ordinal);
            isAccepted.Should().Be(isExpected, file);
        }
    }

    [Fact]
    public void Proofs_of_every_index_and_size_verify_and_nothing_else_does()
    {
        var leaves = Leaves(33);
        for (var size = 1; size <= leaves.Count; size++)
        {
            var root = MerkleTree.Root(leaves.Take(size).ToList());
            for (var index = 0; index < size; index++)
            {
                var proof = MerkleTree.InclusionProof(leaves, index, size);
                MerkleTree.VerifyInclusion(leaves[index], index, size, proof, root).Should().BeTrue();
                MerkleTree.VerifyInclusion(leaves[index], index + 1, size, proof, root).Should().BeFalse();
                MerkleTree.VerifyInclusion(leaves[(index + 1) % leaves.Count], index, size, proof, root).Should().BeFalse();
                MerkleTree.VerifyInclusion(leaves[index], index, size, [.. proof, leaves[0]], root).Should().BeFalse();
                MerkleTree.VerifyInclusion(leaves[index], index, size, [.. proof.Skip(1)], root).Should().Be(proof.IsEmpty);
            }

            for (var first = 1; first <= size; first++)
            {
                var firstRoot = MerkleTree.Root(leaves.Take(first).ToList());
                var proof = MerkleTree.ConsistencyProof(leaves, first, size);
                MerkleTree.VerifyConsistency(first, size, proof, firstRoot, root).Should().BeTrue();
                MerkleTree.VerifyConsistency(first, size, [.. proof, leaves[0]], firstRoot, root).Should().BeFalse();
                MerkleTree.VerifyConsistency(first, size, proof, leaves[^1], root).Should().BeFalse();
                MerkleTree.VerifyConsistency(first, size, proof, firstRoot, leaves[^1]).Should().BeFalse();
            }
        }
    }

    [Fact]
    public void VerifyConsistency_from_the_empty_tree_proves_nothing_and_is_refused()
    {
        var leaves = Leaves(1);

        MerkleTree.VerifyConsistency(0, 1, [], MerkleTree.EmptyRoot, leaves[0]).Should().BeFalse();
        MerkleTree.VerifyConsistency(0, 0, [], MerkleTree.EmptyRoot, MerkleTree.EmptyRoot).Should().BeTrue();
        MerkleTree.VerifyConsistency(0, 0, [], leaves[0], leaves[0]).Should().BeFalse();
        MerkleTree.VerifyConsistency(-1, -1, [], leaves[0], leaves[0]).Should().BeFalse();
    }

    [Fact]
    public void VerifyConsistency_of_a_changed_past_is_refused() =>
        Gen.Select(Gen.Int[2, 40], Gen.Int[0, 1000], Gen.Int[0, 1000]).Sample((size, place, cut) =>
        {
            var leaves = Leaves(size);
            var changed = leaves.ToArray();
            var first = 1 + (cut % (size - 1));
            changed[place % first] = Digest.Of("changed"u8);

            MerkleTree.VerifyConsistency(
                first, size, MerkleTree.ConsistencyProof(changed, first, size), MerkleTree.Root(leaves.Take(first).ToList()), MerkleTree.Root(changed))
                .Should().BeFalse();
        });

    [Fact]
    public void CompactRange_has_the_root_of_the_whole_tree_after_every_leaf()
    {
        var range = CompactRange.Empty;
        range.Root.Should().Be(MerkleTree.EmptyRoot);
        var leaves = Leaves(70);
        for (var i = 0; i < leaves.Count; i++)
        {
            range = range.Append(leaves[i]);
            range.Size.Should().Be(i + 1);
            range.Root.Should().Be(Recursive(leaves, 0, i + 1));
        }
    }

    [Fact]
    public void CompactRange_is_not_changed_by_Append()
    {
        var range = CompactRange.Empty.Append(Digest.Of("a"u8));
        var root = range.Root;

        range.Append(Digest.Of("b"u8)).Root.Should().NotBe(root);

        range.Root.Should().Be(root);
    }

    [Fact]
    public void Root_of_the_published_tile_is_the_one_in_its_checkpoint()
    {
        byte[] tiles = [.. SharedVectors.Read("tlog", "tiles-300", "tile", "0", "000"), .. SharedVectors.Read("tlog", "tiles-300", "tile", "0", "001.p", "44")];
        var leaves = tiles.Chunk(Digest.Length).Select(hash => new Digest(hash)).ToList();
        var note = System.Text.Encoding.UTF8.GetString(SharedVectors.Read("tlog", "tiles-300", "checkpoint"));

        var checkpoint = SignedNote.Parse(note).Then(read => Checkpoint.Parse(read.Text)).Value;

        checkpoint.Size.Should().Be(300);
        MerkleTree.Root(leaves).Should().Be(checkpoint.Root);
        leaves.Should().Equal(Enumerable.Range(0, 300).Select(i => MerkleTree.LeafHash(System.Text.Encoding.ASCII.GetBytes($"record {i}"))));
    }

    /// <summary>The definition in RFC 9162 s.2.1.1, word by word.</summary>
    private static Digest Recursive(List<Digest> leaves, int start, int end)
    {
        if (end - start == 1)
        {
            return leaves[start];
        }

        var k = 1;
        while (k * 2 < end - start)
        {
            k *= 2;
        }

        return MerkleTree.NodeHash(Recursive(leaves, start, start + k), Recursive(leaves, start + k, end));
    }

    private static List<Digest> Leaves(int count) =>
        [.. Enumerable.Range(0, count).Select(i => MerkleTree.LeafHash(BitConverter.GetBytes(i)))];

    private static bool TrySize(JsonElement c, string name, out long size) => c.GetProperty(name).TryGetInt64(out size);

    private static bool TryHashes(JsonElement c, string name, out Digest[] hashes)
    {
        var value = c.GetProperty(name);
        byte[][] blobs = value.ValueKind switch
        {
            JsonValueKind.Array => [.. value.EnumerateArray().Select(hash => hash.GetBytesFromBase64())],
            JsonValueKind.Null => [],
            _ => [value.GetBytesFromBase64()],
        };
        hashes = blobs.All(blob => blob.Length == Digest.Length) ? [.. blobs.Select(blob => new Digest(blob))] : [];
        return hashes.Length == blobs.Length;
    }
}
