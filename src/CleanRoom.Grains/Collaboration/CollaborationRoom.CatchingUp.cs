using CleanRoom.Protocol;

namespace CleanRoom.Grains.Collaboration;

/// <content>Another activation of the room, here, at a peer or in the cluster of another build, appends to the same log.</content>
public sealed partial class CollaborationRoom
{
    /// <summary>Reads the log again when another has appended to it, such as the admission of a node that a peer handed the secret to. When it has ended, the keys go.</summary>
    public async Task<Refusal?> CatchUpAsync(CancellationToken cancellationToken)
    {
        var hadEnded = State.IsTerminated;
        var behind = await _ledger.CatchUpAsync(cancellationToken);
        if (behind is null && State.IsTerminated && !hadEnded)
        {
            await _services.Keyring.DestroyAsync(State.Collaboration, Subject, cancellationToken);
        }

        return behind;
    }
}
