using System.Collections.Immutable;

namespace CleanRoom.Protocol.Documents;

/// <summary>A member's approval of queries that are still to come: who asks, what, to whom, at what cost. Signed by an approver or owner.</summary>
/// <remarks>An empty list allows nothing. It ends with the contract version that it names. Spec: contracts/spec/0002 s.6.1.</remarks>
public sealed record ApprovalRule : Document
{
    public required string Collaboration { get; init; }

    public required Digest ContractDigest { get; init; }

    /// <summary>Gets the template that it holds for; null for any SQL text and any template.</summary>
    public required Digest? TemplateDigest { get; init; }

    /// <summary>Gets who may ask: <c>collaborator/member</c>, or <c>collaborator/*</c> for every analyst of a collaborator.</summary>
    public required ImmutableArray<string> Authors { get; init; }

    /// <summary>Gets the collaborators that may receive the answer.</summary>
    public required ImmutableArray<string> Receivers { get; init; }

    /// <summary>Gets limits of the template's parameters, by name; a parameter without one has the template's own.</summary>
    public required ImmutableSortedDictionary<string, ParameterLimit> Parameters { get; init; }

    /// <summary>Gets the datasets that the bound plan may read, each once.</summary>
    public required ImmutableArray<RuleInput> Inputs { get; init; }

    /// <summary>Gets what the verdict on the query may say at most.</summary>
    public required VerdictLimit Verdict { get; init; }

    /// <summary>Gets the number of runs that it covers, over all queries, and its end.</summary>
    public required ApprovalConditions Conditions { get; init; }

    public required string Reason { get; init; }

    /// <summary>Gets the checkpoint that the member saw, as a signed note.</summary>
    public required string Checkpoint { get; init; }

    public required Bytes Nonce { get; init; }
}

/// <summary>The values of a parameter that an approval rule covers.</summary>
public sealed record ParameterLimit
{
    /// <summary>Gets the values as they are written in queries; empty when a range is given.</summary>
    public required ImmutableArray<string> Values { get; init; }

    /// <summary>Gets the least number; null for none.</summary>
    public required decimal? Min { get; init; }

    /// <summary>Gets the largest number; null for none.</summary>
    public required decimal? Max { get; init; }
}

/// <summary>A dataset that a query under an approval rule may read.</summary>
public sealed record RuleInput
{
    /// <summary>Gets the dataset's SQL name.</summary>
    public required string Dataset { get; init; }

    /// <summary>Gets the version that may be read; null for every version.</summary>
    public required Digest? ManifestDigest { get; init; }
}

/// <summary>What the verdict on a query under an approval rule may say at most.</summary>
public sealed record VerdictLimit
{
    /// <summary>Gets the most that a run may cost the approving collaborator of any budget, in billionths of rho.</summary>
    public required long MaxNanoRho { get; init; }

    /// <summary>Gets the most delta that a run may cost it, in units of 10^-18.</summary>
    public required long MaxAttoDelta { get; init; }

    /// <summary>Gets the most cells that a run may offer to the audit of any of its datasets.</summary>
    public required int MaxCells { get; init; }
}
