using CleanRoom.Protocol;

namespace CleanRoom.Client.Queries;

/// <summary>How often and when a query may run.</summary>
/// <param name="Runs">From 1.</param>
/// <param name="NotBefore">The earliest start.</param>
/// <param name="Expires">The end; not after the contract's.</param>
public sealed record QueryTerms(int Runs, Timestamp NotBefore, Timestamp Expires);
