namespace CleanRoom.Datasets.Normalise;

/// <summary>Normal forms of e-mail addresses. Spec: contracts/spec/0007 s.8; UID2, normalization and encoding.</summary>
internal static class EmailForms
{
    /// <summary>The longest address: RFC 5321 s.4.5.3.1.3.</summary>
    private const int LongestAddress = 254;

    /// <summary>Trims and lowers; null if the rest is not <c>local@domain</c> without spaces.</summary>
    public static string? Basic(string text)
    {
        var address = text.Trim(' ', '\t', '\r', '\n').ToLowerInvariant();
        var at = address.IndexOf('@', StringComparison.Ordinal);
        return address.Length <= LongestAddress
            && at > 0
            && at == address.LastIndexOf('@')
            && at < address.Length - 1
            && !address.Any(c => c <= ' ' || c == '\x7F')
            ? address
            : null;
    }

    /// <summary>As <see cref="Basic"/>; for gmail.com besides without dots and without what follows a plus in the local part.</summary>
    public static string? Uid2(string text)
    {
        const string Gmail = "@gmail.com";
        if (Basic(text) is not { } address || !address.EndsWith(Gmail, StringComparison.Ordinal))
        {
            return Basic(text);
        }

        var local = address[..^Gmail.Length];
        var plus = local.IndexOf('+', StringComparison.Ordinal);
        local = (plus < 0 ? local : local[..plus]).Replace(".", "", StringComparison.Ordinal);
        return local.Length == 0 ? null : local + Gmail;
    }
}
