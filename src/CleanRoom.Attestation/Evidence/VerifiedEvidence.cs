using System.Collections.Immutable;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.Evidence;

/// <summary>Evidence whose signatures, chain and revocation state were checked. No policy was applied yet.</summary>
/// <remarks>Only verifiers make one, and only when not a single check failed.</remarks>
/// <param name="claims">What the evidence says, now on the word of the TEE's maker.</param>
/// <param name="best">The best verdict that this kind of evidence can carry: a bare TPM quote is at best a warning.</param>
/// <param name="words">Plain sentences for people: what this evidence does not prove. Empty when there is nothing to say.</param>
public sealed class VerifiedEvidence(EvidenceClaims claims, AttestationVerdict best, ImmutableArray<string> words)
{
    /// <summary>Gets what the evidence says.</summary>
    public EvidenceClaims Claims { get; } = claims;

    /// <summary>Gets the best verdict that this kind of evidence can carry.</summary>
    public AttestationVerdict Best { get; } = best;

    /// <summary>Gets plain sentences for people.</summary>
    public ImmutableArray<string> Words { get; } = words;

    /// <summary>Gets who vouches, in words, such as the maker whose root the chain ended in; null when nobody does.</summary>
    public string? VouchedBy { get; init; }

    /// <summary>Gets the moment at which the first certificate or collateral that was needed lapses; null when none has an end.</summary>
    public Timestamp? ValidUntil { get; init; }

    /// <summary>Gets a value that says whether the anchor is a key that came with the evidence, since its maker has no root to pin.</summary>
    /// <remarks>A contract that names the key makes it an anchor. Without one anybody could have made both: at best a warning.</remarks>
    public bool IsAnchorPresented { get; init; }
}
