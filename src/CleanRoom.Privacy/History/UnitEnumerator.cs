using System.Numerics;

namespace CleanRoom.Privacy.History;

/// <summary>Goes through the numbers of a <see cref="UnitSet"/>, ascending.</summary>
public ref struct UnitEnumerator
{
    private readonly ulong[] _words = new ulong[UnitContainer.Words];
    private ReadOnlySpan<UnitContainer> _left;
    private uint _high;
    private int _word = UnitContainer.Words;
    private ulong _bits;

    internal UnitEnumerator(ReadOnlySpan<UnitContainer> containers) => _left = containers;

    /// <summary>Gets the number at hand.</summary>
    public uint Current { get; private set; }

    /// <summary>Goes to the next number; false when there is none.</summary>
    public bool MoveNext()
    {
        while (_bits == 0)
        {
            if (++_word >= UnitContainer.Words)
            {
                if (_left.IsEmpty)
                {
                    return false;
                }

                _left[0].CopyTo(_words);
                (_high, _word) = ((uint)_left[0].High << 16, 0);
                _left = _left[1..];
            }

            _bits = _words[_word];
        }

        Current = _high + (uint)((_word << 6) + BitOperations.TrailingZeroCount(_bits));
        _bits &= _bits - 1;
        return true;
    }
}
