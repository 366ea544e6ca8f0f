using System.Collections.Immutable;
using CleanRoom.Cryptography;
using CleanRoom.Cryptography.Sealing;
using CleanRoom.Protocol.Documents;
using CleanRoom.Storage;
using CleanRoom.Storage.Objects;

namespace CleanRoom.Grains.Datasets;

/// <summary>Seals and stores the derived objects of all partitions of a version at once.</summary>
internal sealed class PartitionWriter
{
    /// <summary>How far the writers of all partitions may be ahead of the sealing, and this of the store, in bytes.</summary>
    private const int AheadBytes = 32 << 20;

    private const int MostAheadBytes = 4 << 20;

    private readonly TaskCompletionSource<bool> _decided = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stop;
    private readonly TaskCompletionSource<Stream>[] _opened;
    private readonly Task<DerivedObject?>[] _stored;
    private readonly IObjectStore _objects;

    private PartitionWriter(IObjectStore objects, CancellationTokenSource stop, int count, Func<int, Func<Stream, CancellationToken, Task<bool>>, Task<DerivedObject?>> store)
    {
        (_objects, _stop) = (objects, stop);
        _opened = [.. Enumerable.Range(0, count).Select(_ => new TaskCompletionSource<Stream>(TaskCreationOptions.RunContinuationsAsynchronously))];
        _stored = [.. Enumerable.Range(0, count).Select(partition => StopOthersAsync(store(partition, (stream, stopped) => HoldAsync(partition, stream, stopped))))];
    }

    /// <summary>Stores one derived object for each partition.</summary>
    /// <param name="backend">Does the encryption.</param>
    /// <param name="objects">Where they go.</param>
    /// <param name="storageKey">32 bytes.</param>
    /// <param name="positions">What each is bound to, in the order of the partitions; at least one.</param>
    /// <param name="writeAsync">Writes the plaintexts to as many streams; false discards everything.</param>
    /// <param name="cancellationToken">Stops; nothing is stored then.</param>
    /// <returns>The objects, durable in the store; empty when they were discarded.</returns>
    /// <exception cref="StorageException">The store did not take one; none is left of the others.</exception>
    public static async Task<ImmutableArray<DerivedObject>> WriteAsync(
        ICryptoBackend backend,
        IObjectStore objects,
        SecretBytes storageKey,
        ImmutableArray<DerivedPosition> positions,
        Func<ImmutableArray<Stream>, CancellationToken, Task<bool>> writeAsync,
        CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var writer = new PartitionWriter(objects, stop, positions.Length, (partition, hold) => DerivedObjectWriter.WriteAsync(
            backend, objects, storageKey, positions[partition], Math.Min(MostAheadBytes, AheadBytes / positions.Length), hold, stop.Token));
        return await writer.RunAsync(writeAsync);
    }

    private async Task<ImmutableArray<DerivedObject>> RunAsync(Func<ImmutableArray<Stream>, CancellationToken, Task<bool>> writeAsync)
    {
        var writing = WriteAsync(writeAsync);
        try
        {
            return [.. (await Task.WhenAll(_stored)).OfType<DerivedObject>()];
        }
        catch
        {
            await DiscardAsync();

            // A store that fails stops the others and breaks the stream that is written to: what it says is the cause. If none did, it is the writer.
            if (!_stored.Any(stored => stored.IsFaulted))
            {
                await writing;
            }

            throw;
        }
    }

    private async Task WriteAsync(Func<ImmutableArray<Stream>, CancellationToken, Task<bool>> writeAsync)
    {
        try
        {
            // A writer that fails before it opens its stream would be waited for in vain.
            var streams = await Task.WhenAll(_opened.Select(opened => opened.Task.WaitAsync(_stop.Token)));
            _decided.SetResult(await writeAsync([.. streams], _stop.Token));
        }
        catch (Exception exception)
        {
            _decided.SetException(exception);
            await _stop.CancelAsync();
            throw;
        }
    }

    private async Task<bool> HoldAsync(int partition, Stream stream, CancellationToken stopped)
    {
        _opened[partition].SetResult(stream);
        return await _decided.Task.WaitAsync(stopped);
    }

    private async Task<DerivedObject?> StopOthersAsync(Task<DerivedObject?> storing)
    {
        try
        {
            return await storing;
        }
        catch
        {
            await _stop.CancelAsync();
            throw;
        }
    }

    private async Task DiscardAsync()
    {
        foreach (var stored in _stored.Where(stored => stored.IsCompletedSuccessfully).Select(stored => stored.Result).OfType<DerivedObject>())
        {
            await _objects.DeleteAsync(ObjectContainer.Derived, ObjectName.Parse(stored.Name), CancellationToken.None);
        }
    }
}
