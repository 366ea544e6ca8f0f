using System.Collections.Immutable;
using CleanRoom.Attestation.Guest;

namespace CleanRoom.Attesters.Probing;

/// <summary>The TEE that a probe found.</summary>
/// <param name="Counter">Of the TPM that secrets are sealed to. A TPM beside another TEE is its host's, and its counter proves nothing.</param>
/// <param name="PassedOver">Those that were looked for before it, in order.</param>
public sealed record ProbedTee(IAttester Attester, ISecretSealer Sealer, IMachineCounter Counter, ImmutableArray<PassedOver> PassedOver);

/// <summary>A TEE that the machine does not have.</summary>
/// <param name="Candidate">What was looked for.</param>
/// <param name="Reason">Lower case: what was wanted and what was got.</param>
public sealed record PassedOver(string Candidate, string Reason);
