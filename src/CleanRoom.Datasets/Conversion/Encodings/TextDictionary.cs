using System.Buffers.Binary;
using CleanRoom.Datasets.Check;

namespace CleanRoom.Datasets.Conversion.Encodings;

/// <summary>The different texts of a column chunk in the order in which they come first, and which of them each value is.</summary>
/// <remarks>Places in its table are by keyed hashes, since texts are collaborator-controlled; the outcome does not depend on them. For reuse, by one thread.</remarks>
internal sealed class TextDictionary
{
    /// <summary>The most texts.</summary>
    public const int MostTexts = 1 << 14;

    private const int Places = 4 * MostTexts;

    private readonly CellKeyer _keyer = new();
    private readonly KeyPlaces _places = KeyPlaces.Draw();
    private readonly int[] _table = new int[Places]; // One more than the number of a text; 0 for none.
    private readonly UInt128[] _keys = new UInt128[MostTexts];
    private readonly (int Offset, int Length)[] _texts = new (int Offset, int Length)[MostTexts];
    private int[] _indexes = [];
    private int _values;

    /// <summary>Gets the number of texts.</summary>
    public int Count { get; private set; }

    /// <summary>Gets the bytes of the texts in the plain encoding.</summary>
    public int Bytes { get; private set; }

    /// <summary>Gets the number of the text of each value.</summary>
    public ReadOnlySpan<int> Indexes => _indexes.AsSpan(0, _values);

    /// <summary>Reads a chunk's values.</summary>
    /// <param name="values">Texts in the plain encoding.</param>
    /// <returns>False when they are too many different ones for a dictionary to be worth it.</returns>
    public bool TryRead(ReadOnlySpan<byte> values)
    {
        Clear();
        for (var at = 0; at < values.Length;)
        {
            var length = sizeof(int) + BinaryPrimitives.ReadInt32LittleEndian(values[at..]);
            var index = Find(values, at, length);
            if (index < 0)
            {
                return false;
            }

            if (_values == _indexes.Length)
            {
                Array.Resize(ref _indexes, Math.Max(1_024, 2 * _values));
            }

            _indexes[_values++] = index;
            at += length;
        }

        return Bytes + HybridWriter.MostBytes(_values, HybridWriter.BitsOf(Count - 1)) <= values.Length / 2;
    }

    /// <summary>Copies the texts in the plain encoding.</summary>
    /// <param name="values">What was read.</param>
    /// <param name="output">Takes <see cref="Bytes"/>.</param>
    public void Write(ReadOnlySpan<byte> values, Span<byte> output)
    {
        foreach (var (offset, length) in _texts.AsSpan(0, Count))
        {
            values.Slice(offset, length).CopyTo(output);
            output = output[length..];
        }
    }

    /// <summary>Forgets what was read.</summary>
    public void Clear()
    {
        Array.Clear(_table);
        _keys.AsSpan(0, Count).Clear();
        _indexes.AsSpan(0, _values).Clear();
        (Count, Bytes, _values) = (0, 0, 0);
    }

    private int Find(ReadOnlySpan<byte> values, int offset, int length)
    {
        var text = values.Slice(offset, length);
        var key = _keyer.Hash(text[sizeof(int)..]);
        var place = (int)(_places.HashOf((ulong)key, (ulong)(key >> 64)) >> 32) & (Places - 1);
        for (; _table[place] > 0; place = (place + 1) & (Places - 1))
        {
            var found = _table[place] - 1;
            if (_keys[found] == key && values.Slice(_texts[found].Offset, _texts[found].Length).SequenceEqual(text))
            {
                return found;
            }
        }

        if (Count == MostTexts)
        {
            return -1;
        }

        _table[place] = Count + 1;
        _keys[Count] = key;
        _texts[Count] = (offset, length);
        Bytes += length;
        return Count++;
    }
}
