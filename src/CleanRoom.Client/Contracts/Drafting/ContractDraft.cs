using System.Collections.Immutable;
using System.Globalization;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Json;

namespace CleanRoom.Client.Contracts.Drafting;

/// <summary>A contract while it is written: its JSON, which need not be one yet. An edit gives another draft; what is not edited stays as it is.</summary>
/// <remarks>Immutable. Every place is a JSON pointer (RFC 6901). A form over it and a file cannot differ: both are these members.</remarks>
public sealed class ContractDraft
{
    private ContractDraft(JsonObject root) => Root = root;

    /// <summary>Gets the document's members.</summary>
    public JsonObject Root { get; }

    /// <summary>Reads a draft: any JSON object of the formats' subset that says that it is a contract.</summary>
    /// <returns>The draft, with members that no contract has too; or <see cref="RefusalCode.JsonInvalid"/>, <see cref="RefusalCode.DocumentTooLarge"/>, <see cref="RefusalCode.DocumentUnknownType"/>.</returns>
    public static Result<ContractDraft> FromPerson(ReadOnlySpan<byte> utf8) =>
        StrictJson.Parse(utf8, DocumentCodec.MaxDocumentBytes).Then(tree => tree is JsonObject root && root.Find("type") is JsonString { Value: "cleanroom/v1/contract" }
            ? Result.Accept(new ContractDraft(root))
            : Result.Refuse<ContractDraft>(RefusalCode.DocumentUnknownType, "a document of the type cleanroom/v1/contract", "another"));

    /// <summary>Begins with a contract.</summary>
    public static ContractDraft Of(Contract contract) => FromPerson(DocumentCodec.Encode(contract)).Value; // What was encoded is one.

    /// <summary>Returns the canonical bytes, which are the stored bytes once this is a contract.</summary>
    public byte[] ToBytes() => Jcs.Write(Root);

    /// <summary>Returns what stands at a place; null when there is nothing.</summary>
    public JsonValue? Find(string place)
    {
        JsonValue? at = Root;
        foreach (var part in JsonPointer.Split(place))
        {
            at = at switch
            {
                JsonObject o => o.Find(part),
                JsonArray a when TryIndex(part, a.Items.Length, out var index) => a.Items[index],
                _ => null,
            };
        }

        return at;
    }

    /// <summary>Returns the text at a place: of a string as it is, of a number in digits; null for anything else.</summary>
    public string? Text(string place) => Find(place) switch
    {
        JsonString text => text.Value,
        JsonInteger number => number.Value.ToString(CultureInfo.InvariantCulture),
        _ => null,
    };

    /// <summary>Returns the strings of an array at a place; empty for anything else.</summary>
    public ImmutableArray<string> Words(string place) =>
        Find(place) is JsonArray array ? [.. array.Items.OfType<JsonString>().Select(item => item.Value)] : [];

    /// <summary>Returns the number of items of an array at a place; 0 for anything else.</summary>
    public int Count(string place) => Find(place) is JsonArray array ? array.Items.Length : 0;

    /// <summary>Says whether true stands at a place.</summary>
    public bool IsTrue(string place) => Find(place) is JsonBoolean { Value: true };

    /// <summary>Puts a value at a place. A member that is not there is added; objects on the way too.</summary>
    public ContractDraft With(string place, JsonValue value) => new((JsonObject)Set(Root, JsonPointer.Split(place), 0, value)!);

    /// <summary>Takes a member or an item away, where there is one.</summary>
    public ContractDraft Without(string place) =>
        place.Length == 0 || Find(place) is null ? this : new((JsonObject)Set(Root, JsonPointer.Split(place), 0, null)!);

    /// <summary>Adds an item to an array.</summary>
    public ContractDraft Add(string place, JsonValue item) =>
        With(place, new JsonArray(Find(place) is JsonArray array ? array.Items.Add(item) : [item]));

    /// <summary>Gives a member of an object another name, at its place among the others.</summary>
    public ContractDraft Rename(string place, string before, string after) => Find(place) is JsonObject o
        ? With(place, new JsonObject([.. o.Members.Select(member => member.Name == before ? new JsonMember(after, member.Value) : member)]))
        : this;

    private static bool TryIndex(string part, int length, out int index) =>
        int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out index) && index < length;

    private static JsonValue? Set(JsonValue? at, IReadOnlyList<string> path, int depth, JsonValue? value)
    {
        if (depth == path.Count)
        {
            return value;
        }

        var name = path[depth];
        if (at is JsonArray array)
        {
            if (!TryIndex(name, array.Items.Length, out var index))
            {
                throw new ArgumentException($"wanted an item from 0 to {array.Items.Length - 1}, got {name}");
            }

            var item = Set(array.Items[index], path, depth + 1, value);
            return new JsonArray(item is null ? array.Items.RemoveAt(index) : array.Items.SetItem(index, item));
        }

        var members = at is JsonObject o ? o.Members : [];
        var place = members.IndexOf(members.FirstOrDefault(member => member.Name == name));
        var old = place >= 0 && members[place].Name == name ? members[place].Value : null;
        var next = Set(old, path, depth + 1, value);
        return (old, next) switch
        {
            (null, null) => new JsonObject(members),
            (null, _) => new JsonObject(members.Add(new JsonMember(name, next))),
            (_, null) => new JsonObject(members.RemoveAt(place)),
            _ => new JsonObject(members.SetItem(place, new JsonMember(name, next))),
        };
    }
}
