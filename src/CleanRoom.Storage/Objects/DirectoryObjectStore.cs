using System.Buffers;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace CleanRoom.Storage.Objects;

/// <summary>An object store in a directory: the embedded default.</summary>
/// <remarks>
/// An object is written beside its place, flushed, given its name by a hard link that fails when the name is taken, and the
/// directory is flushed: so a name always leads to whole content, and the first writer wins. Trust: the directory is
/// host-controlled. Layout: <c>uploads/</c>, <c>derived/</c>, <c>results/</c> with one file an object, and <c>unfinished/</c>.
/// </remarks>
public sealed class DirectoryObjectStore : IObjectStore
{
    private const int BufferBytes = 81_920;

    /// <summary>How far a writer may run ahead of the disk: whoever waits for it sees it go on, and little is left for the last flush.</summary>
    private const long UnflushedBytes = 1 << 20;
    private const string Unfinished = "unfinished";

    private readonly string _root;
    private readonly long _maxObjectBytes;

    private DirectoryObjectStore(DirectoryObjectStoreOptions options) =>
        (_root, _maxObjectBytes) = (Path.GetFullPath(options.Path), options.MaxObjectBytes);

    /// <summary>Opens the directory, or makes it, and removes what a dead process left unfinished.</summary>
    /// <exception cref="StorageException">The file system refuses.</exception>
    public static DirectoryObjectStore Open(DirectoryObjectStoreOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentException.ThrowIfNullOrEmpty(options.Path);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxObjectBytes, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.AbandonedAfter, TimeSpan.Zero);
        var store = new DirectoryObjectStore(options);
        foreach (var name in (string[])[Unfinished, .. Enum.GetValues<ObjectContainer>().Where(c => c != ObjectContainer.None).Select(c => c.Slug())])
        {
            DurableDirectory.Ensure(Path.Combine(store._root, name));
        }

        store.RemoveAbandoned(time.GetUtcNow() - options.AbandonedAfter);
        return store;
    }

    /// <inheritdoc/>
    public async Task<PutOutcome> PutAsync(ObjectContainer container, ObjectName name, Stream content, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(content);
        if (File.Exists(PathOf(container, name)))
        {
            return await CompareAsync(container, name, content, cancellationToken);
        }

        var unfinished = Path.Combine(_root, Unfinished, RandomNumberGenerator.GetHexString(ObjectName.TextLength, lowercase: true));
        try
        {
            if (!await WriteAsync(unfinished, content, cancellationToken))
            {
                return PutOutcome.TooLarge;
            }

            // From here on the call ends with its outcome: the flush blocks, so it runs on the pool.
            if (await Task.Run(() => Publish(unfinished, container, name), CancellationToken.None))
            {
                return PutOutcome.Stored;
            }

            await using var written = OpenRead(unfinished);
            return await CompareAsync(container, name, written, cancellationToken);
        }
        finally
        {
            Guard(() => File.Delete(unfinished), $"remove {unfinished}");
        }
    }

    /// <inheritdoc/>
    public Task<Stream> OpenReadAsync(ObjectContainer container, ObjectName name, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult<Stream>(OpenRead(PathOf(container, name)));
    }

    /// <inheritdoc/>
    public async Task<int> ReadRangeAsync(
        ObjectContainer container, ObjectName name, long offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        var path = PathOf(container, name);
        try
        {
            using var handle = File.OpenHandle(path, options: FileOptions.Asynchronous);
            var read = 0;
            while (read < destination.Length)
            {
                var got = await RandomAccess.ReadAsync(handle, destination[read..], offset + read, cancellationToken);
                if (got == 0)
                {
                    break;
                }

                read += got;
            }

            return read;
        }
        catch (Exception exception) when (exception.IsFileFailure())
        {
            throw FileFailures.Translate(exception, $"read {path}");
        }
    }

    /// <inheritdoc/>
    public Task<long> LengthAsync(ObjectContainer container, ObjectName name, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var path = PathOf(container, name);
        return Task.FromResult(Guard(() => new FileInfo(path).Length, $"read {path}"));
    }

    /// <inheritdoc/>
    public Task<bool> ExistsAsync(ObjectContainer container, ObjectName name, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(File.Exists(PathOf(container, name)));
    }

    /// <inheritdoc/>
    public Task DeleteAsync(ObjectContainer container, ObjectName name, CancellationToken cancellationToken)
    {
        var path = PathOf(container, name);
        return Task.Run(
            () =>
            {
                Guard(() => File.Delete(path), $"remove {path}");
                SyncContainer(container);
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ObjectInfo> ListAsync(
        ObjectContainer container, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var directory = new DirectoryInfo(Path.Combine(_root, container.Slug()));
        var files = await Task.Run(() => Guard(directory.GetFiles, $"list {directory.FullName}"), cancellationToken);
        foreach (var file in files)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (ObjectName.TryParse(file.Name, out var name))
            {
                yield return new ObjectInfo(name, file.Length);
            }
        }
    }

    private static FileStream OpenRead(string path) => Guard(
        () => new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1, FileOptions.Asynchronous), $"read {path}");

    private async Task<PutOutcome> CompareAsync(
        ObjectContainer container, ObjectName name, Stream content, CancellationToken cancellationToken)
    {
        await using var stored = OpenRead(PathOf(container, name));
        if (!await StreamComparison.SameBytesAsync(stored, content, cancellationToken))
        {
            return PutOutcome.ContentConflict;
        }

        // The writer that came first may not have flushed the directory yet; this call promises durability too.
        await Task.Run(() => SyncContainer(container), CancellationToken.None);
        return PutOutcome.AlreadyStored;
    }

    /// <summary>Flushes the file and gives it its name; false when the name is taken.</summary>
    private bool Publish(string unfinished, ObjectContainer container, ObjectName name)
    {
        var target = PathOf(container, name);
        try
        {
            using (var handle = File.OpenHandle(unfinished, FileMode.Open, FileAccess.ReadWrite))
            {
                RandomAccess.FlushToDisk(handle);
            }

            if (!DurableDirectory.TryPublish(unfinished, target))
            {
                return false;
            }
        }
        catch (Exception exception) when (exception.IsFileFailure())
        {
            throw FileFailures.Translate(exception, $"write {target}");
        }

        SyncContainer(container);
        return true;
    }

    private static void Guard(Action work, string wanted) => Guard(
        () =>
        {
            work();
            return true;
        },
        wanted);

    private static T Guard<T>(Func<T> work, string wanted)
    {
        try
        {
            return work();
        }
        catch (Exception exception) when (exception.IsFileFailure())
        {
            throw FileFailures.Translate(exception, wanted);
        }
    }

    private void SyncContainer(ObjectContainer container) => DurableDirectory.Sync(Path.Combine(_root, container.Slug()));

    private string PathOf(ObjectContainer container, ObjectName name) => Path.Combine(_root, container.Slug(), name.ToString());

    /// <summary>Copies the content into a new file; false when it is too long. Only failures of the file are translated.</summary>
    private async Task<bool> WriteAsync(string path, Stream content, CancellationToken cancellationToken)
    {
        await using var file = Guard(
            () => new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.Asynchronous), $"write {path}");
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            for (long written = 0, flushed = 0; ;)
            {
                var got = await content.ReadAsync(buffer.AsMemory(0, BufferBytes), cancellationToken);
                if (got == 0)
                {
                    return true;
                }

                written += got;
                if (written > _maxObjectBytes)
                {
                    return false;
                }

                try
                {
                    await file.WriteAsync(buffer.AsMemory(0, got), cancellationToken);
                    if (written - flushed >= UnflushedBytes)
                    {
                        await Task.Run(() => RandomAccess.FlushToDisk(file.SafeFileHandle), cancellationToken);
                        flushed = written;
                    }
                }
                catch (Exception exception) when (exception.IsFileFailure())
                {
                    throw FileFailures.Translate(exception, $"write {path}");
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void RemoveAbandoned(DateTimeOffset before)
    {
        var directory = new DirectoryInfo(Path.Combine(_root, Unfinished));
        foreach (var file in directory.EnumerateFiles())
        {
            if (file.LastWriteTimeUtc < before.UtcDateTime)
            {
                Guard(file.Delete, $"remove {file.FullName}");
            }
        }
    }
}
