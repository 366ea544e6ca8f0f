using CleanRoom.Protocol.Documents;

namespace CleanRoom.Protocol.Contracts;

/// <summary>The words of the contract's enumerations, as people read them and as the document spells them.</summary>
internal static class Words
{
    /// <summary>Returns the word; an unknown value is <c>unknown</c>.</summary>
    public static string Of<T>(T value)
        where T : struct, Enum => value switch
        {
            ColumnUse.CountDistinct => "count-distinct",
            BudgetRefresh.DatasetVersion => "dataset-version",
            _ => Enum.IsDefined(value) ? value.ToString().ToLowerInvariant() : "unknown",
        };

    /// <summary>Returns the words with commas and a last "and".</summary>
    public static string List(IReadOnlyList<string> words, string none = "nobody") => words.Count switch
    {
        0 => none,
        1 => words[0],
        _ => string.Join(", ", words.Take(words.Count - 1)) + " and " + words[^1],
    };
}
