namespace CleanRoom.Grains.Messages;

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

    /// <summary>Gets why the guest cannot take it in at present; null while nothing stands in the way.</summary>
    [Id(3)]
    public required GrainRefusal? Obstacle { get; init; }
}
