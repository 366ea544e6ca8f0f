using CleanRoom.TestKit;

namespace CleanRoom.Fuzz.Targets;

/// <summary>Files that are seeds, and targets of parsers that take bytes alone.</summary>
internal static class SeedFiles
{
    private const int MaxSeedBytes = 64 * 1024;

    /// <summary>Returns the files of a folder of the repository, of at most 64 KiB.</summary>
    public static IEnumerable<(string Name, byte[] Bytes)> Committed(string pattern, params string[] folder) => In(RepositoryFiles.Committed(folder), pattern);

    /// <summary>Returns the files of a folder of shared; none where it is absent.</summary>
    public static IEnumerable<(string Name, byte[] Bytes)> Shared(string pattern, params string[] folder) =>
        RepositoryFiles.Shared(folder) is { } found ? In(found, pattern) : [];

    /// <summary>Makes a target of a parser. Seeds that it refuses as they are would teach little and are left out.</summary>
    /// <param name="judge">MUST NOT throw.</param>
    public static FuzzTarget Target(string name, IEnumerable<(string Name, byte[] Bytes)> seeds, Func<byte[], FuzzOutcome> judge) =>
        new(name, [.. seeds.Where(seed => judge(seed.Bytes) != FuzzOutcome.Refused).Select(seed => new FuzzSeed(seed.Name, [seed.Bytes], parts => judge(parts[0])))]);

    /// <summary>Returns whether the form was read, and whether it was written again as it stood.</summary>
    public static FuzzOutcome Outcome(bool isRead, bool isSame = false) => isSame ? FuzzOutcome.Verified : isRead ? FuzzOutcome.Parsed : FuzzOutcome.Refused;

    private static IEnumerable<(string Name, byte[] Bytes)> In(string folder, string pattern) =>
        Directory.EnumerateFiles(folder, pattern, SearchOption.AllDirectories)
            .Where(file => new FileInfo(file).Length is > 0 and <= MaxSeedBytes)
            .Order(StringComparer.Ordinal)
            .Select(file => (Path.GetFileName(file), File.ReadAllBytes(file)));
}
