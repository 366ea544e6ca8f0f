using System.Text.Json.Nodes;

namespace CleanRoom.Benchmarks.Rooms;

/// <summary>A column of a dataset in a contract.</summary>
/// <param name="Name">Of the column.</param>
/// <param name="Type">As contracts write it: <c>int64</c>.</param>
/// <param name="Uses">What the owner grants.</param>
internal sealed record RoomColumn(string Name, string Type, params string[] Uses)
{
    /// <summary>Gets a value that says whether no value occurs twice.</summary>
    public bool IsUnique { get; init; }

    /// <summary>Gets the largest value of a measure; the smallest is 0.</summary>
    /// <value>In its own unit; 0 for a column that is no measure.</value>
    public long Largest { get; init; }

    /// <summary>Gets the digits after the point of a decimal.</summary>
    public int Scale { get; init; }

    /// <summary>Gets the profile of an identifier; null for another column.</summary>
    public string? Profile { get; init; }

    /// <summary>Returns the column of the schema.</summary>
    public JsonObject Schema() => new() { ["name"] = Name, ["nullable"] = false, ["unique"] = IsUnique };

    /// <summary>Returns the column of the policy.</summary>
    public JsonObject Policy()
    {
        var policy = new JsonObject { ["type"] = Type, ["uses"] = new JsonArray([.. Uses.Select(use => (JsonNode)use)]) };
        if (Largest > 0)
        {
            policy["clamp"] = new JsonObject { ["min"] = "0", ["max"] = FormattableString.Invariant($"{Largest}") };
            policy["scale"] = Scale;
        }

        if (Profile is { } profile)
        {
            policy["normalise"] = profile;
        }

        return policy;
    }
}
