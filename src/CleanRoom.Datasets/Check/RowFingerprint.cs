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

    /// <summary>Takes a NULL.</summary>
    /// <param name="sum">0 before the first cell of a row.</param>
    /// <param name="column">The column's place.</param>
    public void AddNull(ref UInt128 sum, int column) => sum = PrimeField.Add(sum, _keys[column].Null);

    /// <summary>Takes a value of 64 bits.</summary>
    public void Add(ref UInt128 sum, int column, ulong key) => sum = PrimeField.Add(sum, _keys.ItemRef(column).Low.Multiply(key));

    /// <summary>Takes a value of 128 bits.</summary>
    public void Add(ref UInt128 sum, int column, UInt128 key)
    {
        ref readonly var keys = ref _keys.ItemRef(column);
        sum = PrimeField.Add(sum, keys.Low.Multiply((ulong)key));
        if ((ulong)(key >> 64) is var high and not 0)
        {
            sum = PrimeField.Add(sum, keys.High.Multiply(high));
        }
    }

    /// <summary>Returns the fingerprint of a row whose cells were all taken.</summary>
    public static UInt128 Finish(UInt128 sum) => PrimeField.Canonical(sum);
}
