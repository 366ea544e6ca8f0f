using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using CleanRoom.Protocol.Json;

namespace CleanRoom.Protocol.Documents;

/// <summary>Compares what was read with the members that a document declares, and names every place that differs.</summary>
/// <remarks>
/// Closes what the serializer leaves open (null inside arrays and maps, enums given as numbers) and lets a person see all
/// unknown and missing members at once. Paths are JSON paths (RFC 9535).
/// </remarks>
internal static class DocumentShape
{
    private const int MaxRefusals = 20;

    /// <summary>Returns a <see cref="RefusalCode.DocumentInvalid"/> for each place, at most 20.</summary>
    /// <param name="tree">What was read.</param>
    /// <param name="shape">The declared members.</param>
    /// <param name="extraMember">A member of the root that <paramref name="shape"/> does not list, or null.</param>
    public static ImmutableArray<Refusal> Check(JsonValue tree, JsonTypeInfo shape, string? extraMember)
    {
        var refusals = ImmutableArray.CreateBuilder<Refusal>();
        CheckValue(tree, shape, "$", extraMember, refusals);
        return refusals.Count <= MaxRefusals ? refusals.DrainToImmutable() : [.. refusals.Take(MaxRefusals)];
    }

    /// <summary>Returns the path of the first place where two trees differ, or null.</summary>
    public static string? FirstDifference(JsonValue read, JsonValue written, string path = "$")
    {
        switch (read, written)
        {
            case (JsonObject a, JsonObject b):
                var members = a.Members
                    .Select(member => b.Find(member.Name) is { } other
                        ? FirstDifference(member.Value, other, Child(path, member.Name))
                        : Child(path, member.Name));
                return members.FirstOrDefault(difference => difference is not null)
                    ?? (a.Members.Length == b.Members.Length ? null : path);
            case (JsonArray a, JsonArray b) when a.Items.Length == b.Items.Length:
                return a.Items
                    .Select((item, i) => FirstDifference(item, b.Items[i], $"{path}[{i}]"))
                    .FirstOrDefault(difference => difference is not null);
            default:
                return Jcs.Write(read).AsSpan().SequenceEqual(Jcs.Write(written)) ? null : path;
        }
    }

    /// <summary>Returns the serializer's path when it can stand in a message; names in it come from the sender.</summary>
    private static string Printable(string? path) =>
        path is { Length: <= 200 } && path.All(c => c is >= ' ' and <= '~') ? path : "a member with an unprintable path";

    /// <summary>Returns the refusal of what has the form and is not read: the serializer's words stay out of it.</summary>
    public static Refusal Unreadable(JsonException exception)
    {
        var wanted = exception is MemberFormatException format ? format.Wanted : "a value of the member's kind";
        return new(RefusalCode.DocumentInvalid, wanted, $"another at {Printable(exception.Path)}");
    }

    private static void CheckValue(
        JsonValue value, JsonTypeInfo shape, string path, string? extraMember, ImmutableArray<Refusal>.Builder refusals)
    {
        if (Nullable.GetUnderlyingType(shape.Type) is { } underlying)
        {
            shape = shape.Options.GetTypeInfo(underlying);
        }

        switch (shape.Kind, value)
        {
            case (JsonTypeInfoKind.Object, JsonObject o):
                CheckMembers(o, shape, path, extraMember, refusals);
                break;
            case (JsonTypeInfoKind.Enumerable, JsonArray a):
                for (var i = 0; i < a.Items.Length; i++)
                {
                    CheckPresent(a.Items[i], ElementOf(shape), $"{path}[{i}]", refusals);
                }

                break;
            case (JsonTypeInfoKind.Dictionary, JsonObject o):
                foreach (var member in o.Members)
                {
                    CheckPresent(member.Value, ElementOf(shape), Child(path, member.Name), refusals);
                }

                break;
            case (JsonTypeInfoKind.Object or JsonTypeInfoKind.Dictionary, _):
                Refuse(refusals, "an object", $"something else at {path}");
                break;
            case (JsonTypeInfoKind.Enumerable, _):
                Refuse(refusals, "an array", $"something else at {path}");
                break;
            case (_, not JsonString) when shape.Type.IsEnum:
                Refuse(refusals, "one of the declared words", $"no string at {path}");
                break;
            default:
                // The serializer checks strings, numbers and booleans.
                break;
        }
    }

    private static void CheckMembers(
        JsonObject value, JsonTypeInfo shape, string path, string? extraMember, ImmutableArray<Refusal>.Builder refusals)
    {
        var declared = shape.Properties.ToDictionary(property => property.Name, StringComparer.Ordinal);
        foreach (var member in value.Members)
        {
            var at = Child(path, member.Name);
            if (declared.Remove(member.Name, out var property))
            {
                if (member.Value is not JsonNull)
                {
                    CheckValue(member.Value, shape.Options.GetTypeInfo(property.PropertyType), at, extraMember: null, refusals);
                }
                else if (!IsNullable(property))
                {
                    Refuse(refusals, "a value", $"null at {at}");
                }
            }
            else if (!string.Equals(member.Name, extraMember, StringComparison.Ordinal))
            {
                Refuse(refusals, "only declared members", $"the unknown member {at}");
            }
        }

        foreach (var missing in declared.Values.Where(IsRequired))
        {
            Refuse(refusals, $"the member {Child(path, missing.Name)}", "none");
        }
    }

    // A member that a constructor takes is described by its parameter; one that is only set beside the constructor, by itself.
    private static bool IsNullable(JsonPropertyInfo property) =>
        property.AssociatedParameter is { IsMemberInitializer: false } parameter ? parameter.IsNullable : property.IsSetNullable;

    private static bool IsRequired(JsonPropertyInfo property) =>
        property.IsRequired || property.AssociatedParameter is { IsMemberInitializer: false, HasDefaultValue: false };

    private static void CheckPresent(JsonValue value, JsonTypeInfo shape, string path, ImmutableArray<Refusal>.Builder refusals)
    {
        if (value is JsonNull)
        {
            Refuse(refusals, "a value", $"null at {path}");
        }
        else
        {
            CheckValue(value, shape, path, extraMember: null, refusals);
        }
    }

    private static JsonTypeInfo ElementOf(JsonTypeInfo shape) => shape.Options.GetTypeInfo(shape.ElementType!); // Has one by its kind.

    /// <summary>Returns the path of a member.</summary>
    /// <remarks>Names come from the sender: only plain ones are repeated, so that no message carries control characters or megabytes.</remarks>
    public static string Child(string path, string name) =>
        name.Length <= 64 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.')
            ? $"{path}.{name}"
            : $"{path}[a name of {name.Length} characters]";

    private static void Refuse(ImmutableArray<Refusal>.Builder refusals, string wanted, string got)
    {
        if (refusals.Count <= MaxRefusals)
        {
            refusals.Add(new Refusal(RefusalCode.DocumentInvalid, wanted, got));
        }
    }
}
