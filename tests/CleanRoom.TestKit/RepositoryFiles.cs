namespace CleanRoom.TestKit;

/// <summary>Finds the files of the repository, and those that lie beside it.</summary>
public static class RepositoryFiles
{
    /// <summary>Gets the folder that holds CleanRoom.sln.</summary>
    public static string Root { get; } = Above("CleanRoom.sln")
        ?? throw new InvalidOperationException("wanted a folder with CleanRoom.sln above the tests; got none");

    /// <summary>Returns the path of a committed file or folder.</summary>
    public static string Committed(params string[] path) => Path.Combine([Root, .. path]);

    /// <summary>Returns the path of a file or folder of <c>shared</c> beside the repository; null when it is not there.</summary>
    public static string? Shared(params string[] path) =>
        Path.Combine(["shared", .. path]) is var inside && Above(inside) is { } folder ? Path.Combine(folder, inside) : null;

    /// <summary>Returns the nearest folder above the tests that holds a path.</summary>
    private static string? Above(string path)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !Path.Exists(Path.Combine(folder.FullName, path)))
        {
            folder = folder.Parent;
        }

        return folder?.FullName;
    }
}
