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
    public ImmutableArray<DraftProblem> At(string pointer) => [.. Check.Problems.Where(problem => problem.Pointer == pointer)];

    /// <summary>Returns the number of problems of a place and below.</summary>
    public int CountUnder(string pointer) => Check.Problems.Count(problem => IsUnder(problem.Pointer, pointer));

    /// <summary>Says whether a place is another one, or below it.</summary>
    public static bool IsUnder(string pointer, string parent) =>
        pointer == parent || pointer.StartsWith(parent + "/", StringComparison.Ordinal);
}
