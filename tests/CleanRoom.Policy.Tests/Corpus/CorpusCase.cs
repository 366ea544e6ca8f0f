using System.Text.RegularExpressions;
using CleanRoom.TestKit;

namespace CleanRoom.Policy.Tests.Corpus;

/// <summary>A query with its expected verdict.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Class">The class of attack.</param>
/// <param name="Expected">
/// <c>ALLOW</c>, or <c>REJECT:code</c>; several codes are separated by <c>_OR_</c>. What a run does about a query is said elsewhere.
/// </param>
/// <param name="Sql">The text.</param>
internal sealed partial record CorpusCase(string Id, string Class, string Expected, string Sql)
{
    private const string Reject = "REJECT:";

    /// <summary>Gets the committed cases.</summary>
    public static IReadOnlyList<CorpusCase> Own { get; } = Read(RepositoryFiles.Committed("contracts", "vectors", "policy", "queries.sql"));

    /// <summary>Gets the committed variants of known attacks.</summary>
    public static IReadOnlyList<CorpusCase> Attacks { get; } = Read(RepositoryFiles.Committed("contracts", "vectors", "policy", "attacks.sql"));

    /// <summary>Gets the committed cases of the tier list, under <see cref="Support.Examples.Lists"/>.</summary>
    public static IReadOnlyList<CorpusCase> Lists { get; } = Read(RepositoryFiles.Committed("contracts", "vectors", "policy", "lists.sql"));

    /// <summary>Gets the committed cases of every type, grain and place, under <see cref="Support.Examples.Edges"/>.</summary>
    public static IReadOnlyList<CorpusCase> Edges { get; } = Read(RepositoryFiles.Committed("contracts", "vectors", "policy", "edges.sql"));

    /// <summary>Gets the committed cases of the tier dp, under <see cref="Support.Examples.Noise"/>.</summary>
    public static IReadOnlyList<CorpusCase> Noise { get; } = Read(RepositoryFiles.Committed("contracts", "vectors", "policy", "noise.sql"));

    /// <summary>Gets the codes of which one must be among the verdict's; null when the query is allowed.</summary>
    public IReadOnlyList<string>? Codes => Expected.StartsWith(Reject, StringComparison.Ordinal) ? Expected[Reject.Length..].Split("_OR_") : null;

    /// <summary>Reads the marker grammar <c>--# ID | class | expect=VERDICT</c>; the lines up to the next marker that are no comments are the text.</summary>
    public static IReadOnlyList<CorpusCase> Read(string path)
    {
        var cases = new List<CorpusCase>();
        foreach (var line in File.ReadLines(path))
        {
            if (Marker().Match(line) is { Success: true } marker)
            {
                cases.Add(new CorpusCase(marker.Groups[1].Value, marker.Groups[2].Value.Trim(), marker.Groups[3].Value, string.Empty));
            }
            else if (cases.Count > 0 && line.Length > 0 && !line.StartsWith("--", StringComparison.Ordinal))
            {
                cases[^1] = cases[^1] with { Sql = cases[^1].Sql + line + "\n" };
            }
        }

        return cases;
    }

    public override string ToString() => Id;

    [GeneratedRegex(@"^--# (\S+) \| (.+) \| expect=(\S+)$")]
    private static partial Regex Marker();
}
