using System.Numerics;

namespace CleanRoom.Privacy.History;

/// <summary>A set of unit numbers, compared by content. Immutable.</summary>
/// <remarks>
/// Shape: numbers are those of a dense numbering of the units of one domain and snapshot, 0 to 2^32 - 1, in containers of 2^16 numbers each.
/// What a set holds is secret; it is never printed. Bytes: <see cref="UnitSetCodec"/>. Spec: contracts/spec/0015 s.4.
/// </remarks>
public sealed partial class UnitSet : IEquatable<UnitSet>
{
    private readonly UnitContainer[] _containers;

    internal UnitSet(UnitContainer[] containers)
    {
        _containers = containers;
        foreach (var container in containers)
        {
            Cardinality += container.Cardinality;
        }
    }

    /// <summary>Gets the set without numbers.</summary>
    public static UnitSet Empty { get; } = new([]);

    /// <summary>Gets how many numbers there are.</summary>
    public long Cardinality { get; }

    /// <summary>Gets the largest number and one; 0 for the empty set.</summary>
    public long End => _containers is [.., var last] ? ((long)last.High << 16) + last.Last + 1 : 0;

    internal ReadOnlySpan<UnitContainer> Containers => _containers;

    /// <summary>Makes a set of numbers in any order, each as often as it likes.</summary>
    public static UnitSet Of(ReadOnlySpan<uint> numbers)
    {
        var builder = new UnitSetBuilder();
        foreach (var number in numbers)
        {
            builder.Add(number);
        }

        return builder.Build();
    }

    /// <summary>Makes the set of <paramref name="count"/> numbers from <paramref name="first"/> on.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The range is negative or goes beyond 2^32 - 1.</exception>
    public static UnitSet Range(uint first, long count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, (1L << 32) - first);
        var containers = new List<UnitContainer>();
        Span<ulong> words = stackalloc ulong[UnitContainer.Words];
        for (long at = first, end = first + count; at < end;)
        {
            var last = Math.Min(at | 0xFFFF, end - 1);
            words.Clear();
            UnitContainer.Fill(words, (ushort)at, (ushort)last);
            containers.Add(UnitContainer.Of((ushort)(at >> 16), words)!);
            at = last + 1;
        }

        return new([.. containers]);
    }

    /// <summary>Says whether a number is in the set.</summary>
    public bool Contains(uint number)
    {
        Span<ulong> words = stackalloc ulong[UnitContainer.Words];
        foreach (var container in _containers)
        {
            if (container.High == number >> 16)
            {
                container.CopyTo(words);
                return (words[(ushort)number >> 6] >> (int)number & 1) != 0;
            }
        }

        return false;
    }

    /// <summary>Returns the numbers, ascending.</summary>
    public uint[] ToArray()
    {
        var numbers = new uint[checked((int)Cardinality)];
        var next = 0;
        foreach (var number in this)
        {
            numbers[next++] = number;
        }

        return numbers;
    }

    /// <summary>Goes through the numbers, ascending.</summary>
    public UnitEnumerator GetEnumerator() => new(_containers);

    /// <inheritdoc/>
    public bool Equals(UnitSet? other)
    {
        if (other is null || other.Cardinality != Cardinality || other._containers.Length != _containers.Length)
        {
            return false;
        }

        for (var i = 0; i < _containers.Length; i++)
        {
            if (!_containers[i].SameAs(other._containers[i]))
            {
                return false;
            }
        }

        return true;
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as UnitSet);

    /// <inheritdoc/>
    public override int GetHashCode() => _containers is [var first, ..] ? HashCode.Combine(Cardinality, first.High, first.First) : 0;

    /// <inheritdoc/>
    public override string ToString() => "[redacted]";

    /// <summary>Orders sets for a batch: larger ones first, among equally large ones the one with the smallest number that the other has not.</summary>
    /// <returns>Negative when <paramref name="left"/> comes first; 0 only for equal sets.</returns>
    internal static int CompareOffers(UnitSet left, UnitSet right)
    {
        if (left.Cardinality != right.Cardinality)
        {
            return left.Cardinality > right.Cardinality ? -1 : 1;
        }

        Span<ulong> a = stackalloc ulong[UnitContainer.Words];
        Span<ulong> b = stackalloc ulong[UnitContainer.Words];
        for (var i = 0; i < left._containers.Length && i < right._containers.Length; i++)
        {
            var (x, y) = (left._containers[i], right._containers[i]);
            if (x.High != y.High)
            {
                return x.High < y.High ? -1 : 1;
            }

            x.CopyTo(a);
            y.CopyTo(b);
            var word = a.CommonPrefixLength(b);
            if (word < UnitContainer.Words)
            {
                var place = BitOperations.TrailingZeroCount(a[word] ^ b[word]);
                return (a[word] >> place & 1) != 0 ? -1 : 1;
            }
        }

        return 0;
    }
}
