using CleanRoom.Grains.Keys.Handover;
using CleanRoom.Grains.Partitions;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Fold;

namespace CleanRoom.Grains.Collaboration;

/// <summary>Has zeroed, on every silo, what runs of a room have left in clear, whenever its ledger has taken something back.</summary>
/// <remarks>
/// A silo that does not answer is told again until it does, or until the membership has dropped it. Calls may interleave at their awaits.
/// Spec: contracts/spec/0010 s.6.1.
/// </remarks>
internal sealed class ColumnRecall(string collaboration, KeptColumns kept, IPeerKeys peers)
{
    private TakenBack? _taken;
    private TakenBack? _told;

    /// <summary>Compares a state with the one before; returns when this silo has zeroed, and every other that answers in time.</summary>
    public async Task FollowAsync(CollaborationState state, Timestamp now)
    {
        var taken = RunPlanning.TakenBack(state, now);
        if (taken != _taken)
        {
            _taken = taken;
            kept.Forget(collaboration);
            await TellAgainAsync();
        }
    }

    /// <summary>Tells the other silos, unless all of them have answered already.</summary>
    public async Task TellAgainAsync()
    {
        var taken = _taken;
        if (taken != _told && await peers.LetColumnsGoAsync(collaboration))
        {
            _told = taken; // Of that moment: something more may have been taken back meanwhile.
        }
    }
}
