namespace CleanRoom.Attesters.Endorsements;

/// <summary>Endorsements in a folder, one file each. Trust: host-controlled; a file that was touched is as good as absent.</summary>
/// <remarks>Processes may share the folder: files are renamed into place, and one process at a time writes and clears. What cannot be kept is not kept.</remarks>
public sealed class EndorsementCache
{
    internal const string Extension = ".endorsement";
    private const string LockName = "lock";
    private const string TemporaryExtension = ".new";

    private readonly EndorsementCacheOptions _options;
    private readonly Lock _gate = new();

    public EndorsementCache(EndorsementCacheOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxEntries, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxTotalBytes, 1, nameof(options));
        _options = options;
    }

    /// <summary>Returns what was kept, stale or not; null when there is nothing, or a file that is not as it was written.</summary>
    public Endorsement? Read(EndorsementRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        try
        {
            using var stream = new FileStream(PathOf(request), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if (stream.Length > EndorsementCacheEntry.MaxBytes)
            {
                return null;
            }

            var file = new byte[stream.Length];
            stream.ReadExactly(file);
            return EndorsementCacheEntry.Parse(request, file);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Keeps an endorsement, and drops the oldest ones beyond the limits.</summary>
    /// <returns>False when it was not kept: it is larger than the limit, the folder cannot be written, or another writer is at work.</returns>
    public bool TryWrite(Endorsement endorsement)
    {
        ArgumentNullException.ThrowIfNull(endorsement);
        var file = EndorsementCacheEntry.Encode(endorsement);
        if (file.Length > EndorsementCacheEntry.MaxBytes || file.Length > _options.MaxTotalBytes)
        {
            return false;
        }

        lock (_gate)
        {
            try
            {
                _options.Folder.Create();
                using var held = new FileStream(Path.Combine(_options.Folder.FullName, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
                MakeRoom(PathOf(endorsement.Request), file.Length);
                Place(PathOf(endorsement.Request), file);
                return true;
            }
            catch (Exception unwritable) when (unwritable is IOException or UnauthorizedAccessException)
            {
                return false;
            }
        }
    }

    private static void Place(string path, byte[] file)
    {
        var temporary = path + TemporaryExtension;
        using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            stream.Write(file);
            stream.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
    }

    /// <summary>Drops the oldest entries until one more fits, and what an interrupted writer left.</summary>
    private void MakeRoom(string path, long length)
    {
        foreach (var left in _options.Folder.GetFiles("*" + TemporaryExtension))
        {
            left.Delete();
        }

        var others = _options.Folder.GetFiles("*" + Extension)
            .Where(entry => entry.FullName != path)
            .OrderByDescending(entry => entry.LastWriteTimeUtc)
            .ThenBy(entry => entry.Name, StringComparer.Ordinal);
        var (entries, total) = (1, length);
        foreach (var entry in others)
        {
            (entries, total) = (entries + 1, total + entry.Length);
            if (entries > _options.MaxEntries || total > _options.MaxTotalBytes)
            {
                entry.Delete();
            }
        }
    }

    private string PathOf(EndorsementRequest request) => Path.Combine(_options.Folder.FullName, request.Key + Extension);
}
