using System.Collections.Immutable;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.Guest;

/// <summary>What the machine gave: evidence, and the endorsements that came with it.</summary>
public sealed record AttesterEvidence(Bytes Evidence, ImmutableArray<Bytes> Endorsements);
