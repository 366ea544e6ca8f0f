using System.Collections.Immutable;

namespace CleanRoom.Policy.Verdicts;

/// <summary>One code that applies to a query, whose rule it is, and what would pass.</summary>
/// <param name="Code">A code of contracts/spec/0008 s.4, with its argument.</param>
/// <param name="Party">The owner whose rule it is, or <see cref="Room"/>.</param>
/// <param name="Reason">One sentence: the rule, and what broke it. Names columns, datasets and functions; no literal of the query.</param>
/// <param name="Change">The smallest change that would pass.</param>
internal sealed record Finding(string Code, string Party, string Reason, string Change)
{
    /// <summary>The party of rules that no owner can change.</summary>
    public const string Room = "room";

    /// <summary>Gets the rules as they stand in the contract; empty for a rule of the room.</summary>
    public ImmutableArray<RulePlace> Rules { get; init; } = [];

    /// <summary>Gets what the owner could write instead, so that this reason is gone; null where no valid contract would allow it.</summary>
    public RuleEdit? Edit { get; init; }
}
