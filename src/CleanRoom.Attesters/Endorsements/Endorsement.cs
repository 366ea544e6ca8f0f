using CleanRoom.Protocol;

namespace CleanRoom.Attesters.Endorsements;

/// <summary>What a maker answered. Trust: attacker-controlled.</summary>
public sealed record Endorsement
{
    /// <summary>Gets the question.</summary>
    public required EndorsementRequest Request { get; init; }

    /// <summary>Gets the answer, 1 byte or more.</summary>
    public required Bytes Content { get; init; }

    /// <summary>Gets the chain of the answer's signer in PEM; empty when the maker sends none beside it.</summary>
    public required Bytes IssuerChain { get; init; }

    /// <summary>Gets when it was fetched.</summary>
    public required Timestamp Fetched { get; init; }

    /// <summary>Gets from when on it is stale: the earliest of what the answer's headers and its own next update say.</summary>
    public required Timestamp Expires { get; init; }

    /// <summary>Returns whether it may be used without asking again. One from the future may not: a clock was set back.</summary>
    public bool IsFresh(Timestamp at) => Fetched <= at && at < Expires;
}
