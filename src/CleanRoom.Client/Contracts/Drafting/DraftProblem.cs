namespace CleanRoom.Client.Contracts.Drafting;

/// <summary>One thing that is wrong with a draft.</summary>
/// <param name="Place">The nearest place in the draft; empty when it is about the whole. Spec: RFC 6901.</param>
/// <param name="Wanted">What has to stand there.</param>
/// <param name="Got">What stands there.</param>
public sealed record DraftProblem(string Place, string Wanted, string Got);
