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
    public static BindingSubject Admission(Bytes nonce) => OfNode(nonce, BindingPurpose.Admission);

    /// <summary>Makes the subject of a certificate that is shown to other nodes. Nothing that answers a question makes one.</summary>
    /// <param name="nonce">The digest of the certificate's key.</param>
    public static BindingSubject Peer(Bytes nonce) => OfNode(nonce, BindingPurpose.Peer);

    private static BindingSubject OfNode(Bytes nonce, BindingPurpose purpose) => new()
    {
        Nonce = nonce,
        Purpose = purpose,
        Collaboration = "none",
        CollaborationKey = default,
        CheckpointKey = default,
        ContractDigest = null,
        Checkpoint = "none",
    };
}
