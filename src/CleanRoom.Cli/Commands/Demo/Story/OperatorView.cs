using System.Collections.Immutable;
using System.Text;

namespace CleanRoom.Cli.Commands.Demo.Story;

/// <summary>Looks at what the operator of the machine holds, and searches it for anything in clear.</summary>
internal static class OperatorView
{
    // Shorter needles turn up in random bytes by chance.
    private const int ShortestNeedle = 8;
    private const int LinesPerFile = 500;

    /// <summary>Returns what a search would look for: lines of every file, its longer cells, and the texts of questions.</summary>
    public static ImmutableArray<string> Needles(DemoData data, IEnumerable<string> texts)
    {
        var needles = new HashSet<string>(StringComparer.Ordinal);
        foreach (var dataset in data.Example.Datasets)
        {
            var lines = File.ReadAllLines(data.FileOf(dataset).FullName);
            var stride = Math.Max(1, lines.Length / LinesPerFile);
            for (var i = 0; i < lines.Length; i += stride)
            {
                needles.Add(lines[i]);
                needles.UnionWith(lines[i].Split(','));
            }
        }

        needles.UnionWith(texts);
        return [.. needles.Where(needle => needle.Length >= ShortestNeedle && needle.Any(char.IsAsciiLetterOrDigit))];
    }

    /// <summary>Searches every file below a directory.</summary>
    /// <returns>The number of files and bytes searched, and each needle that was found, with its file.</returns>
    public static (int Files, long Bytes, ImmutableArray<string> Found) Search(DirectoryInfo directory, ImmutableArray<string> needles)
    {
        var patterns = needles.Select(Encoding.UTF8.GetBytes).ToList();
        var found = ImmutableArray.CreateBuilder<string>();
        var (files, bytes) = (0, 0L);
        foreach (var file in directory.EnumerateFiles("*", SearchOption.AllDirectories))
        {
            using var stream = new FileStream(file.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var content = new byte[stream.Length];
            stream.ReadExactly(content);
            (files, bytes) = (files + 1, bytes + content.Length);
            found.AddRange(patterns.Where(pattern => content.AsSpan().IndexOf(pattern) >= 0).Select(pattern => $"{Encoding.UTF8.GetString(pattern)} in {file.Name}"));
        }

        return (files, bytes, found.ToImmutable());
    }
}
