using System.Collections.Immutable;
using CleanRoom.Grains.Keys;
using CleanRoom.Grains.Keys.Handover;
using CleanRoom.Grains.Messages;
using CleanRoom.Protocol;

namespace CleanRoom.Node.Rolls;

/// <summary>The silos of this cluster, and after them the nodes of another build, which are asked for secrets and for nothing else.</summary>
/// <remarks>Another build vouches for no log, and is told to forget nothing: its word would be the operator's, who chose it.</remarks>
/// <param name="cluster">The silos of this cluster.</param>
/// <param name="others">The nodes of the other build.</param>
/// <param name="requester">Asks.</param>
internal sealed class RollPeerKeys(IPeerKeys cluster, ImmutableArray<IKeySource> others, KeyRequester requester) : IPeerKeys, IDisposable
{
    /// <inheritdoc/>
    public async Task<Result<HandedSecret>?> FetchAsync(string collaboration, CancellationToken cancellationToken) => await FirstAsync(
        await cluster.FetchAsync(collaboration, cancellationToken), other => requester.FetchAsync(other, collaboration, cancellationToken));

    /// <inheritdoc/>
    public async Task<Result<HandedSecret>?> FetchBudgetAsync(string log, CancellationToken cancellationToken) => await FirstAsync(
        await cluster.FetchBudgetAsync(log, cancellationToken), other => requester.FetchBudgetAsync(other, log, cancellationToken));

    /// <inheritdoc/>
    public Task<ImmutableArray<Vouch>> VouchAsync(string collaboration, CancellationToken cancellationToken) => cluster.VouchAsync(collaboration, cancellationToken);

    /// <inheritdoc/>
    public Task TellAsync(string collaboration, LogMark seen, CancellationToken cancellationToken) => cluster.TellAsync(collaboration, seen, cancellationToken);

    /// <inheritdoc/>
    public Task ForgetAsync(string collaboration, RoomSubject? ended, CancellationToken cancellationToken) =>
        cluster.ForgetAsync(collaboration, ended, cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<Timestamp>?> ClocksAsync(CancellationToken cancellationToken) => cluster.ClocksAsync(cancellationToken);

    /// <inheritdoc/>
    public Task<bool> LetColumnsGoAsync(string collaboration) => cluster.LetColumnsGoAsync(collaboration);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var other in others.OfType<IDisposable>())
        {
            other.Dispose();
        }
    }

    private async Task<Result<HandedSecret>?> FirstAsync(Result<HandedSecret>? own, Func<IKeySource, Task<Result<HandedSecret>>> ask)
    {
        if (own is { IsAccepted: true })
        {
            return own;
        }

        var refusals = own?.Refusals.ToBuilder() ?? ImmutableArray.CreateBuilder<Refusal>();
        foreach (var other in others)
        {
            var asked = await ask(other);
            if (asked.IsAccepted)
            {
                return asked;
            }

            refusals.AddRange(asked.Refusals);
        }

        return refusals.Count > 0 ? refusals.ToImmutable() : own;
    }
}
