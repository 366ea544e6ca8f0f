using System.Collections.Immutable;

namespace CleanRoom.Policy.Verdicts;

/// <summary>Collects every reason against a query, each once per party.</summary>
internal sealed class Findings
{
    /// <summary>The most that one verdict lists, so that it fits a document whatever the text and the contract name.</summary>
    public const int MaxItems = 128;

    private readonly Dictionary<(string Party, string Code, string Reason), Finding> _items = [];

    /// <summary>Gets a value that says whether the query is refused.</summary>
    public bool Any => _items.Count > 0;

    /// <summary>Gets the findings by party, code and reason, in ordinal order.</summary>
    public ImmutableArray<Finding> Items =>
    [
        .. _items.Values
            .OrderBy(item => item.Party, StringComparer.Ordinal)
            .ThenBy(item => item.Code, StringComparer.Ordinal)
            .ThenBy(item => item.Reason, StringComparer.Ordinal),
    ];

    /// <summary>Adds one; the first of a party, code and reason stays. Beyond <see cref="MaxItems"/> one says that there are more.</summary>
    public void Add(Finding finding)
    {
        if (_items.Count >= MaxItems - 1)
        {
            finding = RoomRules.MoreReasons(MaxItems - 1);
        }

        _items.TryAdd((finding.Party, finding.Code, finding.Reason), finding);
    }
}
