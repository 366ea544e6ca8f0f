using CleanRoom.Attestation.Evidence;

namespace CleanRoom.Attestation.AmdSev;

/// <summary>A platform's certificates whose form is right.</summary>
internal sealed class SevEvidence(SevPlatform platform, SevEndorsements endorsements) : ParsedEvidence(platform.ToClaims())
{
    public SevPlatform Platform { get; } = platform;

    public SevEndorsements Endorsements { get; } = endorsements;
}
