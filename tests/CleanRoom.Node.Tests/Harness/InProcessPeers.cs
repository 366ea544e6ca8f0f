using System.Collections.Immutable;
using CleanRoom.Grains.Keys;
using CleanRoom.Grains.Keys.Handover;
using CleanRoom.Grains.Messages;
using CleanRoom.Protocol;

namespace CleanRoom.Node.Tests.Harness;

/// <summary>The other nodes of a cluster, without silos. What passes between them takes its wire form.</summary>
internal sealed class InProcessPeers : IPeerKeys
{
    private readonly List<IKeyHolderGrain> _peers = [];
    private readonly List<IKeySource> _others = [];

    /// <summary>Gets or sets what asks for this node; set once the node has its identity.</summary>
    public KeyRequester? Requester { get; set; }

    /// <summary>Lets this node know of another.</summary>
    public void Meet(IKeyHolderGrain peer) => _peers.Add(peer);

    /// <summary>Lets this node know of a node of another build.</summary>
    public void Meet(IKeySource other) => _others.Add(other);

    public Task<Result<HandedSecret>?> FetchAsync(string collaboration, CancellationToken cancellationToken) =>
        FirstAsync(peer => Requester!.FetchAsync(peer, collaboration, cancellationToken));

    public Task<Result<HandedSecret>?> FetchBudgetAsync(string log, CancellationToken cancellationToken) =>
        FirstAsync(peer => Requester!.FetchBudgetAsync(peer, log, cancellationToken));

    public async Task<ImmutableArray<Vouch>> VouchAsync(string collaboration, CancellationToken cancellationToken)
    {
        var vouches = ImmutableArray.CreateBuilder<Vouch>();
        foreach (var peer in _peers)
        {
            var reply = await peer.VouchAsync(collaboration);
            if (reply.Refusals.IsEmpty)
            {
                vouches.Add(reply.Value!.ToVouch());
            }
        }

        return vouches.ToImmutable();
    }

    public Task TellAsync(string collaboration, LogMark seen, CancellationToken cancellationToken) =>
        Task.WhenAll(_peers.Select(peer => peer.SeeAsync(collaboration, seen.Size, seen.Root.ToString())));

    public Task ForgetAsync(string collaboration, RoomSubject? ended, CancellationToken cancellationToken) =>
        Task.WhenAll(_peers.Select(peer => peer.ForgetAsync(collaboration, ended)));

    public async Task<ImmutableArray<Timestamp>?> ClocksAsync(CancellationToken cancellationToken) => _peers.Count == 0
        ? null
        : [.. (await Task.WhenAll(_peers.Where(peer => peer is not InProcessHolder { IsCutOff: true }).Select(peer => peer.ClockAsync())))
            .Select(clock => Timestamp.From(DateTimeOffset.FromUnixTimeMilliseconds(clock)))];

    public async Task<bool> LetColumnsGoAsync(string collaboration)
    {
        try
        {
            await Task.WhenAll(_peers.Select(peer => peer.LetColumnsGoAsync(collaboration)));
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private async Task<Result<HandedSecret>?> FirstAsync(Func<IKeySource, Task<Result<HandedSecret>>> ask)
    {
        var refusals = ImmutableArray.CreateBuilder<Refusal>();
        foreach (var peer in _peers.Select(peer => new GrainKeySource(peer)).Concat(_others))
        {
            var asked = await ask(peer);
            if (asked.IsAccepted)
            {
                return asked;
            }

            refusals.AddRange(asked.Refusals);
        }

        return refusals.Count > 0 ? refusals.ToImmutable() : null;
    }
}
