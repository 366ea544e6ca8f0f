namespace CleanRoom.Attestation.Evidence;

/// <summary>A claim that has one safe value: any other is refused, unless a contract names the claim and so decides about it.</summary>
/// <param name="Claim">A name in <see cref="EvidenceClaims.Values"/>: <c>migratable</c>, <c>vmpl</c>, <c>tcbStatus</c>, ...</param>
/// <param name="Safe">The safe value.</param>
/// <param name="IsJudgedAlone">Whether it is judged without a contract too: the status of the platform, and what amounts to debug.</param>
public sealed record GuardedClaim(string Claim, string Safe, bool IsJudgedAlone = false);
