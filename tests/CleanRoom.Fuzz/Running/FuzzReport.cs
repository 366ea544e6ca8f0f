using System.Collections.Immutable;

namespace CleanRoom.Fuzz.Running;

/// <summary>What happened to a target.</summary>
/// <param name="Target">The target's name.</param>
/// <param name="Runs">Changed inputs that were given to it.</param>
/// <param name="Parsed">Those whose form was read.</param>
/// <param name="Verified">Those that passed the second step too.</param>
/// <param name="Slowest">The longest run, in time of the processor.</param>
/// <param name="Finding">What went wrong, on which a target ends; null when nothing did.</param>
internal sealed record FuzzReport(string Target, long Runs, long Parsed, long Verified, TimeSpan Slowest, FuzzFinding? Finding);

/// <summary>Something that must not happen, with the input that made it happen.</summary>
/// <param name="Seed">The seed that was changed.</param>
/// <param name="What">An exception, a run that does not end, or an acceptance that must not be.</param>
/// <param name="Parts">The changed input.</param>
internal sealed record FuzzFinding(string Seed, string What, ImmutableArray<byte[]> Parts)
{
    /// <summary>Writes the parts to files of a folder and returns the first file's path.</summary>
    public string Keep(string folder, string target)
    {
        Directory.CreateDirectory(folder);
        for (var i = 0; i < Parts.Length; i++)
        {
            File.WriteAllBytes(PathOf(folder, target, i), Parts[i]);
        }

        return PathOf(folder, target, 0);
    }

    private static string PathOf(string folder, string target, int part) => Path.Combine(folder, $"{target}.{part}.bin");
}
