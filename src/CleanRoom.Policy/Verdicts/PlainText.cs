using System.Globalization;
using System.Text;

namespace CleanRoom.Policy.Verdicts;

/// <summary>Text of an analyst or an engine as it may be shown to a person: short, in one line, read as it is stored.</summary>
internal static class PlainText
{
    /// <summary>Says whether the text can be shown as it is.</summary>
    /// <param name="text">Trust: collaborator-controlled.</param>
    /// <param name="maxLength">In UTF-16 code units.</param>
    public static bool Is(string text, int maxLength) => text.Length > 0 && text.Length <= maxLength && text.EnumerateRunes().All(IsPlain);

    /// <summary>Returns the text with other characters replaced and what is too long cut off.</summary>
    public static string Of(string text, int maxLength)
    {
        var isCut = text.Length > maxLength;
        var plain = new StringBuilder();
        foreach (var rune in (isCut ? text[..maxLength] : text).EnumerateRunes())
        {
            plain.Append(IsPlain(rune) ? rune.ToString() : "?");
        }

        return isCut ? plain.Append("...").ToString() : plain.ToString();
    }

    private static bool IsPlain(Rune rune) => rune != Rune.ReplacementChar && Rune.GetUnicodeCategory(rune)
        is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
            or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);
}
