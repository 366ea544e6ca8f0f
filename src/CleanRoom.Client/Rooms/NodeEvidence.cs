using CleanRoom.Attestation.Appraisal;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Client.Rooms;

/// <summary>A node's answer to a fresh nonce, judged without a contract. Nothing is opened on the strength of it.</summary>
/// <param name="Attestation">What came.</param>
/// <param name="Result">Authenticity, debug and TCB status.</param>
public sealed record NodeEvidence(NodeAttestation Attestation, AttestationResult Result);
