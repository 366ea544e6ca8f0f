namespace CleanRoom.Policy.Tests.Support;

/// <summary>Finds files of the repository, and those that lie beside it.</summary>
internal static class Files
{
    private static readonly DirectoryInfo _root = Up(folder => File.Exists(Path.Combine(folder.FullName, "CleanRoom.sln")))
        ?? throw new InvalidOperationException("wanted a folder with CleanRoom.sln above the tests, got none");

    /// <summary>Returns the path of a committed file.</summary>
    public static string Committed(params string[] path) => Path.Combine([_root.FullName, .. path]);

    /// <summary>Returns the path of a file of the folder <c>shared</c> beside the repository; null when there is none.</summary>
    public static string? Shared(params string[] path) =>
        Up(folder => File.Exists(Path.Combine([folder.FullName, "shared", .. path]))) is { } folder
            ? Path.Combine([folder.FullName, "shared", .. path])
            : null;

    private static DirectoryInfo? Up(Func<DirectoryInfo, bool> found)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !found(folder))
        {
            folder = folder.Parent;
        }

        return folder;
    }
}
