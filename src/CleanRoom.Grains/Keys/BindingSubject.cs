using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Grains.Keys;

/// <summary>What a binding says besides the node's own keys.</summary>
public sealed record BindingSubject
{
    public required Bytes Nonce { get; init; }

    public required BindingPurpose Purpose { get; init; }

    public required string Collaboration { get; init; }

    public required Bytes CollaborationKey { get; init; }

    public required Bytes CheckpointKey { get; init; }

    public required Digest? ContractDigest { get; init; }

    public required string Checkpoint { get; init; }

    /// <summary>Makes the subject before genesis: this node, no collaboration.</summary>
    public static BindingSubject Admission(Bytes nonce) => new()
    {
        Nonce = nonce,
        Purpose = BindingPurpose.Admission,
        Collaboration = "none",
        CollaborationKey = default,
        CheckpointKey = default,
        ContractDigest = null,
        Checkpoint = "none",
    };
}
