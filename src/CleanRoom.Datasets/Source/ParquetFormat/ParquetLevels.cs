using System.Buffers.Binary;

namespace CleanRoom.Datasets.Source.ParquetFormat;

/// <summary>Definition levels of a flat column: 1 for a value, 0 for NULL.</summary>
internal static class ParquetLevels
{
    /// <summary>Cuts off runs that begin with their length in 4 bytes; false if they are not all there.</summary>
    public static bool TryTake(ref ReadOnlyMemory<byte> bytes, out ReadOnlyMemory<byte> runs)
    {
        runs = default;
        if (bytes.Length < sizeof(int) || BinaryPrimitives.ReadUInt32LittleEndian(bytes.Span) is var length && length > (uint)(bytes.Length - sizeof(int)))
        {
            return false;
        }

        runs = bytes.Slice(sizeof(int), (int)length);
        bytes = bytes[(sizeof(int) + (int)length)..];
        return true;
    }

    /// <summary>Fills the destination with zeros and ones; false if there are too few.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> runs, Span<byte> destination)
    {
        var reader = new HybridReader(runs, width: 1);
        foreach (ref var level in destination)
        {
            if (!reader.TryNext(out var value) || value > 1)
            {
                return false;
            }

            level = (byte)value;
        }

        return true;
    }
}
