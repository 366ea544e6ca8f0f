namespace CleanRoom.Attestation.Evidence;

/// <summary>A claim that has one safe value, or none: any other is refused, unless a contract names the claim and so decides about it.</summary>
/// <param name="Claim">A name in <see cref="EvidenceClaims.Values"/>: <c>migratable</c>, <c>vmpl</c>, <c>tcbStatus</c>, ...</param>
/// <param name="Safe">The safe value; null where no value is safe by itself, so that a contract must name the claim.</param>
/// <param name="IsJudgedAlone">Whether it is judged without a contract too: the status of the platform, and what amounts to debug.</param>
public sealed record GuardedClaim(string Claim, string? Safe, bool IsJudgedAlone = false)
{
    /// <summary>Gets what is wanted where no contract names the claim, for messages.</summary>
    internal string Wanted => Safe ?? "a value that a contract names";

    /// <summary>Makes the guard of a claim of which no value is safe by itself.</summary>
    public static GuardedClaim WithoutSafeValue(string claim, bool isJudgedAlone = false) => new(claim, Safe: null, isJudgedAlone);

    /// <summary>Returns whether a value is the safe one.</summary>
    internal bool IsSafe(string value) => Safe is not null && string.Equals(value, Safe, StringComparison.Ordinal);
}
