using System.Globalization;
using System.Resources;

namespace CleanRoom.Portal.Texts;

/// <summary>The portal's own words, from the resource file English.resx. A test finds a key without words, and words without a key.</summary>
internal static class PortalText
{
    private static readonly ResourceManager _words = new("CleanRoom.Portal.Texts.English", typeof(PortalText).Assembly);

    /// <summary>Returns the words of a key.</summary>
    /// <param name="key">As in the resource file.</param>
    /// <param name="values">For the places {0}, {1}, ... in them.</param>
    public static string Of(string key, params object?[] values)
    {
        var words = _words.GetString(key, CultureInfo.InvariantCulture) ?? throw new MissingManifestResourceException($"wanted words for {key}, got none");
        return values.Length == 0 ? words : string.Format(CultureInfo.InvariantCulture, words, values);
    }
}
