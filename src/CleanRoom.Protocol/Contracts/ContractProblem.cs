namespace CleanRoom.Protocol.Contracts;

/// <summary>One thing that is wrong with a contract, with the place where it stands.</summary>
/// <param name="Path">Such as <c>datasets[clinic.events].policy.threshold.minUnits</c>; names that are no short names stand in quotes, shortened.</param>
/// <param name="Wanted">The rule.</param>
/// <param name="Got">What stands there, short and harmless.</param>
public sealed record ContractProblem(string Path, string Wanted, string Got)
{
    /// <summary>Returns the problem as a refusal, which names the path in its text.</summary>
    public Refusal ToRefusal() => new(RefusalCode.ContractInvalid, $"{Path}: {Wanted}", Got);
}
