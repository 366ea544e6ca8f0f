using System.Collections.Immutable;
using CleanRoom.Protocol;

namespace CleanRoom.Portal.Shared;

/// <summary>What came of an action: every reason why it was refused, or what was done, in words.</summary>
/// <param name="Refusals">Empty when it was done.</param>
/// <param name="Words">What was done; empty when it was refused.</param>
public sealed record ActionOutcome(ImmutableArray<Refusal> Refusals, string Words)
{
    /// <summary>Gets a value that says whether it was done.</summary>
    public bool IsDone => Refusals.IsEmpty;

    /// <summary>It was done.</summary>
    public static ActionOutcome Done(string words) => new([], words);

    /// <summary>It was refused.</summary>
    public static ActionOutcome Refused(ImmutableArray<Refusal> refusals) => new(refusals, string.Empty);

    /// <summary>Turns a result into an outcome.</summary>
    public static ActionOutcome Of<T>(Result<T> result, Func<T, string> words)
        where T : notnull
    {
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(words);
        return result.TryGet(out var value, out var refusals) ? Done(words(value)) : Refused(refusals);
    }
}
