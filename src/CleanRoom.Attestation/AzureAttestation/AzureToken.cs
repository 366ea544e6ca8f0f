using System.Collections.Immutable;
using CleanRoom.Attestation.Certificates;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Attestation.Jose;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.AzureAttestation;

/// <summary>A token of Azure Attestation whose form is right.</summary>
internal sealed class AzureToken(CompactJws token, TokenTimes times, string issuer, ImmutableArray<Bytes> presented, EvidenceClaims statedClaims)
    : ParsedEvidence(statedClaims)
{
    /// <summary>Gets the token.</summary>
    public CompactJws Token { get; } = token;

    /// <summary>Gets from when until when it holds.</summary>
    public TokenTimes Times { get; } = times;

    /// <summary>Gets who it says made it.</summary>
    public string Issuer { get; } = issuer;

    /// <summary>Gets what came with it, sorted.</summary>
    public EndorsementSet Endorsements { get; } = EndorsementSet.Of(presented);

    /// <summary>Gets what came with it: Intel's collateral may be in it.</summary>
    public ImmutableArray<Bytes> Presented { get; } = presented;

    /// <summary>Gets a value that says whether every claim about the machine is the word of the instance's policy.</summary>
    public bool IsByPolicy => Token.Payload.TextAt("x-ms-attestation-type") is AzurePolicyClaims.Tpm or AzurePolicyClaims.Vbs;
}
