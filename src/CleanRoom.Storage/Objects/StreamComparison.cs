using System.Buffers;

namespace CleanRoom.Storage.Objects;

/// <summary>Compares content without holding it in memory.</summary>
internal static class StreamComparison
{
    private const int BufferBytes = 81_920;

    /// <summary>Returns a value that says whether both streams hold the same bytes from their positions to their ends.</summary>
    public static async Task<bool> SameBytesAsync(Stream left, Stream right, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(2 * BufferBytes);
        try
        {
            var (a, b) = (buffer.AsMemory(0, BufferBytes), buffer.AsMemory(BufferBytes, BufferBytes));
            while (true)
            {
                var gotA = await left.ReadAtLeastAsync(a, BufferBytes, throwOnEndOfStream: false, cancellationToken);
                var gotB = await right.ReadAtLeastAsync(b, BufferBytes, throwOnEndOfStream: false, cancellationToken);
                if (gotA != gotB || !a.Span[..gotA].SequenceEqual(b.Span[..gotB]))
                {
                    return false;
                }

                if (gotA < BufferBytes)
                {
                    return true;
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
