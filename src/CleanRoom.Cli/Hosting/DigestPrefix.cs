using System.Collections.Immutable;
using CleanRoom.Protocol;

namespace CleanRoom.Cli.Hosting;

/// <summary>Finds what a person names by the beginning of its digest.</summary>
internal static class DigestPrefix
{
    private const int Shortest = 4;

    /// <summary>Returns the only value whose digest begins so.</summary>
    public static Result<T> Find<T>(string prefix, ImmutableDictionary<Digest, T> known, RefusalCode unknown, string wanted)
        where T : notnull
    {
        if (prefix.Length < Shortest)
        {
            return new Refusal(RefusalCode.DocumentInvalid, $"at least {Shortest} digits of a digest", $"{prefix.Length}");
        }

        var found = known.Where(entry => entry.Key.ToString().StartsWith(prefix, StringComparison.Ordinal)).Select(entry => entry.Value).ToList();
        return found is [var only] ? only : new Refusal(unknown, wanted, found.Count == 0 ? "no such digest" : $"{found.Count} that begin so");
    }
}
