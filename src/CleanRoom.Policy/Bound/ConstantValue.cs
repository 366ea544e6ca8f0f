using System.Diagnostics.CodeAnalysis;
using System.Numerics;

namespace CleanRoom.Policy.Bound;

/// <summary>A constant's value.</summary>
[SuppressMessage("Design", "CA1034", Justification = "A closed family reads best in one place.")]
internal abstract record ConstantValue
{
    private ConstantValue()
    {
    }

    /// <summary>NULL.</summary>
    public sealed record Null : ConstantValue;

    /// <summary>Text that casts give a meaning.</summary>
    public sealed record Text(string Value) : ConstantValue;

    /// <summary>A truth value.</summary>
    public sealed record Boolean(bool Value) : ConstantValue;

    /// <summary>An exact number.</summary>
    public sealed record Number(BigInteger Unscaled, int Scale) : ConstantValue;

    /// <summary>A day.</summary>
    public sealed record Date(DateOnly Value) : ConstantValue;

    /// <summary>A moment without zone, to the microsecond.</summary>
    public sealed record Timestamp(DateTime Value) : ConstantValue;

    /// <summary>A UUID in lower-case hex.</summary>
    public sealed record Uuid(string Value) : ConstantValue;

    /// <summary>A constant of a kind that has no meaning here, such as a binary fraction or an interval.</summary>
    public sealed record Other : ConstantValue;
}
