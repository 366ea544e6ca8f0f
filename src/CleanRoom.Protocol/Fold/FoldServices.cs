using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Dsse;

namespace CleanRoom.Protocol.Fold;

/// <summary>Appraises a node's attestation for the fold. Pure: no network, no clock.</summary>
public interface INodeAppraiser
{
    /// <summary>Verifies evidence and binding and appraises them against a contract's policy at row time.</summary>
    /// <returns>The measurement in lower-case hex, or every failed check.</returns>
    Result<string> Appraise(NodeAttestation attestation, Contract contract, Timestamp at);
}

/// <summary>What the fold needs from outside Protocol; both are pure and synchronous, so a browser can fold too.</summary>
public sealed record FoldServices(ISignatureVerifier Signatures, INodeAppraiser Nodes);
