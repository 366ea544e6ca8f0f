using System.Collections.Immutable;

namespace CleanRoom.Policy.Verdicts;

/// <summary>Collects every code that applies, once per party.</summary>
internal sealed class Findings
{
    private readonly Dictionary<(string Party, string Code), Finding> _items = [];

    /// <summary>Gets a value that says whether the query is refused.</summary>
    public bool Any => _items.Count > 0;

    /// <summary>Gets the findings by party and code, in ordinal order.</summary>
    public ImmutableArray<Finding> Items =>
        [.. _items.Values.OrderBy(item => item.Party, StringComparer.Ordinal).ThenBy(item => item.Code, StringComparer.Ordinal)];

    /// <summary>Adds one; the first of a party and code stays.</summary>
    public void Add(Finding finding) => _items.TryAdd((finding.Party, finding.Code), finding);
}
