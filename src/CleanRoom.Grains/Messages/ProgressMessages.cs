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

    /// <summary>Gets a value that says whether author and approvers allow one more run.</summary>
    [Id(3)]
    public required bool MayRunAgain { get; init; }

    /// <summary>Gets the asking collaborator and member.</summary>
    [Id(4)]
    public required SignedIn Author { get; init; }
}

/// <summary>The step of a run that is under way.</summary>
[GenerateSerializer]
[Immutable]
[Alias("cleanroom.run-progress")]
public sealed record RunProgress([property: Id(0)] string Phase, [property: Id(1)] int Percent);

/// <summary>How far an ingest is.</summary>
[GenerateSerializer]
[Immutable]
[Alias("cleanroom.ingest-view")]
public sealed record IngestView
{
    /// <summary>Gets <c>waiting</c>, <c>running</c>, <c>accepted</c> or <c>refused</c>.</summary>
    [Id(0)]
    public required string State { get; init; }

    [Id(1)]
    public required int Percent { get; init; }

    /// <summary>Gets the encoded sealed report; null until there is one.</summary>
    [Id(2)]
    public required byte[]? Report { get; init; }
}
