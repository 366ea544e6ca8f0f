using System.Globalization;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Json;

namespace CleanRoom.Client.Contracts.Drafting;

/// <summary>Finds the place in a draft that a problem names: by JSON path (the reader), or by the names of things (the rules).</summary>
/// <remarks>
/// Names come from the draft and may hold any character, so a path is not taken apart by itself: at each step the names that are there are tried, the
/// longest first. A path that leads nowhere gives the nearest place above.
/// </remarks>
internal static class DraftPlaces
{
    private const int ShownLength = 60;

    /// <summary>Returns the place of a refusal by the reader, which names a JSON path (RFC 9535) in its text.</summary>
    public static string OfRefusal(ContractDraft draft, Refusal refusal)
    {
        var text = refusal.Wanted.Contains('$', StringComparison.Ordinal) ? refusal.Wanted : refusal.Got;
        var start = text.IndexOf('$', StringComparison.Ordinal);
        return start < 0 ? string.Empty : Follow(draft.Root, text[(start + 1)..], string.Empty);
    }

    /// <summary>Returns the place of a problem of the rules, such as <c>datasets[clinic.events].policy.access</c>.</summary>
    public static string OfRule(ContractDraft draft, string path) => Follow(draft.Root, "." + path, string.Empty);

    private static string Follow(JsonValue at, string rest, string place)
    {
        if (rest.Length == 0)
        {
            return place;
        }

        switch (at)
        {
            case JsonObject o:
                foreach (var member in o.Members.OrderByDescending(member => member.Name.Length))
                {
                    foreach (var spelled in (string[])[$".{member.Name}", $"['{member.Name}']", $"[{Shown(member.Name)}]"])
                    {
                        if (Begins(rest, spelled))
                        {
                            return Follow(member.Value, rest[spelled.Length..], JsonPointer.Child(place, member.Name));
                        }
                    }
                }

                return MissingMember(rest) is { } missing ? JsonPointer.Child(place, missing) : place;
            case JsonArray a:
                for (var i = 0; i < a.Items.Length; i++)
                {
                    if (Spellings(a.Items[i], i).FirstOrDefault(spelled => Begins(rest, spelled)) is { } spelled)
                    {
                        return Follow(a.Items[i], rest[spelled.Length..], JsonPointer.Child(place, i));
                    }
                }

                return place;
            default:
                return place;
        }
    }

    /// <summary>The member that a path ends with, where it is not there yet.</summary>
    private static string? MissingMember(string rest) =>
        rest.Length > 1 && rest[0] == '.' && rest.AsSpan(1).IndexOfAny(".[ ") < 0 ? rest[1..] : null;

    private static bool Begins(string rest, string spelled) =>
        rest.StartsWith(spelled, StringComparison.Ordinal) && (rest.Length == spelled.Length || rest[spelled.Length] is '.' or '[');

    /// <summary>The ways in which paths name an item: by its number, or by what tells it from the others.</summary>
    private static IEnumerable<string> Spellings(JsonValue item, int index)
    {
        yield return string.Create(CultureInfo.InvariantCulture, $"[{index}]");
        if (item is JsonObject o)
        {
            foreach (var name in (string?[])[Text(o, "id"), Text(o, "owner") is { } owner ? $"{owner}.{Text(o, "name")}" : Text(o, "name"), Text(o, "collaborator")])
            {
                if (name is not null)
                {
                    yield return $"[{name}]";
                    yield return $"[{Shown(name)}]";
                }
            }
        }
    }

    private static string? Text(JsonObject o, string name) => o.Find(name) is JsonString text ? text.Value : null;

    /// <summary>As the rules show a name, but for characters that they replace: such a name leads to the place above.</summary>
    private static string Shown(string name)
    {
        var runes = name.EnumerateRunes().ToList();
        return runes.Count > ShownLength ? $"'{string.Concat(runes.Take(ShownLength))}...'" : $"'{name}'";
    }
}
