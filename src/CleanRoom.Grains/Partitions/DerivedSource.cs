using CleanRoom.Cryptography.Streams;
using CleanRoom.Protocol;

namespace CleanRoom.Grains.Partitions;

/// <summary>A derived object as the engine's loader reads it.</summary>
internal sealed class DerivedSource(Stream stored, SealedStreamReader reader) : Engine.Loading.ISealedSource, IAsyncDisposable
{
    /// <inheritdoc/>
    public long PlaintextLength => reader.PlaintextLength;

    /// <inheritdoc/>
    public ValueTask<Refusal?> ReadAsync(long offset, Memory<byte> destination, CancellationToken cancellationToken) =>
        reader.ReadAsync(offset, destination, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        reader.Dispose();
        await stored.DisposeAsync();
    }
}
