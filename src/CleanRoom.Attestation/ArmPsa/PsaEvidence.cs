using System.Collections.Immutable;
using CleanRoom.Attestation.Cose;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Attestation.Signatures;

namespace CleanRoom.Attestation.ArmPsa;

/// <summary>A PSA token whose form is right, and the keys that came with it.</summary>
internal sealed class PsaEvidence(EvidenceClaims claims, CoseSign1 message, PsaToken token, ImmutableArray<VerificationKey> keys) : ParsedEvidence(claims)
{
    public CoseSign1 Message { get; } = message;

    public PsaToken Token { get; } = token;

    public ImmutableArray<VerificationKey> Keys { get; } = keys;
}
