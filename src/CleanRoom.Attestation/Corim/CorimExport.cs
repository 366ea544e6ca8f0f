using System.Collections.Immutable;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.Corim;

/// <summary>A policy as CoRIM.</summary>
/// <param name="Corim">The bytes.</param>
/// <param name="NotKept">Sentences that name each part of the policy that is not in it.</param>
public sealed record CorimExport(Bytes Corim, ImmutableArray<string> NotKept);
