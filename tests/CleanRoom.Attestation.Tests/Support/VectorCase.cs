using System.Collections.Immutable;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.Tests.Support;

/// <summary>One piece of genuine evidence, or one made from it, with the verdict that the collection's own verifier reached.</summary>
internal sealed record VectorCase
{
    /// <summary>Gets the family as the results table names it.</summary>
    public required string Family { get; init; }

    /// <summary>Gets the file below shared/vectors/attestation, with a # and a part where it is inside one.</summary>
    public required string Name { get; init; }

    /// <summary>Gets a value that says whether this is genuine, and not derived from genuine evidence.</summary>
    public required bool IsGenuine { get; init; }

    /// <summary>Gets the verifier.</summary>
    public required IEvidenceVerifier Verifier { get; init; }

    /// <summary>Gets the evidence.</summary>
    public required Bytes Evidence { get; init; }

    /// <summary>Gets the endorsements.</summary>
    public ImmutableArray<Bytes> Endorsements { get; init; } = [];

    /// <summary>Gets the moment of appraisal.</summary>
    public required Timestamp At { get; init; }

    /// <summary>Gets the verdict in the words of expected.json.</summary>
    public required string Expected { get; init; }

    /// <summary>Gets the checks that must fail, by name; empty for evidence that is to be accepted without a contract.</summary>
    public ImmutableArray<string> FailedChecks { get; init; } = [];

    /// <summary>Gets the claims that expected.json gives, in our names: values, tcb parts and reportData.</summary>
    public ImmutableSortedDictionary<string, string> Claims { get; init; } = ImmutableSortedDictionary<string, string>.Empty;
}
