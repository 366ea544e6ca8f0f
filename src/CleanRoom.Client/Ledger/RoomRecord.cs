using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Client.Ledger;

/// <summary>What a client remembers of a collaboration between two starts. All of it is public; none of it may be lost to an attacker's wish.</summary>
public sealed record RoomRecord
{
    /// <summary>Gets the collaboration's id: 64 lower-case hex digits.</summary>
    public required string Collaboration { get; init; }

    /// <summary>Gets the contract in force as last verified; before that the contract that the member was shown.</summary>
    public required Contract Contract { get; init; }

    /// <summary>Gets the collaboration's HPKE key; empty until row 0 was verified once.</summary>
    public required Bytes CollaborationKey { get; init; }

    /// <summary>Gets the collaboration's checkpoint key; empty until row 0 was verified once.</summary>
    public required Bytes CheckpointKey { get; init; }

    /// <summary>Gets the newest checkpoint note that was verified; null until there was one.</summary>
    public required string? Checkpoint { get; init; }

    /// <summary>Gets a value that says whether the collaboration's keys are known.</summary>
    public bool IsKnown => CheckpointKey.Length > 0;

    /// <summary>Returns the record of a member that has been told of a collaboration and has read its contract.</summary>
    public static RoomRecord Invited(string collaboration, Contract contract) => new()
    {
        Collaboration = collaboration,
        Contract = contract,
        CollaborationKey = default,
        CheckpointKey = default,
        Checkpoint = null,
    };
}
