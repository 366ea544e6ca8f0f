using System.Collections.Immutable;
using CleanRoom.Protocol;

namespace CleanRoom.Engine.Results;

/// <summary>The rows of a run as plain values.</summary>
/// <param name="Columns">Names and types, in order; a column is known by its position, names may repeat.</param>
/// <param name="Rows">One list of values a row, as long as <paramref name="Columns"/>; null where the value is absent.</param>
public sealed record EngineRows(ImmutableArray<EngineColumn> Columns, ImmutableArray<ImmutableArray<object?>> Rows)
{
    /// <summary>Decodes the rows of a run.</summary>
    /// <param name="encoded">As <see cref="Running.EngineOutput.Encoded"/>. Trust: attacker-controlled; it comes from an engine.</param>
    /// <param name="maxRows">The most rows; more are refused.</param>
    /// <returns>
    /// The rows, or <see cref="RefusalCode.QueryFailed"/> for whatever else. Time and memory are bounded by the length of
    /// <paramref name="encoded"/>; rows times columns never exceed 4,194,304.
    /// </returns>
    /// <remarks>Spec: contracts/spec/0012 s.4.</remarks>
    public static Result<EngineRows> Read(ReadOnlyMemory<byte> encoded, int maxRows)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxRows);
        return RowDecoder.Decode(encoded.Span, maxRows) is { } rows
            ? rows
            : new Refusal(RefusalCode.QueryFailed, "a completed run", "a failed run");
    }
}
