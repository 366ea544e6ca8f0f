using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using CleanRoom.Storage;
using CleanRoom.Storage.Objects;

namespace CleanRoom.TestKit.Storage;

/// <summary>An object store for tests that are about something else. It keeps the contract, except that memory is not durable.</summary>
public sealed class InMemoryObjectStore(long maxObjectBytes) : IObjectStore
{
    private readonly ConcurrentDictionary<(ObjectContainer Container, ObjectName Name), byte[]> _objects = new();

    /// <inheritdoc/>
    public async Task<PutOutcome> PutAsync(
        ObjectContainer container, ObjectName name, Stream content, CancellationToken cancellationToken)
    {
        _ = container.Slug();
        using var copy = new MemoryStream();
        await content.CopyToAsync(copy, cancellationToken);
        var bytes = copy.ToArray();
        if (_objects.TryGetValue((container, name), out var stored))
        {
            return Compare(stored, bytes);
        }

        if (bytes.Length > maxObjectBytes)
        {
            return PutOutcome.TooLarge;
        }

        return _objects.TryAdd((container, name), bytes) ? PutOutcome.Stored : Compare(_objects[(container, name)], bytes);
    }

    /// <inheritdoc/>
    public Task<Stream> OpenReadAsync(ObjectContainer container, ObjectName name, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult<Stream>(new MemoryStream(Find(container, name), writable: false));
    }

    /// <inheritdoc/>
    public Task<int> ReadRangeAsync(
        ObjectContainer container, ObjectName name, long offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        var bytes = Find(container, name);
        var from = (int)Math.Min(offset, bytes.Length);
        var count = Math.Min(destination.Length, bytes.Length - from);
        bytes.AsSpan(from, count).CopyTo(destination.Span);
        return Task.FromResult(count);
    }

    /// <inheritdoc/>
    public Task<long> LengthAsync(ObjectContainer container, ObjectName name, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult((long)Find(container, name).Length);
    }

    /// <inheritdoc/>
    public Task<bool> ExistsAsync(ObjectContainer container, ObjectName name, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(_objects.ContainsKey((container, name)));
    }

    /// <inheritdoc/>
    public Task DeleteAsync(ObjectContainer container, ObjectName name, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _objects.TryRemove((container, name), out _);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ObjectInfo> ListAsync(
        ObjectContainer container, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        foreach (var (key, bytes) in _objects)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (key.Container == container)
            {
                yield return new ObjectInfo(key.Name, bytes.Length);
            }
        }
    }

    private static PutOutcome Compare(byte[] stored, byte[] bytes) =>
        stored.AsSpan().SequenceEqual(bytes) ? PutOutcome.AlreadyStored : PutOutcome.ContentConflict;

    private byte[] Find(ObjectContainer container, ObjectName name) =>
        _objects.TryGetValue((container, name), out var bytes)
            ? bytes
            : throw new StorageException(StorageFailure.NotFound, $"wanted object {name} in {container.Slug()}; got no such object", null);
}
