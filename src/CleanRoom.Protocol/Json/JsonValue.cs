using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace CleanRoom.Protocol.Json;

/// <summary>A value of the JSON subset of the formats: no fractions, no exponents, no integers beyond 2^53-1.</summary>
/// <remarks>Immutable. Made by <see cref="StrictJson.Parse"/>, or by hand to be written with <see cref="Jcs"/>. Spec: contracts/spec/0001 s.2.</remarks>
[SuppressMessage("Usage", "CA2225", Justification = "The constructors of JsonString and JsonInteger are the named forms.")]
public abstract class JsonValue
{
    private protected JsonValue()
    {
    }

    /// <summary>Wraps a string.</summary>
    public static implicit operator JsonValue(string value) => new JsonString(value);

    /// <summary>Wraps an integer.</summary>
    public static implicit operator JsonValue(long value) => new JsonInteger(value);

    /// <summary>Wraps a digest in its text form.</summary>
    public static implicit operator JsonValue(Digest value) => new JsonString(value.ToString());

    /// <summary>Wraps a byte string in its text form.</summary>
    public static implicit operator JsonValue(Bytes value) => new JsonString(value.ToString());
}

/// <summary>Members in the order in which they were read or given.</summary>
public sealed class JsonObject : JsonValue
{
    /// <summary>Takes members whose names differ.</summary>
    public JsonObject(params ImmutableArray<JsonMember> members) => Members = members;

    /// <summary>Gets the members.</summary>
    public ImmutableArray<JsonMember> Members { get; }

    /// <summary>Returns the member's value, or null when there is no such member.</summary>
    public JsonValue? Find(string name)
    {
        foreach (var member in Members)
        {
            if (string.Equals(member.Name, name, StringComparison.Ordinal))
            {
                return member.Value;
            }
        }

        return null;
    }
}

/// <summary>A name and its value.</summary>
public readonly record struct JsonMember(string Name, JsonValue Value);

/// <summary>Values in order.</summary>
public sealed class JsonArray(ImmutableArray<JsonValue> items) : JsonValue
{
    /// <summary>Gets the values.</summary>
    public ImmutableArray<JsonValue> Items { get; } = items;
}

/// <summary>A string without lone surrogates.</summary>
public sealed class JsonString(string value) : JsonValue
{
    /// <summary>Gets the text.</summary>
    public string Value { get; } = value;
}

/// <summary>An integer that every JSON reader represents exactly.</summary>
public sealed class JsonInteger : JsonValue
{
    /// <summary>The largest magnitude, 2^53-1. Spec: RFC 7493 s.2.2.</summary>
    public const long MaxMagnitude = (1L << 53) - 1;

    /// <summary>Takes an integer of magnitude at most 2^53-1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is larger.</exception>
    public JsonInteger(long value)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, MaxMagnitude);
        ArgumentOutOfRangeException.ThrowIfLessThan(value, -MaxMagnitude);
        Value = value;
    }

    /// <summary>Gets the number.</summary>
    public long Value { get; }
}

/// <summary>True or false.</summary>
public sealed class JsonBoolean : JsonValue
{
    private JsonBoolean(bool value) => Value = value;

    /// <summary>Gets the value <c>true</c>.</summary>
    public static JsonBoolean True { get; } = new(true);

    /// <summary>Gets the value <c>false</c>.</summary>
    public static JsonBoolean False { get; } = new(false);

    /// <summary>Gets the truth.</summary>
    public bool Value { get; }
}

/// <summary>The word <c>null</c>.</summary>
public sealed class JsonNull : JsonValue
{
    private JsonNull()
    {
    }

    /// <summary>Gets the only instance.</summary>
    public static JsonNull Instance { get; } = new();
}
