using CleanRoom.Grains.Collaboration;
using CleanRoom.Grains.Messages;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Recoveries;
using CleanRoom.Storage;
using Microsoft.Extensions.Logging;
using Orleans.Placement;

namespace CleanRoom.Grains.Keys.Recoveries;

/// <summary>The shell around <see cref="RecoveryDesk"/>: one activation, one call at a time, alive as long as a release lasts.</summary>
[PreferLocalPlacement]
internal sealed partial class RecoveryGrain(RoomServices services, ILogger<RecoveryGrain> logger) : Grain, IRecoveryGrain
{
    private static readonly TimeSpan _releaseLasts = RecoveryStatements.MaxLifetime;

    private RecoveryDesk? _desk;

    private string Collaboration => this.GetPrimaryKeyString();

    private RecoveryDesk Desk => _desk ??= new RecoveryDesk(Collaboration, services);

    public Task<GrainReply<RecoveryOffered>> OfferAsync(RecoveryPapers papers, byte[] nonce) =>
        GuardAsync(() => Desk.OfferAsync(papers.ToKit(), new Bytes(nonce), CancellationToken.None));

    public async Task<GrainReply<RecoveryTaken>> ReleaseAsync(RecoveryShareReleased released)
    {
        var taken = await GuardAsync(() => Desk.ReleaseAsync(released.ToRequest(), CancellationToken.None));
        if (!taken.Refusals.IsEmpty)
        {
            LogRefused(Collaboration, string.Join("; ", taken.ToResult().Refusals));
        }
        else if (taken.Value!.Released.Length == taken.Value.Needed)
        {
            LogRestored(Collaboration, string.Join(", ", taken.Value.Released));
        }
        else
        {
            LogReleased(Collaboration, taken.Value.Released.Length, taken.Value.Needed);
        }

        return taken;
    }

    private async Task<GrainReply<T>> GuardAsync<T>(Func<Task<Result<T>>> call)
        where T : notnull
    {
        try
        {
            return (await call()).ToReply();
        }
        catch (StorageException exception)
        {
            LogStoreFailed(exception, exception.Failure);
            return GrainReplies.Refuse<T>([new Refusal(RefusalCode.StorageFailed, "a store that takes and gives rows", exception.Failure.ToString().ToLowerInvariant())]);
        }
        finally
        {
            // Ids cost the asker nothing: an activation for each that is made up would cost memory.
            if (Desk.IsOpen)
            {
                DelayDeactivation(_releaseLasts);
            }
            else
            {
                DeactivateOnIdle();
            }
        }
    }

    [LoggerMessage(3431, LogLevel.Warning, "The keys of {Collaboration} were restored here from the shares of {Collaborators}")]
    private partial void LogRestored(string collaboration, string collaborators);

    [LoggerMessage(3432, LogLevel.Information, "{Released} of {Needed} collaborators have released their shares of the keys of {Collaboration}")]
    private partial void LogReleased(string collaboration, int released, int needed);

    [LoggerMessage(3433, LogLevel.Warning, "A share of the keys of {Collaboration} was not taken: {Refusals}")]
    private partial void LogRefused(string collaboration, string refusals);

    [LoggerMessage(3434, LogLevel.Error, "The store failed while the keys of a room were restored: {Failure}")]
    private partial void LogStoreFailed(Exception exception, StorageFailure failure);
}
