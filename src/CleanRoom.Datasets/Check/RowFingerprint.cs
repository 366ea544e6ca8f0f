using System.Collections.Immutable;

namespace CleanRoom.Datasets.Check;

/// <summary>Maps a whole row to 127 bits. Rows with equal values have equal fingerprints, whatever their text was.</summary>
/// <remarks>
/// A sum of products with random numbers, three for each column: rows whose 128 bits of some column differ, or one of which is NULL there, meet with a
/// probability of 2^-127, whatever they are, as long as the numbers are drawn after them. Safe for concurrent calls. Spec: contracts/spec/0007 s.5.
/// </remarks>
internal sealed class RowFingerprint(int columns)
{
    private readonly ImmutableArray<(FieldKey Low, FieldKey High, UInt128 Null)> _keys =
        [.. Enumerable.Range(0, columns).Select(_ => (FieldKey.Draw(), FieldKey.Draw(), FieldKey.Draw().Multiply(1UL)))];

    /// <summary>Takes a cell of a row.</summary>
    /// <param name="sum">0 before the first cell of a row.</param>
    /// <param name="column">The column's place.</param>
    /// <param name="isNull">True for NULL.</param>
    /// <param name="key">The 128 bits of another value.</param>
    public void Add(ref UInt128 sum, int column, bool isNull, UInt128 key)
    {
        ref readonly var keys = ref _keys.ItemRef(column);
        if (isNull)
        {
            sum = PrimeField.Add(sum, keys.Null);
            return;
        }

        sum = PrimeField.Add(sum, keys.Low.Multiply((ulong)key));
        if (key >> 64 is var high && high != 0)
        {
            sum = PrimeField.Add(sum, keys.High.Multiply((ulong)high));
        }
    }

    /// <summary>Returns the fingerprint of a row whose cells were all taken.</summary>
    public static UInt128 Finish(UInt128 sum) => PrimeField.Canonical(sum);
}
