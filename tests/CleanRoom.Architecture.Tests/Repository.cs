using System.Collections.Frozen;

namespace CleanRoom.Architecture.Tests;

/// <summary>The files of the repository, without what a build or a tool makes.</summary>
internal static class Repository
{
    private static readonly FrozenSet<string> _made = new[] { ".git", ".vs", ".cleanroom", "artifacts", "bin", "obj", "node_modules", "TestResults" }
        .ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The folder that holds CleanRoom.sln.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Returns the paths of all files below a folder, relative to the root, with '/'.</summary>
    public static IEnumerable<string> Files(string folder = "", params string[] extensions)
    {
        var start = new DirectoryInfo(Path.Combine(Root, folder));
        return start.Exists
            ? Walk(start).Where(path => extensions.Length == 0 || extensions.Contains(Path.GetExtension(path))).Order(StringComparer.Ordinal)
            : [];
    }

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    /// <summary>Returns the first part of a path below src, ui or tests: the project's folder.</summary>
    public static string ProjectOf(string path) => path.Split('/') is [_, var project, ..] ? project : string.Empty;

    private static IEnumerable<string> Walk(DirectoryInfo folder)
    {
        foreach (var file in folder.EnumerateFiles().Where(file => !_made.Contains(file.Name)))
        {
            yield return Path.GetRelativePath(Root, file.FullName).Replace(Path.DirectorySeparatorChar, '/');
        }

        foreach (var inner in folder.EnumerateDirectories().Where(inner => !_made.Contains(inner.Name) && inner.LinkTarget is null))
        {
            foreach (var path in Walk(inner))
            {
                yield return path;
            }
        }
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "CleanRoom.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("wanted a folder with CleanRoom.sln above the tests, got none");
        }

        return folder.FullName;
    }
}
