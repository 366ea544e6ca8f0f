using System.Collections.Immutable;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.Evidence;

/// <summary>What evidence says about a machine, in the words that contracts use. Byte strings are lower-case hex.</summary>
public sealed record EvidenceClaims
{
    /// <summary>Name of the claim in <see cref="Values"/> that every kind of evidence has and every accepted tuple names.</summary>
    public const string Measurement = "measurement";

    /// <summary>Gets the bytes that the guest chose, as they stand in the evidence. A node's are 64; those of other programs may have another length.</summary>
    public required string ReportData { get; init; }

    /// <summary>Gets the claims that a reference value is compared with: <c>measurement</c>, <c>hostData</c>, ...</summary>
    public required ImmutableSortedDictionary<string, string> Values { get; init; }

    /// <summary>Gets the security versions by component.</summary>
    public required ImmutableSortedDictionary<string, int> Tcb { get; init; }

    /// <summary>Gets the chip; null when the evidence names none.</summary>
    public required string? ChipId { get; init; }

    /// <summary>Gets a value that says whether the host may look into the guest.</summary>
    public required bool Debug { get; init; }

    /// <summary>Gets the SHA-256 of the SubjectPublicKeyInfo of the pinned root that the chain ended in; null for a TEE without roots.</summary>
    public required Digest? Anchor { get; init; }

    /// <summary>Gets the claims among <see cref="Values"/> that have one safe value, which holds unless a contract names the claim.</summary>
    public ImmutableArray<GuardedClaim> Guarded { get; init; } = [];
}
