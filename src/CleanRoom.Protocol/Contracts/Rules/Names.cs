using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace CleanRoom.Protocol.Contracts.Rules;

/// <summary>The forms of names and texts in a contract. Spec: contracts/spec/0002 s.3.</summary>
internal static class Names
{
    private const int ShortLength = 31;
    private const int ColumnLength = 63;
    private const int ShownLength = 60;

    // Words that the SQL dialect does not take as a bare name, the dialect's own schemas and virtual columns, and the words
    // that have a meaning of their own in a contract or a verdict.
    private static readonly FrozenSet<string> _reserved = (
        "all analyse analyze and anti any array as asc asof at authorization between binary both by case cast check collate collation "
        + "column concurrently constraint create cross cube current_date current_time current_timestamp default deferrable desc "
        + "describe distinct do else end except exists false fetch filter for foreign freeze from full glob group grouping having "
        + "ilike in initially inner intersect into is isnull join lambda lateral leading left like limit map natural not notnull null "
        + "offset on only or order outer over overlaps pivot pivot_longer pivot_wider placing positional primary qualify recursive "
        + "references returning right rollup row rows select semi sets show similar some struct summarize symmetric table tablesample "
        + "then to trailing true try_cast union unique unpivot using values variadic verbose when where window with within "
        + "information_schema main memory pg_catalog system temp "
        + "file_index file_row_number filename rowid "
        + "analyst none room").Split(' ').ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Says whether the text is <c>[a-z][a-z0-9_]{0,30}</c>.</summary>
    public static bool IsShort(string text) => IsLowerName(text, ShortLength, "_");

    /// <summary>Says whether the text is <c>[a-z][a-z0-9_]{0,62}</c>.</summary>
    public static bool IsColumn(string text) => IsLowerName(text, ColumnLength, "_");

    /// <summary>Says whether the text is a letter and then letters, digits and the extra characters.</summary>
    public static bool IsLowerName(string text, int maxLength, string extra) =>
        text.Length >= 1 && text.Length <= maxLength && char.IsAsciiLetterLower(text[0])
        && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || extra.Contains(c, StringComparison.Ordinal));

    /// <summary>Says whether SQL or the contract gives the word a meaning of its own.</summary>
    public static bool IsReserved(string text) => _reserved.Contains(text);

    /// <summary>Says whether a text can be shown to a person as it is: not empty, no control or direction-changing character.</summary>
    public static bool IsPlain(string text, int maxLength, bool lines = false) =>
        text.Length >= 1 && text.Length <= maxLength && !string.IsNullOrWhiteSpace(text)
        && text.EnumerateRunes().All(rune => IsPlain(rune) || (lines && rune.Value is '\n' or '\t'));

    /// <summary>Returns a text of the contract, short and harmless, for messages.</summary>
    public static string Show(string text)
    {
        var shown = new StringBuilder();
        foreach (var rune in text.EnumerateRunes().Take(ShownLength))
        {
            shown.Append(IsPlain(rune) ? rune.ToString() : "?");
        }

        return text.Length > ShownLength ? $"'{shown}...'" : $"'{shown}'";
    }

    private static bool IsPlain(Rune rune) =>
        rune != Rune.ReplacementChar
        && !IsDirection(rune.Value)
        && Rune.GetUnicodeCategory(rune)
            is not (UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate);

    // Unicode bidirectional controls: they make a text read other than it is stored.
    private static bool IsDirection(int value) => value is 0x061C or 0x200E or 0x200F or (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069);
}
