using System.Collections.Immutable;
using CleanRoom.Protocol.Json;

namespace CleanRoom.Protocol.Gossip;

/// <summary>Reads the files that members hand to each other: exactly the named members and a type, in the one written form.</summary>
internal static class GossipJson
{
    /// <summary>Reads one. Trust: whoever handed it over.</summary>
    public static Result<JsonObject> Read(ReadOnlySpan<byte> utf8, int maxBytes, string type, ImmutableArray<string> members)
    {
        if (!StrictJson.Parse(utf8, maxBytes).TryGet(out var tree, out var refusals))
        {
            return refusals;
        }

        return tree is JsonObject o && o.Find("type") is JsonString { Value: var got } && got == type && o.Members.Length == members.Length + 1
            && members.All(member => o.Find(member) is not null) && utf8.SequenceEqual(Jcs.Write(o))
            ? o
            : Wrong(type);
    }

    /// <summary>Returns a member as bytes; null when it is none.</summary>
    public static Bytes? Bytes(JsonObject tree, string name) =>
        tree.Find(name) is JsonString { Value: var text } && Protocol.Bytes.TryParse(text, out var bytes) ? bytes : null;

    /// <summary>Refuses another form.</summary>
    public static Refusal Wrong(string type) => new(RefusalCode.DocumentInvalid, $"the members of {type} in their one written form", "another form");
}
