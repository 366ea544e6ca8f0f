using CleanRoom.Protocol.Fold;
using CleanRoom.Protocol.Ledger;

namespace CleanRoom.Protocol.Gossip;

/// <summary>The name of a collaboration and the key that signs its checkpoints, from row 0: the name commits to the key, so nobody has to be asked.</summary>
internal sealed record RoomKey(string Collaboration, Bytes CheckpointKey)
{
    /// <summary>Reads row 0 as the fold does. Trust: whoever handed it over.</summary>
    public static Result<RoomKey> Of(Bytes row0, FoldServices services)
    {
        ArgumentNullException.ThrowIfNull(services);
        return RowCodec.Parse(row0.Span)
            .Then(row => LedgerFold.Apply(CollaborationState.Empty, row, services))
            .Then<RoomKey>(state => new RoomKey(state.Collaboration, state.Genesis!.CheckpointKey)); // The fold takes nothing else as the first row.
    }
}
