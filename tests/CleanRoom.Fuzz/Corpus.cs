using CleanRoom.Protocol;
using CleanRoom.TestKit;

namespace CleanRoom.Fuzz;

/// <summary>The seeds: this repository's own vectors, and genuine evidence beside the repository where it is there.</summary>
internal static class Corpus
{
    private const int MaxSeedBytes = 64 * 1024;

    /// <summary>Gets a moment at which much of the genuine evidence is valid, so that late checks are reached too.</summary>
    public static Timestamp At { get; } = Timestamp.From(new DateTimeOffset(2025, 9, 5, 9, 0, 0, TimeSpan.Zero));

    /// <summary>Reads the seeds.</summary>
    public static IReadOnlyList<(string Name, byte[] Bytes)> Read()
    {
        string?[] folders = [RepositoryFiles.Committed("contracts", "vectors", "attestation"), RepositoryFiles.Shared("vectors", "attestation")];
        return
        [
            .. folders.OfType<string>()
                .SelectMany(folder => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
                .Where(file => new FileInfo(file).Length is > 0 and <= MaxSeedBytes && !file.EndsWith(".md", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
                .Select(file => (Path.GetFileName(file), File.ReadAllBytes(file))),
        ];
    }
}
