using System.Buffers;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace CleanRoom.Storage.Objects.Remote;

/// <summary>An object store on a server. Trust: the server is the host's.</summary>
/// <remarks>
/// The first writer wins because the server creates an object on condition that its name is free: contracts/decisions/0019. A call whose answer was lost
/// and that is made again finds its own object, and says so as <see cref="PutOutcome.AlreadyStored"/>. Memory of a put: one part.
/// </remarks>
internal sealed class RemoteObjectStore(IRemoteObjects remote, RemoteStoreOptions options) : IObjectStore
{
    /// <summary>A stream keeps less than a part: many are open at once, and most readers want little.</summary>
    private const int RangesOfAPart = 4;

    /// <inheritdoc/>
    public async Task<PutOutcome> PutAsync(ObjectContainer container, ObjectName name, Stream content, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(content);
        var key = KeyOf(container, name);
        if (await ExistsAsync(container, name, cancellationToken))
        {
            await using var stored = await OpenReadAsync(container, name, cancellationToken);
            return await StreamComparison.SameBytesAsync(stored, content, cancellationToken) ? PutOutcome.AlreadyStored : PutOutcome.ContentConflict;
        }

        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        if (await SendAsync(key, content, digest, cancellationToken) is not { } isCreated)
        {
            return PutOutcome.TooLarge;
        }

        if (isCreated)
        {
            return PutOutcome.Stored;
        }

        // The content is read up: what another writer stored meanwhile is compared by its digest.
        await using var first = await OpenReadAsync(container, name, cancellationToken);
        return CryptographicOperations.FixedTimeEquals(await SHA256.HashDataAsync(first, cancellationToken), digest.GetHashAndReset())
            ? PutOutcome.AlreadyStored
            : PutOutcome.ContentConflict;
    }

    /// <inheritdoc/>
    public async Task<Stream> OpenReadAsync(ObjectContainer container, ObjectName name, CancellationToken cancellationToken) =>
        new RemoteObjectStream(this, container, name, await LengthAsync(container, name, cancellationToken), remote.PartBytes / RangesOfAPart);

    /// <inheritdoc/>
    public async Task<int> ReadRangeAsync(
        ObjectContainer container, ObjectName name, long offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        if (destination.IsEmpty)
        {
            _ = await LengthAsync(container, name, cancellationToken);
            return 0;
        }

        return await remote.ReadAsync(KeyOf(container, name), offset, destination, cancellationToken) ?? throw NotFound(container, name);
    }

    /// <inheritdoc/>
    public async Task<long> LengthAsync(ObjectContainer container, ObjectName name, CancellationToken cancellationToken) =>
        await remote.LengthAsync(KeyOf(container, name), cancellationToken) ?? throw NotFound(container, name);

    /// <inheritdoc/>
    public async Task<bool> ExistsAsync(ObjectContainer container, ObjectName name, CancellationToken cancellationToken) =>
        await remote.LengthAsync(KeyOf(container, name), cancellationToken) is not null;

    /// <inheritdoc/>
    public Task DeleteAsync(ObjectContainer container, ObjectName name, CancellationToken cancellationToken) =>
        remote.DeleteAsync(KeyOf(container, name), cancellationToken);

    /// <inheritdoc/>
    public async IAsyncEnumerable<ObjectInfo> ListAsync(ObjectContainer container, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var folder = $"{options.KeyStart}{container.Slug()}/";
        await foreach (var (key, length) in remote.ListAsync(folder, cancellationToken))
        {
            if (ObjectName.TryParse(key[folder.Length..], out var name))
            {
                yield return new ObjectInfo(name, length);
            }
        }
    }

    private static StorageException NotFound(ObjectContainer container, ObjectName name) =>
        new(StorageFailure.NotFound, $"wanted {container.Slug()}/{name}; got an object store without it", null);

    private string KeyOf(ObjectContainer container, ObjectName name) => $"{options.KeyStart}{container.Slug()}/{name}";

    /// <summary>Sends the content, in one piece where it is short. Returns whether it was the first under its name; null when it is too long.</summary>
    private async Task<bool?> SendAsync(string key, Stream content, IncrementalHash digest, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(remote.PartBytes);
        try
        {
            var part = buffer.AsMemory(0, remote.PartBytes);
            long length = 0;
            if (await NextAsync() is not { } first)
            {
                return null;
            }

            if (first.Length < part.Length)
            {
                return await remote.TryCreateAsync(key, first, cancellationToken);
            }

            await using var parts = await remote.BeginAsync(key, cancellationToken);
            for (var next = first; next.Length > 0;)
            {
                await parts.AddAsync(next, cancellationToken);
                if (await NextAsync() is not { } following)
                {
                    return null;
                }

                next = following;
            }

            return await parts.TryCommitAsync(cancellationToken);

            async Task<ReadOnlyMemory<byte>?> NextAsync()
            {
                var got = await content.ReadAtLeastAsync(part, part.Length, throwOnEndOfStream: false, cancellationToken);
                digest.AppendData(part.Span[..got]);
                length += got;
                return length > options.MaxObjectBytes ? default(ReadOnlyMemory<byte>?) : part[..got];
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
