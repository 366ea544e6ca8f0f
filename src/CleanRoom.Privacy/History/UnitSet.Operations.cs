using System.Numerics;

namespace CleanRoom.Privacy.History;

/// <content>Operations on two sets.</content>
public sealed partial class UnitSet
{
    private enum Operation
    {
        And,
        Or,
        Xor,
        AndNot,
    }

    /// <summary>Returns the numbers that are in both.</summary>
    public UnitSet And(UnitSet other) => Combine(other, Operation.And);

    /// <summary>Returns the numbers that are in one or both.</summary>
    public UnitSet Or(UnitSet other) => Combine(other, Operation.Or);

    /// <summary>Returns the numbers that are in exactly one.</summary>
    public UnitSet Xor(UnitSet other) => Combine(other, Operation.Xor);

    /// <summary>Returns the numbers of this set that the other has not.</summary>
    public UnitSet AndNot(UnitSet other) => Combine(other, Operation.AndNot);

    /// <summary>Counts the numbers that are in exactly one of the sets, as far as a bound.</summary>
    /// <param name="bound">At least 1. Counting stops when it is reached.</param>
    /// <returns>The number if it is below the bound, else the bound.</returns>
    public long SymmetricDifference(UnitSet other, long bound)
    {
        ArgumentNullException.ThrowIfNull(other);
        ArgumentOutOfRangeException.ThrowIfLessThan(bound, 1);
        Span<ulong> a = stackalloc ulong[UnitContainer.Words];
        Span<ulong> b = stackalloc ulong[UnitContainer.Words];
        var count = 0L;
        foreach (var (left, right) in new ContainerPairs(_containers, other._containers))
        {
            if (left is null || right is null)
            {
                count += (left ?? right)!.Cardinality;
            }
            else
            {
                left.CopyTo(a);
                right.CopyTo(b);
                for (var i = 0; i < a.Length; i++)
                {
                    count += BitOperations.PopCount(a[i] ^ b[i]);
                }
            }

            if (count >= bound)
            {
                return bound;
            }
        }

        return count;
    }

    private static void Apply(Operation operation, Span<ulong> target, ReadOnlySpan<ulong> other)
    {
        for (var i = 0; i < target.Length; i++)
        {
            target[i] = operation switch
            {
                Operation.And => target[i] & other[i],
                Operation.Or => target[i] | other[i],
                Operation.Xor => target[i] ^ other[i],
                _ => target[i] & ~other[i],
            };
        }
    }

    private UnitSet Combine(UnitSet other, Operation operation)
    {
        ArgumentNullException.ThrowIfNull(other);
        Span<ulong> a = stackalloc ulong[UnitContainer.Words];
        Span<ulong> b = stackalloc ulong[UnitContainer.Words];
        var containers = new List<UnitContainer>();
        foreach (var (left, right) in new ContainerPairs(_containers, other._containers))
        {
            if (left is not null && right is not null)
            {
                left.CopyTo(a);
                right.CopyTo(b);
                Apply(operation, a, b);
                if (UnitContainer.Of(left.High, a) is { } combined)
                {
                    containers.Add(combined);
                }
            }
            else if (left is not null ? operation != Operation.And : operation is Operation.Or or Operation.Xor)
            {
                containers.Add((left ?? right)!);
            }
        }

        return new([.. containers]);
    }

    /// <summary>Walks two ascending lists of containers side by side; a side is null where it has none with the other's high bits.</summary>
    private ref struct ContainerPairs(ReadOnlySpan<UnitContainer> left, ReadOnlySpan<UnitContainer> right)
    {
        private ReadOnlySpan<UnitContainer> _left = left;
        private ReadOnlySpan<UnitContainer> _right = right;

        public (UnitContainer? Left, UnitContainer? Right) Current { get; private set; }

        public readonly ContainerPairs GetEnumerator() => this;

        public bool MoveNext()
        {
            if (_left.IsEmpty && _right.IsEmpty)
            {
                return false;
            }

            var order = _left.IsEmpty ? 1 : _right.IsEmpty ? -1 : _left[0].High.CompareTo(_right[0].High);
            Current = (order <= 0 ? _left[0] : null, order >= 0 ? _right[0] : null);
            _left = order <= 0 ? _left[1..] : _left;
            _right = order >= 0 ? _right[1..] : _right;
            return true;
        }
    }
}
