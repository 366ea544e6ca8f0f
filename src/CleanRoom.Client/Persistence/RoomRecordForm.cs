using CleanRoom.Protocol;

namespace CleanRoom.Client.Persistence;

/// <summary>A room record as it is kept: the contract as its stored bytes.</summary>
internal sealed record RoomRecordForm
{
    public required string Collaboration { get; init; }

    public required Bytes Contract { get; init; }

    public required Bytes CollaborationKey { get; init; }

    public required Bytes CheckpointKey { get; init; }

    public required string? Checkpoint { get; init; }
}
