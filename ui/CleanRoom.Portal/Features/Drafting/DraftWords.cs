using System.Collections.Immutable;
using CleanRoom.Portal.Texts;

namespace CleanRoom.Portal.Features.Drafting;

/// <summary>The words that a contract may use in a place, as they are written in it. A test compares them with those that the reader takes.</summary>
internal static class DraftWords
{
    public static ImmutableArray<string> Types { get; } = ["boolean", "int32", "int64", "decimal", "string", "date", "timestamp", "uuid", "sha256"];

    public static ImmutableArray<string> Uses { get; } = ["join", "group", "filter", "sum", "avg", "count-distinct", "list"];

    public static ImmutableArray<string> Tiers { get; } = ["threshold", "dp", "list"];

    public static ImmutableArray<string> Approvals { get; } = ["each", "template", "none"];

    public static ImmutableArray<string> Refreshes { get; } = ["none", "dataset-version"];

    public static ImmutableArray<string> Histories { get; } = ["enforce", "off"];

    public static ImmutableArray<string> Formats { get; } = ["arrow", "csv", "parquet"];

    public static ImmutableArray<string> Defences { get; } = ["witnesses", "counter", "none"];

    public static ImmutableArray<string> Profiles { get; } = ["email.basic.v1", "email.uid2.v1", "phone.e164.v1"];

    public static ImmutableArray<string> Tees { get; } = ["amd-sev-snp", "intel-tdx", "tpm", "simulated"];

    /// <summary>Gives each word its explanation.</summary>
    /// <param name="words">As the contract has them.</param>
    /// <param name="key">The key of a word's explanation.</param>
    public static ImmutableArray<KeyValuePair<string, string>> Explained(ImmutableArray<string> words, Func<string, string> key) =>
        [.. words.Select(word => KeyValuePair.Create(word, PortalText.Of(key(word))))];

    /// <summary>Shows each word as it is.</summary>
    public static ImmutableArray<KeyValuePair<string, string>> Plain(IEnumerable<string> words) => [.. words.Select(word => KeyValuePair.Create(word, word))];
}
