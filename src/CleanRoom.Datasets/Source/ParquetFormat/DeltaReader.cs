namespace CleanRoom.Datasets.Source.ParquetFormat;

/// <summary>Reads integers that are stored as differences. Spec: parquet Encodings, DELTA_BINARY_PACKED.</summary>
internal static class DeltaReader
{
    private const int LargestBlock = 1 << 20;

    /// <summary>Fills the destination.</summary>
    /// <param name="bytes">The encoded integers; others may follow. Trust: collaborator-controlled.</param>
    /// <param name="destination">Takes exactly as many integers as are there.</param>
    /// <param name="used">Gets the number of bytes that they took.</param>
    /// <returns>False if the bytes are not of this encoding, or hold another number of integers.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, Span<long> destination, out int used)
    {
        used = 0;
        if (!PackedBits.TryReadVarint(bytes, ref used, out var block)
            || !PackedBits.TryReadVarint(bytes, ref used, out var minis)
            || !PackedBits.TryReadVarint(bytes, ref used, out var count)
            || !TryReadZigZag(bytes, ref used, out var value)
            || block is 0 or > LargestBlock || minis == 0 || minis > block || block % minis != 0 || (block / minis) % 8 != 0
            || count != (ulong)destination.Length)
        {
            return false;
        }

        var perMini = (int)(block / minis);
        for (var done = 0; done < destination.Length;)
        {
            if (done == 0)
            {
                destination[done++] = value;
            }

            if (done < destination.Length && !TryReadBlock(bytes, ref used, destination, ref done, ref value, (int)minis, perMini))
            {
                return false;
            }
        }

        return true;
    }

    private static bool TryReadBlock(
        ReadOnlySpan<byte> bytes, ref int used, Span<long> destination, ref int done, ref long value, int minis, int perMini)
    {
        if (!TryReadZigZag(bytes, ref used, out var least) || minis > bytes.Length - used)
        {
            return false;
        }

        var widths = bytes.Slice(used, minis);
        used += minis;
        foreach (var width in widths)
        {
            // What follows the last integer has a width and no bytes.
            if (done == destination.Length)
            {
                break;
            }

            var length = (long)width * perMini / 8;
            if (width > 64 || length > bytes.Length - used)
            {
                return false;
            }

            var packed = bytes.Slice(used, (int)length);
            used += (int)length;
            for (var i = 0; i < perMini && done < destination.Length; i++)
            {
                if (!PackedBits.TryRead(packed, (long)i * width, width, out var delta))
                {
                    return false;
                }

                // Sums wrap as the format says.
                value = unchecked(value + least + (long)delta);
                destination[done++] = value;
            }
        }

        return true;
    }

    private static bool TryReadZigZag(ReadOnlySpan<byte> bytes, ref int at, out long value)
    {
        var isThere = PackedBits.TryReadVarint(bytes, ref at, out var zigZag);
        value = (long)(zigZag >> 1) ^ -(long)(zigZag & 1);
        return isThere;
    }
}
