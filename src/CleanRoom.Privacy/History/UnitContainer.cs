using System.Numerics;

namespace CleanRoom.Privacy.History;

/// <summary>How a container holds its numbers. The values are those of the encoding.</summary>
internal enum UnitForm
{
    None = 0,

    /// <summary>The numbers, ascending.</summary>
    Values = 1,

    /// <summary>One bit for each of the 65,536 numbers.</summary>
    Bitmap = 2,

    /// <summary>First and last number of each run, ascending, no two runs adjacent.</summary>
    Runs = 3,
}

/// <summary>The numbers of a set that share their high 16 bits; never empty, and always in the form that takes least.</summary>
/// <remarks>Forms as in Roaring bitmaps (Chambi, Lemire, Kaser, Godin 2016; Lemire, Ssi-Yan-Kai, Kaser 2016). Spec: contracts/spec/0015 s.4.</remarks>
internal sealed class UnitContainer
{
    /// <summary>Words of 64 bits in a bitmap.</summary>
    public const int Words = 1 << 10;

    private const int BitmapBytes = Words * sizeof(ulong);
    private readonly ushort[] _numbers;
    private readonly ulong[] _words;

    private UnitContainer(ushort high, UnitForm form, int cardinality, ushort[] numbers, ulong[] words) =>
        (High, Form, Cardinality, _numbers, _words) = (high, form, cardinality, numbers, words);

    /// <summary>Gets the high 16 bits of every number.</summary>
    public ushort High { get; }

    /// <summary>Gets the form: runs if they take least, else values if they take no more than a bitmap, else the bitmap.</summary>
    public UnitForm Form { get; }

    /// <summary>Gets how many numbers there are, 1 to 65,536.</summary>
    public int Cardinality { get; }

    /// <summary>Gets the values, or first and last of each run; empty for a bitmap.</summary>
    public ReadOnlySpan<ushort> Numbers => _numbers;

    /// <summary>Gets the smallest number, without its high bits.</summary>
    public ushort First => Form == UnitForm.Bitmap ? (ushort)Edge(_words.AsSpan().IndexOfAnyExcept(0UL), BitOperations.TrailingZeroCount) : _numbers[0];

    /// <summary>Gets the largest number, without its high bits.</summary>
    public ushort Last => Form == UnitForm.Bitmap
        ? (ushort)Edge(_words.AsSpan().LastIndexOfAnyExcept(0UL), static word => BitOperations.Log2(word))
        : _numbers[^1];

    /// <summary>Takes a bitmap of 1,024 words; null when it is empty.</summary>
    public static UnitContainer? Of(ushort high, ReadOnlySpan<ulong> words)
    {
        var (cardinality, runs, carry) = (0, 0, 0UL);
        foreach (var word in words)
        {
            cardinality += BitOperations.PopCount(word);
            runs += BitOperations.PopCount(word & ~((word << 1) | carry));
            carry = word >> 63;
        }

        if (cardinality == 0)
        {
            return null;
        }

        var valuesBytes = cardinality * sizeof(ushort);
        return runs * 2 * sizeof(ushort) < Math.Min(valuesBytes, BitmapBytes)
            ? new(high, UnitForm.Runs, cardinality, RunsOf(words, runs), [])
            : valuesBytes <= BitmapBytes
                ? new(high, UnitForm.Values, cardinality, ValuesOf(words, cardinality), [])
                : new(high, UnitForm.Bitmap, cardinality, [], words.ToArray());
    }

    /// <summary>Writes the bitmap.</summary>
    /// <param name="words">1,024 words; what they held is lost.</param>
    public void CopyTo(Span<ulong> words)
    {
        if (Form == UnitForm.Bitmap)
        {
            _words.CopyTo(words);
            return;
        }

        words.Clear();
        if (Form == UnitForm.Values)
        {
            foreach (var value in _numbers)
            {
                words[value >> 6] |= 1UL << value;
            }

            return;
        }

        for (var i = 0; i < _numbers.Length; i += 2)
        {
            Fill(words, _numbers[i], _numbers[i + 1]);
        }
    }

    /// <summary>Sets the bits from first to last.</summary>
    public static void Fill(Span<ulong> words, ushort first, ushort last)
    {
        var (from, to) = (first >> 6, last >> 6);
        var (head, tail) = (ulong.MaxValue << first, ulong.MaxValue >> (63 - (last & 63)));
        if (from == to)
        {
            words[from] |= head & tail;
            return;
        }

        words[from] |= head;
        words[(from + 1)..to].Fill(ulong.MaxValue);
        words[to] |= tail;
    }

    /// <summary>Compares by content: a set has one form, so that forms may be compared.</summary>
    public bool SameAs(UnitContainer other) => High == other.High
        && Form == other.Form
        && _numbers.AsSpan().SequenceEqual(other._numbers)
        && _words.AsSpan().SequenceEqual(other._words);

    private static ushort[] ValuesOf(ReadOnlySpan<ulong> words, int count)
    {
        var values = new ushort[count];
        var next = 0;
        for (var i = 0; i < words.Length; i++)
        {
            for (var word = words[i]; word != 0; word &= word - 1)
            {
                values[next++] = (ushort)((i << 6) + BitOperations.TrailingZeroCount(word));
            }
        }

        return values;
    }

    private static ushort[] RunsOf(ReadOnlySpan<ulong> words, int count)
    {
        var numbers = new ushort[count * 2];
        var (next, carry) = (0, 0UL);
        for (var i = 0; i < words.Length; i++)
        {
            // A run begins where a bit differs from the one before, and ends at the next such place.
            for (var edges = words[i] ^ ((words[i] << 1) | carry); edges != 0; edges &= edges - 1)
            {
                var place = (i << 6) + BitOperations.TrailingZeroCount(edges);
                numbers[next] = (ushort)((next & 1) == 0 ? place : place - 1);
                next++;
            }

            carry = words[i] >> 63;
        }

        if (next < numbers.Length)
        {
            numbers[next] = ushort.MaxValue;
        }

        return numbers;
    }

    private int Edge(int word, Func<ulong, int> bit) => (word << 6) + bit(_words[word]);
}
