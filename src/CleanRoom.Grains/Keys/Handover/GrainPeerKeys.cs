using System.Collections.Immutable;
using CleanRoom.Grains.Messages;
using CleanRoom.Protocol;
using Microsoft.Extensions.Logging;

namespace CleanRoom.Grains.Keys.Handover;

/// <summary>The other silos of an Orleans cluster.</summary>
public sealed partial class GrainPeerKeys(IGrainFactory grains, ISiloStatusOracle silos, KeyRequester requester, ILogger<GrainPeerKeys> logger) : IPeerKeys
{
    /// <inheritdoc/>
    public Task<Result<HandedSecret>?> FetchAsync(string collaboration, CancellationToken cancellationToken) =>
        FirstAsync(peer => requester.FetchAsync(new GrainKeySource(peer), collaboration, cancellationToken));

    /// <inheritdoc/>
    public Task<Result<HandedSecret>?> FetchBudgetAsync(string log, CancellationToken cancellationToken) =>
        FirstAsync(peer => requester.FetchBudgetAsync(new GrainKeySource(peer), log, cancellationToken));

    /// <inheritdoc/>
    public async Task<ImmutableArray<Vouch>> VouchAsync(string collaboration, CancellationToken cancellationToken)
    {
        var replies = await EachAsync(peer => peer.VouchAsync(collaboration));
        return [.. replies.Where(reply => reply.Refusals.IsEmpty).Select(reply => reply.Value!.ToVouch())];
    }

    /// <inheritdoc/>
    public async Task TellAsync(string collaboration, LogMark seen, CancellationToken cancellationToken) => await EachAsync(async peer =>
    {
        await peer.SeeAsync(collaboration, seen.Size, seen.Root.ToString());
        return true;
    });

    /// <inheritdoc/>
    public async Task ForgetAsync(string collaboration, RoomSubject? ended, CancellationToken cancellationToken) => await EachAsync(async peer =>
    {
        await peer.ForgetAsync(collaboration, ended);
        return true;
    });

    /// <inheritdoc/>
    public async Task<ImmutableArray<Timestamp>?> ClocksAsync(CancellationToken cancellationToken) =>
        await EachAsync(async peer => Timestamp.From(DateTimeOffset.FromUnixTimeMilliseconds(await peer.ClockAsync())));

    /// <inheritdoc/>
    public async Task<bool> LetColumnsGoAsync(string collaboration)
    {
        var peers = Peers().ToList();
        var answers = await EachAsync(peers, async peer =>
        {
            await peer.LetColumnsGoAsync(collaboration);
            return true;
        });
        return answers.Length == peers.Count;
    }

    private IEnumerable<IKeyHolderGrain> Peers() => silos.GetActiveSilos().Where(silo => !silo.Equals(silos.SiloAddress))
        .Order().Select(silo => grains.GetGrain<IKeyHolderGrain>(silo.ToParsableString()));

    /// <summary>Asks one after the other until one gives.</summary>
    private async Task<Result<HandedSecret>?> FirstAsync(Func<IKeyHolderGrain, Task<Result<HandedSecret>>> ask)
    {
        var refusals = ImmutableArray.CreateBuilder<Refusal>();
        foreach (var peer in Peers())
        {
            try
            {
                var handed = await ask(peer);
                if (handed.IsAccepted)
                {
                    return handed;
                }

                refusals.AddRange(handed.Refusals);
            }
            catch (Exception exception) when (exception is OrleansException or TimeoutException)
            {
                LogSilent(exception, peer.GetPrimaryKeyString());
            }
        }

        return refusals.Count > 0 ? refusals.ToImmutable() : null;
    }

    private Task<ImmutableArray<T>> EachAsync<T>(Func<IKeyHolderGrain, Task<T>> ask) => EachAsync(Peers(), ask);

    private async Task<ImmutableArray<T>> EachAsync<T>(IEnumerable<IKeyHolderGrain> peers, Func<IKeyHolderGrain, Task<T>> ask)
    {
        var answers = await Task.WhenAll(peers.Select(AskAsync));
        return [.. answers.Where(answer => answer.Came).Select(answer => answer.Value!)];

        async Task<(bool Came, T? Value)> AskAsync(IKeyHolderGrain peer)
        {
            try
            {
                return (true, await ask(peer));
            }
            catch (Exception exception) when (exception is OrleansException or TimeoutException)
            {
                LogSilent(exception, peer.GetPrimaryKeyString());
                return (false, default);
            }
        }
    }

    [LoggerMessage(3411, LogLevel.Warning, "Silo {Peer} did not answer")]
    private partial void LogSilent(Exception exception, string peer);
}
