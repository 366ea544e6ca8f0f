using System.Collections.Immutable;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Attestation.Corim;

/// <summary>A policy out of CoRIM. It is a proposal for a person: the CoRIM had no signature.</summary>
/// <param name="Policy">The policy; without code endorsers.</param>
/// <param name="NotKept">Sentences that name each part of the CoRIM that is not in it. None of them would have made it stricter.</param>
public sealed record CorimImport(AttestationPolicy Policy, ImmutableArray<string> NotKept);
