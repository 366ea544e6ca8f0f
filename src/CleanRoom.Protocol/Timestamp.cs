using System.Globalization;
using System.Text.Json.Serialization;
using CleanRoom.Protocol.Json;

namespace CleanRoom.Protocol;

/// <summary>A moment in UTC, to the millisecond.</summary>
/// <remarks>Text form: <c>yyyy-MM-ddTHH:mm:ss.fffZ</c>, exactly 24 characters (a profile of RFC 3339). Spec: contracts/spec/0001 s.3.</remarks>
[JsonConverter(typeof(TimestampJsonConverter))]
public readonly record struct Timestamp : IComparable<Timestamp>
{
    private const string Format = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    private Timestamp(DateTimeOffset value) => Value = value;

    /// <summary>Gets the moment.</summary>
    public DateTimeOffset Value { get; }

    /// <summary>Truncates to the millisecond.</summary>
    public static Timestamp From(DateTimeOffset value)
    {
        var utc = value.ToUniversalTime();
        return new Timestamp(utc.AddTicks(-(utc.Ticks % TimeSpan.TicksPerMillisecond)));
    }

    /// <summary>Reads the 24-character form; anything else is refused.</summary>
    public static bool TryParse(string? text, out Timestamp timestamp)
    {
        timestamp = default;
        if (!DateTimeOffset.TryParseExact(
            text, Format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var value))
        {
            return false;
        }

        timestamp = new Timestamp(value);
        return true;
    }

    /// <summary>Adds a span.</summary>
    public Timestamp Plus(TimeSpan span) => From(Value + span);

    /// <inheritdoc/>
    public int CompareTo(Timestamp other) => Value.CompareTo(other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value.ToString(Format, CultureInfo.InvariantCulture);

    /// <summary>Orders by time.</summary>
    public static bool operator <(Timestamp left, Timestamp right) => left.Value < right.Value;

    /// <summary>Orders by time.</summary>
    public static bool operator >(Timestamp left, Timestamp right) => left.Value > right.Value;

    /// <summary>Orders by time.</summary>
    public static bool operator <=(Timestamp left, Timestamp right) => left.Value <= right.Value;

    /// <summary>Orders by time.</summary>
    public static bool operator >=(Timestamp left, Timestamp right) => left.Value >= right.Value;
}
