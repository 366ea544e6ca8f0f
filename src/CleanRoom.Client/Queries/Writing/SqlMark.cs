namespace CleanRoom.Client.Queries.Writing;

/// <summary>A place in a text with what the rules say of it.</summary>
/// <param name="Start">In UTF-16 code units.</param>
/// <param name="Length">At least 1.</param>
/// <param name="Code">The verdict's code.</param>
/// <param name="Reason">The verdict's sentence.</param>
public sealed record SqlMark(int Start, int Length, string Code, string Reason);
