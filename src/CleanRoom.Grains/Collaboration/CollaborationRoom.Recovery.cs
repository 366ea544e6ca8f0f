using CleanRoom.Cryptography.Signatures;
using CleanRoom.Grains.Keys.Recoveries;
using CleanRoom.Protocol.Recoveries;

namespace CleanRoom.Grains.Collaboration;

/// <content>Shares of the secret for recovery, where the contract in force asks for them.</content>
public sealed partial class CollaborationRoom
{
    /// <summary>Appends a new set of shares when one is due: a contract with <c>recovery.k</c> came into force, or a member came who may hold a share.</summary>
    /// <remarks>What is not made now is made later: it is due until it is in the ledger, and whoever appends or looks after the room calls this again.</remarks>
    public async Task ShareAsync(CancellationToken cancellationToken)
    {
        if (!IsWritable || !RecoverySets.IsDue(State, Now) || await AdmitNodeAsync(cancellationToken) is not null)
        {
            return;
        }

        var made = await RecoverySharing.MakeAsync(_services.Backend, _keys.Keys, State, Now, cancellationToken);
        if (!made.TryGet(out var shares, out _))
        {
            return;
        }

        var envelope = await EnvelopeSigner.SignAsync(_services.Node.Keys.Sign, shares, cancellationToken);
        var appended = await _ledger.AppendAsync([(_, _) => ValueTask.FromResult(envelope)], cancellationToken);
        if (!appended.IsAccepted)
        {
            HaltOn(appended.Refusals[0]);
        }
    }
}
