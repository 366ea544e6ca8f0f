using System.Collections.Immutable;
using CleanRoom.Client.Contracts.Drafting;

namespace CleanRoom.Portal.Features.Drafting;

/// <summary>A draft with what the reader and the rules say of it. A new one after each edit.</summary>
public sealed class DraftForm(ContractDraft draft)
{
    /// <summary>Gets the draft.</summary>
    public ContractDraft Draft { get; } = draft;

    /// <summary>Gets what is said of it.</summary>
    public DraftCheck Check { get; } = DraftCheck.Of(draft);

    /// <summary>Returns the problems of exactly one place.</summary>
    public ImmutableArray<DraftProblem> At(string place) => [.. Check.Problems.Where(problem => problem.Place == place)];

    /// <summary>Returns the number of problems of a place and below.</summary>
    public int CountUnder(string place) => Check.Problems.Count(problem => IsUnder(problem.Place, place));

    /// <summary>Says whether a place is another one, or below it.</summary>
    public static bool IsUnder(string place, string parent) =>
        place == parent || place.StartsWith(parent + "/", StringComparison.Ordinal);
}
