namespace CleanRoom.Cryptography.Streams;

/// <summary>Sealed bytes in a seekable stream, which it does not close. Not safe for concurrent calls.</summary>
public sealed class StreamSealedSource(Stream stream) : ISealedSource
{
    /// <inheritdoc/>
    public long Length { get; } = stream.Length;

    /// <inheritdoc/>
    public async ValueTask ReadAsync(long offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        stream.Seek(offset, SeekOrigin.Begin);
        await stream.ReadExactlyAsync(destination, cancellationToken);
    }
}
