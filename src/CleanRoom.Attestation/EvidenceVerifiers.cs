using System.Collections.Immutable;
using CleanRoom.Attestation.AwsNitro;
using CleanRoom.Attestation.Evidence;

namespace CleanRoom.Attestation;

/// <summary>Every kind of evidence of a real TEE that this program knows, each with its maker's pinned roots.</summary>
public static class EvidenceVerifiers
{
    /// <summary>Gets the verifiers, each TEE once.</summary>
    public static ImmutableArray<IEvidenceVerifier> All { get; } =
    [
        new AwsNitroVerifier(),
    ];
}
