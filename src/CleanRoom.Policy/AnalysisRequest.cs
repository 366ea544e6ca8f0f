using System.Collections.Immutable;
using CleanRoom.Protocol;

namespace CleanRoom.Policy;

/// <summary>What is asked: SQL text or a template, by whom, for whom. Trust: collaborator-controlled.</summary>
public sealed record AnalysisRequest
{
    /// <summary>Gets the asking collaborator's id.</summary>
    public required string Analyst { get; init; }

    /// <summary>Gets the SQL text; null when a template is used.</summary>
    public required string? Sql { get; init; }

    /// <summary>Gets the digest of the template; null when SQL is given.</summary>
    public required Digest? TemplateDigest { get; init; }

    /// <summary>Gets parameter name to value text; empty for free SQL.</summary>
    public required ImmutableSortedDictionary<string, string> Parameters { get; init; }

    /// <summary>Gets the collaborators that receive the answer.</summary>
    public required ImmutableArray<string> Receivers { get; init; }
}
