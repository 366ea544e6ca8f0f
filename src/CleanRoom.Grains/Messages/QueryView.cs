using CleanRoom.Protocol.Fold;

namespace CleanRoom.Grains.Messages;

/// <summary>A query as the ledger sees it.</summary>
[GenerateSerializer]
[Immutable]
[Alias("cleanroom.query-view")]
public sealed record QueryView
{
    [Id(0)]
    public required QueryStatus Status { get; init; }

    /// <summary>Gets why it stopped; empty while it did not.</summary>
    [Id(1)]
    public required string Reason { get; init; }

    /// <summary>Gets the name of the newest result's object; null until there is one that may be served.</summary>
    [Id(2)]
    public required string? ResultName { get; init; }

    /// <summary>Gets why a result that is there is not served at present, such as a start that waits for witnesses; null when nothing withholds it.</summary>
    [Id(5)]
    public GrainRefusal? Withheld { get; init; }

    /// <summary>Gets a value that says whether author and approvers allow one more run.</summary>
    [Id(3)]
    public required bool MayRunAgain { get; init; }

    /// <summary>Gets the asking collaborator and member.</summary>
    [Id(4)]
    public required SignedIn Author { get; init; }
}

/// <summary>A query and the contract that it was asked under, as their stored bytes.</summary>
[GenerateSerializer]
[Immutable]
[Alias("cleanroom.question")]
public sealed record QuestionView(byte[] Contract, byte[] Query);
