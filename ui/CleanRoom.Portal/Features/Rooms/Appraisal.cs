using System.Collections.Immutable;
using CleanRoom.Attestation;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Client.Rooms;
using CleanRoom.Protocol;

namespace CleanRoom.Portal.Features.Rooms;

/// <summary>What this page found when it last asked a room who it is.</summary>
/// <param name="At">When, by this machine's clock.</param>
/// <param name="Evidence">What came and what the checks found; null when nothing came that could be read.</param>
/// <param name="Refusals">Why nothing came; empty when something did.</param>
/// <param name="IsUnderContract">Whether a contract's policy was applied, and not the format's rules alone.</param>
internal sealed record Appraisal(Timestamp At, NodeEvidence? Evidence, ImmutableArray<Refusal> Refusals, bool IsUnderContract)
{
    /// <summary>Gets a value that says whether the evidence is that of the simulated TEE, which proves nothing about the machine.</summary>
    public bool IsSimulated => Evidence?.Result.Tee == TeeNames.Simulated;

    /// <summary>Gets the words of the badge: the light's, or that the TEE is simulated, which no colour may soften.</summary>
    public string BadgeKey => IsSimulated && Light != RoomLight.Red ? "badge.simulated" : $"badge.{Light.ToString().ToLowerInvariant()}";

    /// <summary>Gets the colour, which words always go with.</summary>
    public RoomLight Light => Evidence?.Result.Verdict switch
    {
        AttestationVerdict.Affirming when IsUnderContract => RoomLight.Green,
        AttestationVerdict.Affirming or AttestationVerdict.Warning => RoomLight.Amber,
        _ => RoomLight.Red,
    };
}

/// <summary>How a room stands, at a glance.</summary>
internal enum RoomLight
{
    /// <summary>No room was asked yet.</summary>
    None = 0,

    /// <summary>Every check of the contract holds.</summary>
    Green = 1,

    /// <summary>What was checked holds, and something is open: the kind of evidence, or there is no contract to compare with.</summary>
    Amber = 2,

    /// <summary>Something does not hold, or nobody answered.</summary>
    Red = 3,
}
