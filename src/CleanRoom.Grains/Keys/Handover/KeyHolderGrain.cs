using CleanRoom.Grains.Hosting;
using CleanRoom.Grains.Messages;
using CleanRoom.Grains.Partitions;
using CleanRoom.Protocol;
using CleanRoom.Storage;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;

namespace CleanRoom.Grains.Keys.Handover;

/// <summary>The shell around <see cref="KeyHolder"/>. Reentrant: each call stands by itself.</summary>
/// <remarks>The first row that a silo hears of makes it fetch the keys: every silo that the contract accepts has them soon after the genesis.</remarks>
[OnSilo]
[Reentrant]
internal sealed partial class KeyHolderGrain(
    KeyHolder holder, CollaborationKeyring keyring, IPeerKeys peers, KeptColumns kept, ILogger<KeyHolderGrain> logger)
    : Grain, IKeyHolderGrain, IKeyKeeperGrain
{
    private readonly HashSet<string> _keeping = new(StringComparer.Ordinal);

    public Task<GrainReply<HandoverOffer>> OfferAsync(string collaboration) =>
        GuardAsync(() => holder.OfferAsync(collaboration, CancellationToken.None));

    public async Task<GrainReply<HandedOver>> HandOverAsync(string collaboration, byte[] admission)
    {
        var handed = await GuardAsync(() => holder.HandOverAsync(collaboration, admission, CancellationToken.None));
        if (handed.Refusals.IsEmpty)
        {
            LogHandedOver(collaboration);

            // The admission is a row that the room's own activation may not know of yet.
            await peers.TellAsync(collaboration, keyring.FindHeld(collaboration)?.Seen ?? default, CancellationToken.None);
        }
        else
        {
            LogRefused(collaboration, string.Join("; ", handed.ToResult().Refusals));
        }

        return handed;
    }

    public Task<GrainReply<byte[]>> OfferBudgetAsync(string log) =>
        Task.FromResult(holder.OfferBudget(log).Then(nonce => Result.Accept(nonce.ToArray())).ToReply());

    public Task<GrainReply<HandedOver>> HandOverBudgetAsync(string log, byte[] attestation) =>
        GuardAsync(() => holder.HandOverBudgetAsync(log, attestation, CancellationToken.None));

    public Task<GrainReply<VouchReply>> VouchAsync(string collaboration) =>
        Task.FromResult(holder.Vouch(collaboration).Then(vouch => Result.Accept(VouchReply.Of(vouch))).ToReply());

    public Task SeeAsync(string collaboration, long size, string root)
    {
        holder.See(collaboration, new LogMark(size, Digest.Parse(root)));
        if (keyring.FindHeld(collaboration)?.IsFresh != true)
        {
            // Beside the call: who tells is in the middle of a row.
            _ = KeepAsync(collaboration);
        }

        return Task.CompletedTask;
    }

    public async Task KeepAsync(string collaboration)
    {
        if (!_keeping.Add(collaboration))
        {
            return;
        }

        try
        {
            var opened = await keyring.OpenAsync(collaboration, CancellationToken.None);
            if (opened.TryGet(out var room, out var refusals))
            {
                await room.AskAsync(peers, collaboration, CancellationToken.None);
            }
            else
            {
                LogNotKept(collaboration, string.Join("; ", refusals));
            }
        }
        catch (StorageException exception)
        {
            LogStoreFailed(exception, exception.Failure);
        }
        finally
        {
            _keeping.Remove(collaboration);
        }
    }

    public Task ForgetAsync(string collaboration, RoomSubject? ended) => keyring.ForgetAsync(collaboration, ended, CancellationToken.None);

    public Task LetColumnsGoAsync(string collaboration)
    {
        kept.Forget(collaboration);
        return Task.CompletedTask;
    }

    public Task<long> ClockAsync() => Task.FromResult(holder.Clock.Value.ToUnixTimeMilliseconds());

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
    }

    [LoggerMessage(3401, LogLevel.Information, "The secret of {Collaboration} was handed over to a node that its contract accepts")]
    private partial void LogHandedOver(string collaboration);

    [LoggerMessage(3402, LogLevel.Warning, "The secret of {Collaboration} was not handed over: {Refusals}")]
    private partial void LogRefused(string collaboration, string refusals);

    [LoggerMessage(3404, LogLevel.Warning, "This silo could not get the keys of {Collaboration}: {Refusals}")]
    private partial void LogNotKept(string collaboration, string refusals);

    [LoggerMessage(3403, LogLevel.Error, "The store failed while a secret was asked for: {Failure}")]
    private partial void LogStoreFailed(Exception exception, StorageFailure failure);
}
