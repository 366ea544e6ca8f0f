using System.Globalization;

namespace CleanRoom.Client.Contracts.Drafting;

/// <summary>Places in a draft, as text. Spec: RFC 6901.</summary>
public static class JsonPointer
{
    /// <summary>Returns the place below another one.</summary>
    /// <param name="parent">A place; empty for the document.</param>
    /// <param name="name">The member's name, as it is.</param>
    public static string Child(string parent, string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return $"{parent}/{name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";
    }

    /// <summary>Returns the place of an item of an array.</summary>
    public static string Child(string parent, int index) => $"{parent}/{index.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>Returns the names and numbers on the way from the document to the place.</summary>
    public static IReadOnlyList<string> Split(string place)
    {
        ArgumentNullException.ThrowIfNull(place);
        return place.Length == 0
            ? []
            : [.. place[1..].Split('/').Select(part => part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal))];
    }
}
