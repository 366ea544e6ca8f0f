namespace CleanRoom.Datasets.Normalise;

/// <summary>Normal forms of telephone numbers. Spec: contracts/spec/0007 s.8; ITU-T E.164.</summary>
internal static class PhoneForms
{
    private const int FewestDigits = 7;
    private const int MostDigits = 15;

    /// <summary>
    /// Drops spaces, hyphens, dots and parentheses; puts <c>+</c> before the digits. The number must begin with its country
    /// code: a national number cannot be told from a foreign one, so one that begins with 0 is null, and so is 00 for +.
    /// </summary>
    public static string? E164(string text)
    {
        var number = string.Concat(text.Where(c => c is not (' ' or '-' or '.' or '(' or ')' or '\t')));
        var digits = number.StartsWith('+') ? number[1..] : number;
        return digits.Length is >= FewestDigits and <= MostDigits && digits[0] != '0' && digits.All(char.IsAsciiDigit) ? "+" + digits : null;
    }
}
