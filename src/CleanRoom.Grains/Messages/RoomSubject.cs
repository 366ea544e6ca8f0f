using CleanRoom.Grains.Keys;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Fold;

namespace CleanRoom.Grains.Messages;

/// <summary>What evidence for a collaboration is bound to besides nonce and purpose, from whoever has its log to the node that attests itself.</summary>
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
    /// <summary>Makes the subject of a log that has its row 0: the contract in force, or the founding one before there is one.</summary>
    /// <param name="state">The fold of the log.</param>
    /// <param name="checkpoint">Its newest signed note.</param>
    public static RoomSubject Of(CollaborationState state, string checkpoint)
    {
        ArgumentNullException.ThrowIfNull(state);
        var genesis = state.Genesis!;
        return new(
            genesis.Collaboration,
            genesis.SealingKey.ToArray(),
            genesis.CheckpointKey.ToArray(),
            (state.ActiveContract ?? genesis.ContractDigest).ToString(),
            checkpoint);
    }

    /// <summary>Puts it together with the question.</summary>
    public BindingSubject ToSubject(Bytes nonce, BindingPurpose purpose) => new()
    {
        Nonce = nonce,
        Purpose = purpose,
        Collaboration = Collaboration,
        CollaborationKey = new Bytes(CollaborationKey),
        CheckpointKey = new Bytes(CheckpointKey),
        ContractDigest = Digest.Parse(ContractDigest),
        Checkpoint = Checkpoint,
    };
}
