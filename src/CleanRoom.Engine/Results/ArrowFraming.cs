using System.Buffers.Binary;

namespace CleanRoom.Engine.Results;

/// <summary>Checks an Arrow IPC stream before a general reader sees it.</summary>
/// <remarks>
/// A schema may nest as deep as its bytes allow and is read recursively: a large one from a hostile engine could exhaust the node's stack,
/// which no handler catches. A flat schema of 1,024 columns fits the bound with room to spare. Spec: Arrow columnar format, IPC streaming.
/// </remarks>
internal static class ArrowFraming
{
    /// <summary>The longest schema message.</summary>
    public const int MaxSchemaBytes = 262_144;

    private const uint Continuation = 0xffff_ffff;
    private const int HeadBytes = 8;

    /// <summary>Says whether the stream starts with a schema message within the bound.</summary>
    public static bool IsBounded(ReadOnlySpan<byte> stream)
    {
        if (stream.Length < HeadBytes || BinaryPrimitives.ReadUInt32LittleEndian(stream) != Continuation)
        {
            return false;
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(stream[sizeof(uint)..]);
        return length is > 0 and <= MaxSchemaBytes && length <= stream.Length - HeadBytes;
    }
}
