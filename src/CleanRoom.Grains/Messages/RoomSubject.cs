using CleanRoom.Grains.Keys;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Grains.Messages;

/// <summary>What evidence for a collaboration is bound to, between a silo and the node that attests itself.</summary>
[GenerateSerializer]
[Immutable]
[Alias("cleanroom.room-subject")]
public sealed record RoomSubject(
    [property: Id(0)] string Collaboration,
    [property: Id(1)] byte[] CollaborationKey,
    [property: Id(2)] byte[] CheckpointKey,
    [property: Id(3)] string ContractDigest,
    [property: Id(4)] string Checkpoint)
{
    /// <summary>Takes the subject of a room apart.</summary>
    public static RoomSubject Of(BindingSubject subject)
    {
        ArgumentNullException.ThrowIfNull(subject);
        return new(
            subject.Collaboration,
            subject.CollaborationKey.ToArray(),
            subject.CheckpointKey.ToArray(),
            subject.ContractDigest!.Value.ToString(), // A room has one; only a node before any collaboration has none.
            subject.Checkpoint);
    }

    /// <summary>Puts it together with the asker's nonce.</summary>
    public BindingSubject ToSubject(Bytes nonce) => new()
    {
        Nonce = nonce,
        Purpose = BindingPurpose.Room,
        Collaboration = Collaboration,
        CollaborationKey = new Bytes(CollaborationKey),
        CheckpointKey = new Bytes(CheckpointKey),
        ContractDigest = Digest.Parse(ContractDigest),
        Checkpoint = Checkpoint,
    };
}
