using CleanRoom.Attestation.Certificates;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Attestation.Jose;

namespace CleanRoom.Attestation.AzureAttestation;

/// <summary>A token of Azure Attestation whose form is right.</summary>
internal sealed class AzureToken(CompactJws token, TokenTimes times, string issuer, EndorsementSet endorsements, EvidenceClaims statedClaims)
    : ParsedEvidence(statedClaims)
{
    /// <summary>Gets the token.</summary>
    public CompactJws Token { get; } = token;

    /// <summary>Gets from when until when it holds.</summary>
    public TokenTimes Times { get; } = times;

    /// <summary>Gets who it says made it.</summary>
    public string Issuer { get; } = issuer;

    /// <summary>Gets what came with it.</summary>
    public EndorsementSet Endorsements { get; } = endorsements;
}
