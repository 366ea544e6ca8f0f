namespace CleanRoom.Cryptography.Streams;

/// <summary>Sealed bytes in memory.</summary>
public sealed class MemorySealedSource(ReadOnlyMemory<byte> bytes) : ISealedSource
{
    /// <inheritdoc/>
    public long Length => bytes.Length;

    /// <inheritdoc/>
    public ValueTask ReadAsync(long offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        bytes.Slice(checked((int)offset), destination.Length).CopyTo(destination);
        return ValueTask.CompletedTask;
    }
}
