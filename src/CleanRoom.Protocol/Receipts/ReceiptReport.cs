using System.Collections.Immutable;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Protocol.Receipts;

/// <summary>What a receipt proves, and what not, in words and as values.</summary>
public sealed record ReceiptReport
{
    /// <summary>Gets the receipt; null when it could not even be read.</summary>
    public required Receipt? Receipt { get; init; }

    /// <summary>Gets the row's time.</summary>
    public required Timestamp? Time { get; init; }

    /// <summary>Gets a value that says whether contract and query were left out of the bundle, so that less is proven.</summary>
    public required bool IsRedacted { get; init; }

    /// <summary>Gets each check that passed, as a sentence.</summary>
    public required ImmutableArray<string> Proven { get; init; }

    /// <summary>Gets what the bundle leaves open, as sentences: never a failure.</summary>
    public required ImmutableArray<string> NotShown { get; init; }

    /// <summary>Gets every check that failed.</summary>
    public required ImmutableArray<Refusal> Failures { get; init; }

    /// <summary>Gets a value that says whether every check passed.</summary>
    public bool IsVerified => Failures.IsEmpty && Receipt is not null;
}
