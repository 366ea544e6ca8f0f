using System.Collections.Immutable;

namespace CleanRoom.Protocol.Ledger;

/// <summary>A tree that remembers only the roots of its complete subtrees, so that leaves can be appended without the rows before.</summary>
/// <remarks>Immutable, as a fold needs it: at most 63 hashes. Spec: RFC 9162 s.2.1; contracts/spec/0005 s.4.</remarks>
public sealed class CompactRange
{
    /// <summary>Roots of complete subtrees from the largest, leftmost one; one for each set bit of <see cref="Size"/>.</summary>
    private readonly ImmutableArray<Digest> _subtrees;

    private CompactRange(long size, ImmutableArray<Digest> subtrees) => (Size, _subtrees) = (size, subtrees);

    /// <summary>Gets the tree without leaves.</summary>
    public static CompactRange Empty { get; } = new(0, []);

    /// <summary>Gets the number of leaves.</summary>
    public long Size { get; }

    /// <summary>Gets the root over all leaves.</summary>
    public Digest Root
    {
        get
        {
            if (_subtrees.IsEmpty)
            {
                return MerkleTree.EmptyRoot;
            }

            var root = _subtrees[^1];
            for (var i = _subtrees.Length - 2; i >= 0; i--)
            {
                root = MerkleTree.NodeHash(_subtrees[i], root);
            }

            return root;
        }
    }

    /// <summary>Returns the tree with one more leaf, in O(log n).</summary>
    /// <param name="leaf">Leaf hash.</param>
    public CompactRange Append(Digest leaf)
    {
        var kept = _subtrees.Length;
        var subtree = leaf;

        // As in binary counting: every trailing one bit of the size is a subtree that is now completed into a larger one.
        for (var bits = Size; (bits & 1) == 1; bits >>= 1)
        {
            kept--;
            subtree = MerkleTree.NodeHash(_subtrees[kept], subtree);
        }

        return new CompactRange(checked(Size + 1), [.. _subtrees.AsSpan(0, kept), subtree]);
    }
}
