using CleanRoom.Attestation.Cose;
using CleanRoom.Attestation.Evidence;

namespace CleanRoom.Attestation.AwsNitro;

/// <summary>An attestation document whose form is right.</summary>
internal sealed class NitroEvidence(EvidenceClaims claims, CoseSign1 message, NitroDocument document) : ParsedEvidence(claims)
{
    public CoseSign1 Message { get; } = message;

    public NitroDocument Document { get; } = document;
}
