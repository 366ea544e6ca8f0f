using System.Collections.Immutable;
using System.Text.Json.Serialization.Metadata;
using CleanRoom.Protocol.Json;

namespace CleanRoom.Protocol.Documents;

/// <summary>Takes apart what a document declares and what it does not, such as the members of a later version.</summary>
/// <remarks>For comparing texts alone. Nothing is read, signed or stored in which a member is unknown.</remarks>
internal static class UnknownMembers
{
    /// <summary>Returns the tree without the members that the shape does not declare, and adds each of these with its JSON path.</summary>
    /// <param name="tree">What was read.</param>
    /// <param name="shape">The declared members.</param>
    /// <param name="extraMember">A member of the root that <paramref name="shape"/> does not list, or null.</param>
    /// <param name="unknown">Gets JSON path and value of each other member.</param>
    public static JsonValue Split(JsonValue tree, JsonTypeInfo shape, string? extraMember, ImmutableSortedDictionary<string, JsonValue>.Builder unknown) =>
        Split(tree, shape, "$", extraMember, unknown);

    private static JsonValue Split(
        JsonValue value, JsonTypeInfo shape, string path, string? extraMember, ImmutableSortedDictionary<string, JsonValue>.Builder unknown)
    {
        if (Nullable.GetUnderlyingType(shape.Type) is { } underlying)
        {
            shape = shape.Options.GetTypeInfo(underlying);
        }

        return (shape.Kind, value) switch
        {
            (JsonTypeInfoKind.Object, JsonObject o) => SplitMembers(o, shape, path, extraMember, unknown),
            (JsonTypeInfoKind.Enumerable, JsonArray a) =>
                new JsonArray([.. a.Items.Select((item, i) => Split(item, ElementOf(shape), $"{path}[{i}]", extraMember: null, unknown))]),
            (JsonTypeInfoKind.Dictionary, JsonObject o) =>
                new JsonObject([.. o.Members.Select(member => new JsonMember(
                    member.Name, Split(member.Value, ElementOf(shape), DocumentShape.Child(path, member.Name), extraMember: null, unknown)))]),
            _ => value,
        };
    }

    private static JsonObject SplitMembers(
        JsonObject value, JsonTypeInfo shape, string path, string? extraMember, ImmutableSortedDictionary<string, JsonValue>.Builder unknown)
    {
        var declared = shape.Properties.ToDictionary(property => property.Name, StringComparer.Ordinal);
        var known = ImmutableArray.CreateBuilder<JsonMember>();
        foreach (var member in value.Members)
        {
            var at = DocumentShape.Child(path, member.Name);
            if (declared.TryGetValue(member.Name, out var property))
            {
                known.Add(new JsonMember(member.Name, Split(member.Value, shape.Options.GetTypeInfo(property.PropertyType), at, extraMember: null, unknown)));
            }
            else if (string.Equals(member.Name, extraMember, StringComparison.Ordinal))
            {
                known.Add(member);
            }
            else
            {
                // Names that cannot be shown look alike: none of them is lost for that.
                while (unknown.ContainsKey(at))
                {
                    at += "'";
                }

                unknown.Add(at, member.Value);
            }
        }

        return new JsonObject(known.ToImmutable());
    }

    private static JsonTypeInfo ElementOf(JsonTypeInfo shape) => shape.Options.GetTypeInfo(shape.ElementType!); // Has one by its kind.
}
