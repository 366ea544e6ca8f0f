using System.Collections.Immutable;
using CleanRoom.Attestation.Certificates;
using CleanRoom.Attestation.Evidence;

namespace CleanRoom.Attestation.AndroidKeyMint;

/// <summary>A chain with an attested key whose form is right.</summary>
/// <param name="chain">The certificates, leaf first.</param>
/// <param name="attested">The place in the chain of the certificate whose extension counts: the one nearest to the root that has it.</param>
/// <param name="description">What that extension says.</param>
/// <param name="statusLists">Google's lists of keys that it took back.</param>
internal sealed class KeyMintEvidence(
    ImmutableArray<Certificate> chain, int attested, KeyDescription description, ImmutableArray<StatusList> statusLists)
    : ParsedEvidence(KeyMintClaims.Of(description, chain[attested]))
{
    public ImmutableArray<Certificate> Chain { get; } = chain;

    public int Attested { get; } = attested;

    public KeyDescription Description { get; } = description;

    public ImmutableArray<StatusList> StatusLists { get; } = statusLists;
}
