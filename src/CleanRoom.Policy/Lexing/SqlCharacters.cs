using System.Globalization;
using System.Text;

namespace CleanRoom.Policy.Lexing;

/// <summary>Which characters may stand where, so that a text is to a person what it is to the engine.</summary>
/// <remarks>
/// The engine takes some characters of Unicode for spaces: <c>user[U+200B]_id</c> is <c>user AS _id</c> to it and <c>user_id</c> to a reader.
/// Bidirectional controls show a text in another order than it is read. Spec: contracts/spec/0008 s.2; Boucher, Anderson: Trojan Source (2021).
/// </remarks>
internal static class SqlCharacters
{
    /// <summary>Returns what is wrong with a token, or null.</summary>
    public static string? WrongIn(string sql, SqlToken token) => token.Kind switch
    {
        SqlTokenKind.Text => Wrong(sql, token.Start, token.Start + token.Length, IsBidirectional, "in a string"),
        SqlTokenKind.QuotedIdentifier => Wrong(sql, token.Start, token.Start + token.Length, IsInvisible, "in a quoted name"),
        _ => Wrong(sql, token.Start, token.Start + token.Length, rune => !rune.IsAscii, "outside strings and quoted names"),
    };

    /// <summary>Returns what is wrong with spaces and comments, or null.</summary>
    public static string? WrongBetween(string sql, int start, int end) => Wrong(sql, start, end, IsInvisible, "between words or in a comment");

    private static string? Wrong(string sql, int start, int end, Func<Rune, bool> isWrong, string where)
    {
        for (var i = start; i < end;)
        {
            var rune = Rune.GetRuneAt(sql, i);
            if (isWrong(rune))
            {
                var before = sql.AsSpan(0, i);
                var line = before.Count('\n') + 1;
                var column = before[(before.LastIndexOf('\n') + 1)..].Length + 1;
                return string.Create(CultureInfo.InvariantCulture, $"the character U+{rune.Value:X4} at line {line}, column {column} may not stand {where}");
            }

            i += rune.Utf16SequenceLength;
        }

        return null;
    }

    /// <summary>A space that is not the usual one, or a character that has no shape of its own.</summary>
    private static bool IsInvisible(Rune rune) => !rune.IsAscii && (Rune.IsWhiteSpace(rune) || Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.SpaceSeparator
            or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned || IsFiller(rune));

    /// <summary>Letters and marks that are drawn as nothing: joiners, fillers, variation selectors, the blank of Braille.</summary>
    private static bool IsFiller(Rune rune) => rune.Value
        is 0x034f or 0x115f or 0x1160 or 0x17b4 or 0x17b5 or 0x180b or 0x180c or 0x180d or 0x2800 or 0x3164 or 0xffa0
            or (>= 0xfe00 and <= 0xfe0f) or (>= 0xe0100 and <= 0xe01ef);

    /// <summary>A control of the Unicode bidirectional algorithm. Spec: UAX 9 s.2.</summary>
    private static bool IsBidirectional(Rune rune) => rune.Value
        is 0x061c or 0x200e or 0x200f or (>= 0x202a and <= 0x202e) or (>= 0x2066 and <= 0x2069);
}
