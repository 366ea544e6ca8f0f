using System.Collections.Immutable;
using CleanRoom.Protocol.Ledger;

namespace CleanRoom.Protocol.Fold;

/// <summary>The Merkle log as far as it has been folded.</summary>
public sealed record LogState
{
    /// <summary>Gets the log without a row.</summary>
    public static LogState Empty { get; } = new();

    /// <summary>Gets the leaves in order.</summary>
    public ImmutableList<Digest> Leaves { get; private init; } = [];

    /// <summary>Gets the time of the newest row.</summary>
    public Timestamp LastTime { get; private init; }

    /// <summary>Gets the number of rows.</summary>
    public long Size => Leaves.Count;

    /// <summary>Gets the root over all rows.</summary>
    public Digest Root => RootAt(Size);

    /// <summary>Gets the newest leaf; all zeros before row 0.</summary>
    public Digest LastLeaf => Leaves.IsEmpty ? default : Leaves[^1];

    private ImmutableList<Digest> Roots { get; init; } = [];

    private CompactRange Range { get; init; } = CompactRange.Empty;

    /// <summary>Returns the root over the first rows.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The size is negative or above <see cref="Size"/>.</exception>
    public Digest RootAt(long size)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, Size);
        return size == 0 ? MerkleTree.Root([]) : Roots[(int)size - 1];
    }

    /// <summary>Says whether a checkpoint is of this log, now or earlier.</summary>
    public bool Holds(Checkpoint checkpoint)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        return checkpoint.Size <= Size && RootAt(checkpoint.Size) == checkpoint.Root;
    }

    internal LogState Append(Digest leaf, Timestamp time)
    {
        var range = Range.Append(leaf);
        return this with { Leaves = Leaves.Add(leaf), Range = range, Roots = Roots.Add(range.Root), LastTime = time };
    }
}
