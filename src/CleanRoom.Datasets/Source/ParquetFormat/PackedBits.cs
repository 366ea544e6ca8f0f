namespace CleanRoom.Datasets.Source.ParquetFormat;

/// <summary>Integers packed without gaps, least significant bit first. Spec: parquet Encodings, bit packing.</summary>
internal static class PackedBits
{
    /// <summary>Reads one integer.</summary>
    /// <param name="bytes">The packed bytes.</param>
    /// <param name="bit">Where the integer begins.</param>
    /// <param name="width">Its bits, 0 to 64.</param>
    /// <param name="value">Gets the integer.</param>
    /// <returns>False if it does not end within the bytes.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, long bit, int width, out ulong value)
    {
        value = 0;
        if (bit + width > bytes.Length * 8L)
        {
            return false;
        }

        for (var done = 0; done < width;)
        {
            var (at, shift) = ((int)((bit + done) >> 3), (int)((bit + done) & 7));
            var taken = Math.Min(8 - shift, width - done);
            value |= ((ulong)(bytes[at] >> shift) & ((1UL << taken) - 1)) << done;
            done += taken;
        }

        return true;
    }

    /// <summary>Reads an unsigned LEB128 integer of at most 64 bits and moves past it; false if there is none.</summary>
    public static bool TryReadVarint(ReadOnlySpan<byte> bytes, ref int at, out ulong value)
    {
        value = 0;
        for (var shift = 0; shift < 64 && at < bytes.Length; shift += 7)
        {
            var part = bytes[at++];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
            {
                return true;
            }
        }

        return false;
    }
}
