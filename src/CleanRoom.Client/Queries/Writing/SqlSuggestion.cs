namespace CleanRoom.Client.Queries.Writing;

/// <summary>What could be written at a place.</summary>
/// <param name="Text">What would be put in the place of the word that is begun.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Detail">What is known of it, in a few words: a column's type and uses, a dataset's owner; empty for a keyword.</param>
public sealed record SqlSuggestion(string Text, SqlSuggestionKind Kind, string Detail);

/// <summary>What can be suggested.</summary>
public enum SqlSuggestionKind
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>A dataset of the contract, as <c>owner.name</c>.</summary>
    Table = 1,

    /// <summary>A column of a dataset in the text.</summary>
    Column = 2,

    /// <summary>A function that a query may have.</summary>
    Function = 3,

    /// <summary>A word of the language.</summary>
    Keyword = 4,
}
