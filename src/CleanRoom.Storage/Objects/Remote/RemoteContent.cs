using System.Runtime.InteropServices;

namespace CleanRoom.Storage.Objects.Remote;

/// <summary>Bytes on their way to a server and back.</summary>
internal static class RemoteContent
{
    /// <summary>Returns a stream that reads the bytes where they are.</summary>
    public static MemoryStream StreamOf(ReadOnlyMemory<byte> part) => MemoryMarshal.TryGetArray(part, out var array)
        ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false)
        : new MemoryStream(part.ToArray(), writable: false);

    /// <summary>Reads an answer to the length that it announced.</summary>
    /// <exception cref="StorageException">It ends before.</exception>
    public static async Task<int> ReadAsync(Stream answer, Memory<byte> destination, string key, CancellationToken cancellationToken)
    {
        var got = await answer.ReadAtLeastAsync(destination, destination.Length, throwOnEndOfStream: false, cancellationToken);
        return got == destination.Length
            ? got
            : throw new StorageException(StorageFailure.Failed, $"wanted the {destination.Length} bytes of {key} that were announced; got {got}", null);
    }
}
