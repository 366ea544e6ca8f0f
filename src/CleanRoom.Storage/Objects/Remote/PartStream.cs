using System.Runtime.InteropServices;

namespace CleanRoom.Storage.Objects.Remote;

/// <summary>A stream over bytes that are already in memory.</summary>
internal static class PartStream
{
    /// <summary>Returns a stream that reads the bytes where they are.</summary>
    public static MemoryStream Of(ReadOnlyMemory<byte> part) => MemoryMarshal.TryGetArray(part, out var array)
        ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false)
        : new MemoryStream(part.ToArray(), writable: false);
}
