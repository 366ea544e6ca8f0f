namespace CleanRoom.Attestation.Formats;

/// <summary>Makes text that came from the other side fit to be shown.</summary>
internal static class Printable
{
    private const int MaxChars = 120;

    /// <summary>Returns the text with everything but printable ASCII replaced, cut at 120 characters.</summary>
    public static string Text(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return "none";
        }

        var shown = text.Length > MaxChars ? text[..MaxChars] : text;
        return string.Create(shown.Length, shown, static (span, source) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                span[i] = source[i] is >= ' ' and <= '~' ? source[i] : '?';
            }
        });
    }
}
