using CleanRoom.Attestation.Evidence;
using CleanRoom.Attestation.Guest;

namespace CleanRoom.Node.Hosting;

/// <summary>What the machine gives a node: evidence, a way to seal a secret to itself, and the kinds of evidence that it can judge.</summary>
/// <param name="Attester">Obtains evidence.</param>
/// <param name="Sealer">Seals the collaboration secrets at rest.</param>
/// <param name="Counter">Keeps counters of logs: of the TEE that seals, or none.</param>
/// <param name="Verifiers">Judge evidence, each TEE once.</param>
/// <param name="Build">The build's version and digest, for people.</param>
public sealed record NodeTrust(
    IAttester Attester, ISecretSealer Sealer, IMachineCounter Counter, IReadOnlyList<IEvidenceVerifier> Verifiers, string Build);
