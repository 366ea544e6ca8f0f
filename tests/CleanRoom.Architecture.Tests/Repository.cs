using System.Collections.Frozen;
using CleanRoom.TestKit;

namespace CleanRoom.Architecture.Tests;

/// <summary>The files of the repository, without what a build or a tool makes.</summary>
internal static class Repository
{
    private static readonly FrozenSet<string> _made = new[] { ".git", ".vs", ".cleanroom", "artifacts", "bin", "obj", "node_modules", "TestResults" }
        .ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Returns the paths of all files below a folder, relative to the root, with '/'.</summary>
    public static IEnumerable<string> Files(string folder = "", params string[] extensions)
    {
        var start = new DirectoryInfo(RepositoryFiles.Committed(folder));
        return start.Exists
            ? Walk(start).Where(path => extensions.Length == 0 || extensions.Contains(Path.GetExtension(path))).Order(StringComparer.Ordinal)
            : [];
    }

    public static string Read(string path) => File.ReadAllText(RepositoryFiles.Committed(path));

    private static IEnumerable<string> Walk(DirectoryInfo folder)
    {
        foreach (var file in folder.EnumerateFiles().Where(file => !_made.Contains(file.Name)))
        {
            yield return Path.GetRelativePath(RepositoryFiles.Root, file.FullName).Replace(Path.DirectorySeparatorChar, '/');
        }

        foreach (var inner in folder.EnumerateDirectories().Where(inner => !_made.Contains(inner.Name) && inner.LinkTarget is null))
        {
            foreach (var path in Walk(inner))
            {
                yield return path;
            }
        }
    }
}
