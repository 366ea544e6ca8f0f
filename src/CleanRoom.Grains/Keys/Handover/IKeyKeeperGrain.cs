namespace CleanRoom.Grains.Keys.Handover;

/// <summary>Has a silo hold the keys of rooms before it is needed, so that a room goes on where its silo died. Key: the silo's address; see <see cref="IKeyHolderGrain"/>.</summary>
/// <remarks>Anyone of the cluster may ask, a silo's own start does: it moves nothing that the contract does not let this silo have.</remarks>
[GrainInterfaceType("cleanroom.key-keeper")]
[Alias("cleanroom.key-keeper")]
public interface IKeyKeeperGrain : IGrainWithStringKey
{
    /// <summary>Opens or fetches a collaboration's keys, and asks the peers what they know of its log.</summary>
    [Alias("keep")]
    Task KeepAsync(string collaboration);
}
