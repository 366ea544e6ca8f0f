using System.Buffers;

namespace CleanRoom.Engine.ParquetFormat;

/// <summary>Writes the two values of the Thrift compact protocol that differ when a file has fewer row groups. Spec: Apache Thrift, thrift-compact-protocol.md.</summary>
internal static class ThriftCompactWriter
{
    private const int LongFormCount = 15;

    /// <summary>Writes a zigzag integer.</summary>
    public static void WriteInteger(IBufferWriter<byte> writer, long value) => WriteVarint(writer, (ulong)((value << 1) ^ (value >> 63)));

    /// <summary>Writes the header of a list.</summary>
    public static void WriteList(IBufferWriter<byte> writer, int count, ThriftType elementType)
    {
        writer.Write([(byte)((Math.Min(count, LongFormCount) << 4) | (int)elementType)]);
        if (count >= LongFormCount)
        {
            WriteVarint(writer, (ulong)count);
        }
    }

    private static void WriteVarint(IBufferWriter<byte> writer, ulong value)
    {
        for (; value > 0x7f; value >>= 7)
        {
            writer.Write([(byte)(value | 0x80)]);
        }

        writer.Write([(byte)value]);
    }
}
