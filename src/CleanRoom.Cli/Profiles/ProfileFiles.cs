using CleanRoom.Protocol;
using CleanRoom.Storage;

namespace CleanRoom.Cli.Profiles;

/// <summary>Files of a profile: readable by their owner only, replaced as a whole, on the disk before a call returns.</summary>
internal static class ProfileFiles
{
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Reads a file.</summary>
    /// <returns>The bytes; or <see cref="RefusalCode.DocumentInvalid"/>, <see cref="RefusalCode.DocumentTooLarge"/>, <see cref="RefusalCode.StorageFailed"/>.</returns>
    public static Result<byte[]> Read(string path, long maxBytes)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if (stream.Length > maxBytes)
            {
                return new Refusal(RefusalCode.DocumentTooLarge, $"at most {maxBytes} bytes", $"{stream.Length} in {path}");
            }

            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return new Refusal(RefusalCode.DocumentInvalid, "a file of the profile", $"nothing at {path}");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return new Refusal(RefusalCode.StorageFailed, "a profile that can be read", $"not {path}");
        }
    }

    /// <summary>Writes a file in place of an older one.</summary>
    /// <returns>Null, or <see cref="RefusalCode.StorageFailed"/>; the older one is then as it was.</returns>
    public static Refusal? Write(string path, ReadOnlySpan<byte> bytes) => Place(path, bytes, whole =>
    {
        File.Move(whole, path, overwrite: true);
        return true;
    });

    /// <summary>Writes a file that must not exist yet: a key is never overwritten.</summary>
    /// <returns>Null, or <see cref="RefusalCode.DocumentInvalid"/> when it exists, or <see cref="RefusalCode.StorageFailed"/>.</returns>
    public static Refusal? WriteNew(string path, ReadOnlySpan<byte> bytes) => Place(path, bytes, whole =>
    {
        try
        {
            return DurableDirectory.TryPublish(whole, path);
        }
        catch (IOException) when (!Path.Exists(path))
        {
            // A file system without hard links, such as a memory stick's: it cannot tell two writers apart, but one person has one.
            File.Move(whole, path, overwrite: false);
            return true;
        }
    });

    /// <summary>Takes a lock that another process may hold. The caller disposes it.</summary>
    /// <returns>The lock; or null, with <see cref="RefusalCode.StorageFailed"/> when waiting would not help.</returns>
    public static FileStream? TryLock(string path, out Refusal? broken)
    {
        broken = null;
        try
        {
            DurableDirectory.Ensure(Path.GetDirectoryName(path)!); // A path of the profile has a folder.
            return new FileStream(path, Owned(FileMode.OpenOrCreate, FileAccess.ReadWrite));
        }
        catch (Exception held) when (held.GetType() == typeof(IOException))
        {
            return null;
        }
        catch (Exception unwritable) when (IsFailure(unwritable))
        {
            broken = Unwritable(path);
            return null;
        }
    }

    /// <summary>Writes all bytes under another name first: whoever is killed meanwhile leaves no half file under this one.</summary>
    /// <param name="path">The file.</param>
    /// <param name="bytes">Its content.</param>
    /// <param name="publish">Gives the whole file its name; false when that is taken.</param>
    private static Refusal? Place(string path, ReadOnlySpan<byte> bytes, Func<string, bool> publish)
    {
        var folder = Path.GetDirectoryName(path)!; // As above.
        var whole = $"{path}.{Guid.NewGuid():N}.new";
        try
        {
            DurableDirectory.Ensure(folder);
            using (var stream = new FileStream(whole, Owned(FileMode.CreateNew, FileAccess.Write)))
            {
                stream.Write(bytes);
                stream.Flush(flushToDisk: true);
            }

            if (!publish(whole))
            {
                return new Refusal(RefusalCode.DocumentInvalid, $"no file yet at {path}", "one that is not overwritten");
            }

            DurableDirectory.Sync(folder);
            return null;
        }
        catch (Exception unwritable) when (IsFailure(unwritable))
        {
            return Unwritable(path);
        }
        finally
        {
            Discard(whole);
        }
    }

    private static void Discard(string leftover)
    {
        try
        {
            if (File.Exists(leftover))
            {
                File.Delete(leftover);
            }
        }
        catch (Exception undeletable) when (IsFailure(undeletable))
        {
            // Why nothing was written is told already, and nothing reads a file of this name.
        }
    }

    private static bool IsFailure(Exception exception) => exception is IOException or UnauthorizedAccessException or StorageException;

    private static Refusal Unwritable(string path) => new(RefusalCode.StorageFailed, "a profile that can be written", $"not {path}");

    private static FileStreamOptions Owned(FileMode mode, FileAccess access)
    {
        var options = new FileStreamOptions { Mode = mode, Access = access, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerFile;
        }

        return options;
    }
}
