using CleanRoom.Attestation.Evidence;

namespace CleanRoom.Attestation.OpenEnclave;

/// <summary>A parsed Open Enclave report or evidence.</summary>
internal sealed class OpenEnclaveEvidence(ParsedEvidence quote, OpenEnclaveFrame frame, EvidenceClaims statedClaims) : ParsedEvidence(statedClaims)
{
    /// <summary>Gets the quote inside.</summary>
    public ParsedEvidence Quote { get; } = quote;

    /// <summary>Gets the frame.</summary>
    public OpenEnclaveFrame Frame { get; } = frame;
}
