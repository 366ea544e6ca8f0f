using System.Runtime.InteropServices;

namespace CleanRoom.Storage;

/// <summary>Creates directories, and makes changes of their entries survive a power cut. Also for the profiles of the command line.</summary>
public static class DurableDirectory
{
    private const int ReadOnly = 0;
    private const int LinuxCloseOnExec = 0x80000;
    private const int MacCloseOnExec = 0x1000000;
    private const int Exists = 17;

    /// <summary>Creates the directory, readable by its owner only, with all its parents.</summary>
    /// <exception cref="StorageException">The file system refuses.</exception>
    public static void Ensure(string path)
    {
        if (Directory.Exists(path))
        {
            return;
        }

        var parent = Path.GetDirectoryName(Path.GetFullPath(path));
        if (!string.IsNullOrEmpty(parent))
        {
            Ensure(parent);
        }

        try
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(path);
            }
            else
            {
                Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
        }
        catch (Exception exception) when (exception.IsFileFailure())
        {
            throw FileFailures.Translate(exception, $"create the directory {path}");
        }

        if (!string.IsNullOrEmpty(parent))
        {
            Sync(parent);
        }
    }

    /// <summary>Returns when the directory's entries are on the disk.</summary>
    /// <remarks>Windows has no such call: NTFS journals entries itself.</remarks>
    /// <exception cref="StorageException">The file system refuses.</exception>
    public static void Sync(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var descriptor = Open(path, ReadOnly | (OperatingSystem.IsMacOS() ? MacCloseOnExec : LinuxCloseOnExec));
        var error = descriptor < 0 ? Marshal.GetLastPInvokeError() : 0;
        if (descriptor >= 0)
        {
            if (FSync(descriptor) != 0)
            {
                error = Marshal.GetLastPInvokeError();
            }

            _ = Close(descriptor);
        }

        if (error != 0)
        {
            var cause = new IOException(Marshal.GetPInvokeErrorMessage(error), error);
            throw FileFailures.Translate(cause, $"make the directory {path} durable");
        }
    }

    /// <summary>Gives a finished file its name; of several writers exactly one succeeds.</summary>
    /// <remarks><c>File.Move</c> looks first and renames then, so that two writers can both believe to be the first: link(2) does not.</remarks>
    /// <returns>False when the name is taken; the file then stays where it is.</returns>
    /// <exception cref="IOException">The file system refuses, also because it has no hard links.</exception>
    public static bool TryPublish(string file, string name)
    {
        if (OperatingSystem.IsWindows())
        {
            try
            {
                File.Move(file, name, overwrite: false);
                return true;
            }
            catch (IOException) when (File.Exists(name))
            {
                return false;
            }
        }

        if (Link(file, name) != 0)
        {
            var error = Marshal.GetLastPInvokeError();
            return error == Exists ? false : throw new IOException(Marshal.GetPInvokeErrorMessage(error), error);
        }

        File.Delete(file);
        return true;
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "link", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Link([MarshalAs(UnmanagedType.LPUTF8Str)] string file, [MarshalAs(UnmanagedType.LPUTF8Str)] string name);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int FSync(int descriptor);

    [DllImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Close(int descriptor);
}
