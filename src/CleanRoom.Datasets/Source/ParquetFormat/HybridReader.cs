namespace CleanRoom.Datasets.Source.ParquetFormat;

/// <summary>Reads small integers from runs of equal and of packed ones. Spec: parquet Encodings, RLE / bit-packing hybrid.</summary>
/// <param name="bytes">The runs; a run may promise more than it holds. Trust: collaborator-controlled.</param>
/// <param name="width">Bits of an integer, 0 to 32.</param>
internal sealed class HybridReader(ReadOnlyMemory<byte> bytes, int width)
{
    private int _at;
    private uint _repeated;
    private ulong _repeats;
    private ulong _packed;
    private long _bit;

    /// <summary>Reads the next integer; false if there is none.</summary>
    public bool TryNext(out uint value)
    {
        while (_repeats == 0 && _packed == 0)
        {
            // Every run takes at least a byte, so that empty runs end with the bytes.
            if (!TryReadRun())
            {
                value = 0;
                return false;
            }
        }

        if (_repeats > 0)
        {
            _repeats--;
            value = _repeated;
            return true;
        }

        _packed--;
        var isThere = PackedBits.TryRead(bytes.Span, _bit, width, out var packed);
        _bit += width;
        value = (uint)packed;
        return isThere;
    }

    private bool TryReadRun()
    {
        if (!PackedBits.TryReadVarint(bytes.Span, ref _at, out var head) || head > uint.MaxValue)
        {
            return false;
        }

        if ((head & 1) == 1)
        {
            var groups = head >> 1;
            _packed = groups * 8;
            _bit = _at * 8L;

            // The last run may be cut short by writers that leave out the padding.
            _at += (int)Math.Min(groups * (ulong)width, (ulong)(bytes.Length - _at));
            return true;
        }

        _repeats = head >> 1;
        var length = (width + 7) / 8;
        if (length > bytes.Length - _at)
        {
            return false;
        }

        _repeated = 0;
        for (var i = 0; i < length; i++)
        {
            _repeated |= (uint)bytes.Span[_at + i] << (8 * i);
        }

        _at += length;
        return true;
    }
}
