using System.Collections.Immutable;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.GoogleVtpm;

/// <summary>The hardware's own evidence inside a message, put together as the hardware wrote it.</summary>
/// <param name="Tee">Its kind: SEV-SNP or TDX.</param>
/// <param name="Evidence">The report or quote.</param>
/// <param name="Endorsements">The certificates beside it.</param>
internal sealed record GoogleHardware(string Tee, Bytes Evidence, ImmutableArray<Bytes> Endorsements);
