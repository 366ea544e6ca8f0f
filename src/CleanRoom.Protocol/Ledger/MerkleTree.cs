using System.Collections.Immutable;
using System.Numerics;
using System.Security.Cryptography;

namespace CleanRoom.Protocol.Ledger;

/// <summary>The Merkle tree of a ledger: roots, proofs and their verification.</summary>
/// <remarks>Pure. Spec: RFC 9162 s.2.1 (hashing as in RFC 6962); contracts/spec/0005 s.4.</remarks>
public static class MerkleTree
{
    private const byte LeafPrefix = 0x00;
    private const byte NodePrefix = 0x01;

    /// <summary>Gets the root of the tree without leaves: SHA-256 of no bytes.</summary>
    public static Digest EmptyRoot { get; } = Digest.Of([]);

    /// <summary>Returns SHA-256(0x00 || row).</summary>
    public static Digest LeafHash(ReadOnlySpan<byte> row)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData([LeafPrefix]);
        hash.AppendData(row);
        Span<byte> result = stackalloc byte[Digest.Length];
        hash.GetHashAndReset(result);
        return new Digest(result);
    }

    /// <summary>Returns SHA-256(0x01 || left || right).</summary>
    public static Digest NodeHash(Digest left, Digest right)
    {
        Span<byte> node = stackalloc byte[1 + (2 * Digest.Length)];
        node[0] = NodePrefix;
        left.CopyTo(node[1..]);
        right.CopyTo(node[(1 + Digest.Length)..]);
        return Digest.Of(node);
    }

    /// <summary>Returns the root over all leaves.</summary>
    public static Digest Root(IReadOnlyList<Digest> leaves) => RootOf(leaves, 0, leaves.Count);

    /// <summary>Returns the proof that the leaf at <paramref name="index"/> is in the tree of the first <paramref name="size"/> leaves.</summary>
    /// <returns>Sibling hashes from the leaf up; contracts/spec/0005 s.4.1.</returns>
    /// <exception cref="ArgumentOutOfRangeException">Not 0 &lt;= index &lt; size &lt;= number of leaves.</exception>
    public static ImmutableArray<Digest> InclusionProof(IReadOnlyList<Digest> leaves, long index, long size)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, leaves.Count);
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, size);

        var proof = ImmutableArray.CreateBuilder<Digest>();
        var (start, end) = (0L, size);
        while (end - start > 1)
        {
            var middle = start + LargestPowerBelow(end - start);
            if (index < middle)
            {
                proof.Add(RootOf(leaves, middle, end));
                end = middle;
            }
            else
            {
                proof.Add(RootOf(leaves, start, middle));
                start = middle;
            }
        }

        proof.Reverse();
        return proof.DrainToImmutable();
    }

    /// <summary>Returns the proof that the tree of <paramref name="second"/> leaves goes on from the tree of <paramref name="first"/> leaves.</summary>
    /// <returns>Hashes in the order of RFC 9162 s.2.1.4.1; empty when both sizes are equal.</returns>
    /// <exception cref="ArgumentOutOfRangeException">Not 0 &lt; first &lt;= second &lt;= number of leaves.</exception>
    public static ImmutableArray<Digest> ConsistencyProof(IReadOnlyList<Digest> leaves, long first, long second)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(second, leaves.Count);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(first);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first, second);

        var proof = ImmutableArray.CreateBuilder<Digest>();
        var (start, end) = (0L, second);

        // Down to the smallest subtree that ends where the first tree ends.
        while (first != end)
        {
            var middle = start + LargestPowerBelow(end - start);
            if (first <= middle)
            {
                proof.Add(RootOf(leaves, middle, end));
                end = middle;
            }
            else
            {
                proof.Add(RootOf(leaves, start, middle));
                start = middle;
            }
        }

        // A subtree that starts at 0 is the whole first tree, whose root the verifier has.
        if (start > 0)
        {
            proof.Add(RootOf(leaves, start, end));
        }

        proof.Reverse();
        return proof.DrainToImmutable();
    }

    /// <summary>Checks an inclusion proof.</summary>
    /// <param name="leaf">Leaf hash.</param>
    /// <param name="index">Place of the leaf, from 0.</param>
    /// <param name="size">Number of leaves of the tree.</param>
    /// <param name="proof">Trust: attacker-controlled.</param>
    /// <param name="root">From a verified checkpoint of that size.</param>
    /// <remarks>Spec: RFC 9162 s.2.1.3.2.</remarks>
    public static bool VerifyInclusion(Digest leaf, long index, long size, IReadOnlyList<Digest> proof, Digest root)
    {
        if (index < 0 || index >= size)
        {
            return false;
        }

        var (node, last) = (index, size - 1);
        var hash = leaf;
        foreach (var sibling in proof)
        {
            if (last == 0)
            {
                return false;
            }

            if ((node & 1) == 1 || node == last)
            {
                hash = NodeHash(sibling, hash);
                (node, last) = SkipRightEdge(node, last);
            }
            else
            {
                hash = NodeHash(hash, sibling);
            }

            (node, last) = (node >> 1, last >> 1);
        }

        return last == 0 && hash == root;
    }

    /// <summary>Checks a consistency proof.</summary>
    /// <param name="first">Size of the older tree, from 1; 0 only together with <paramref name="second"/> 0.</param>
    /// <param name="second">Size of the newer tree.</param>
    /// <param name="proof">Trust: attacker-controlled.</param>
    /// <param name="firstRoot">From a verified checkpoint of size <paramref name="first"/>.</param>
    /// <param name="secondRoot">From a verified checkpoint of size <paramref name="second"/>.</param>
    /// <remarks>Spec: RFC 9162 s.2.1.4.2.</remarks>
    public static bool VerifyConsistency(long first, long second, IReadOnlyList<Digest> proof, Digest firstRoot, Digest secondRoot)
    {
        if (first == second)
        {
            return first >= 0 && proof.Count == 0 && firstRoot == secondRoot && (first > 0 || firstRoot == EmptyRoot);
        }

        // Every tree goes on from the empty one, so a proof from 0 would prove nothing and is refused.
        if (first <= 0 || first > second || proof.Count == 0)
        {
            return false;
        }

        var (node, last) = (first - 1, second - 1);
        var shift = BitOperations.TrailingZeroCount(~node);
        (node, last) = (node >> shift, last >> shift);

        var isFirstComplete = BitOperations.IsPow2(first);
        var (firstHash, secondHash) = isFirstComplete ? (firstRoot, firstRoot) : (proof[0], proof[0]);
        for (var i = isFirstComplete ? 0 : 1; i < proof.Count; i++)
        {
            if (last == 0)
            {
                return false;
            }

            if ((node & 1) == 1 || node == last)
            {
                firstHash = NodeHash(proof[i], firstHash);
                secondHash = NodeHash(proof[i], secondHash);
                (node, last) = SkipRightEdge(node, last);
            }
            else
            {
                secondHash = NodeHash(secondHash, proof[i]);
            }

            (node, last) = (node >> 1, last >> 1);
        }

        return last == 0 && firstHash == firstRoot && secondHash == secondRoot;
    }

    /// <remarks>On the right edge a node without a sibling moves up unchanged: RFC 9162 s.2.1.3.2 step 4.b.ii.</remarks>
    private static (long Node, long Last) SkipRightEdge(long node, long last)
    {
        while ((node & 1) == 0 && node != 0)
        {
            (node, last) = (node >> 1, last >> 1);
        }

        return (node, last);
    }

    private static Digest RootOf(IReadOnlyList<Digest> leaves, long start, long end)
    {
        var range = CompactRange.Empty;
        for (var i = start; i < end; i++)
        {
            range = range.Append(leaves[checked((int)i)]);
        }

        return range.Root;
    }

    private static long LargestPowerBelow(long size) => 1L << BitOperations.Log2((ulong)(size - 1));
}
