using System.Collections.Immutable;
using CleanRoom.Attestation.Cose;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Attestation.Signatures;

namespace CleanRoom.Attestation.ArmCca;

/// <summary>A CCA token whose form is right, and the keys that came with it.</summary>
internal sealed class CcaEvidence(EvidenceClaims claims) : ParsedEvidence(claims)
{
    public required CoseSign1 PlatformMessage { get; init; }

    public required CoseSign1 RealmMessage { get; init; }

    public required CcaPlatform Platform { get; init; }

    public required CcaRealm Realm { get; init; }

    /// <summary>Gets the realm's key, which is of P-384.</summary>
    public required VerificationKey RealmKey { get; init; }

    public required ImmutableArray<VerificationKey> Keys { get; init; }
}
