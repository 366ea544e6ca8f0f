using CleanRoom.Protocol;

namespace CleanRoom.Cli.Profiles;

/// <summary>Files of a profile: readable by their owner only, replaced as a whole, on the disk before a call returns.</summary>
internal static class ProfileFiles
{
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerFolder = OwnerFile | UnixFileMode.UserExecute;

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
    /// <returns>Null, or why it was not written.</returns>
    public static Refusal? Write(string path, ReadOnlySpan<byte> bytes)
    {
        var temporary = $"{path}.{Guid.NewGuid():N}.new";
        try
        {
            CreateFolder(Path.GetDirectoryName(path)!); // A path of the profile has a folder.
            using (var stream = new FileStream(temporary, NewFile()))
            {
                stream.Write(bytes);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
            return null;
        }
        catch (Exception unwritable) when (unwritable is IOException or UnauthorizedAccessException)
        {
            return new Refusal(RefusalCode.StorageFailed, "a profile that can be written", $"not {path}");
        }
    }

    /// <summary>Writes a file that must not exist yet: a key is never overwritten.</summary>
    /// <returns>Null, or why it was not written.</returns>
    public static Refusal? WriteNew(string path, ReadOnlySpan<byte> bytes)
    {
        try
        {
            CreateFolder(Path.GetDirectoryName(path)!); // As above.
            using var stream = new FileStream(path, NewFile());
            stream.Write(bytes);
            stream.Flush(flushToDisk: true);
            return null;
        }
        catch (IOException) when (File.Exists(path))
        {
            return new Refusal(RefusalCode.DocumentInvalid, $"no file yet at {path}", "one that is not overwritten");
        }
        catch (Exception unwritable) when (unwritable is IOException or UnauthorizedAccessException)
        {
            return new Refusal(RefusalCode.StorageFailed, "a profile that can be written", $"not {path}");
        }
    }

    /// <summary>Takes a lock that another process may hold; null when it is held.</summary>
    public static FileStream? TryLock(string path)
    {
        try
        {
            CreateFolder(Path.GetDirectoryName(path)!); // As above.
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception held) when (held is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static void CreateFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, OwnerFolder);
        }
    }

    private static FileStreamOptions NewFile()
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerFile;
        }

        return options;
    }
}
