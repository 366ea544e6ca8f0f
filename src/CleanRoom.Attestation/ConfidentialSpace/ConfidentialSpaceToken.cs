using CleanRoom.Attestation.Certificates;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Attestation.Jose;

namespace CleanRoom.Attestation.ConfidentialSpace;

/// <summary>A token of Google Cloud Attestation whose form is right.</summary>
internal sealed class ConfidentialSpaceToken(CompactJws token, TokenTimes times, EndorsementSet endorsements, EvidenceClaims statedClaims)
    : ParsedEvidence(statedClaims)
{
    /// <summary>Gets the token.</summary>
    public CompactJws Token { get; } = token;

    /// <summary>Gets from when until when it holds.</summary>
    public TokenTimes Times { get; } = times;

    /// <summary>Gets what came with it.</summary>
    public EndorsementSet Endorsements { get; } = endorsements;
}
