using CleanRoom.Grains.Keys.Handover;
using CleanRoom.Protocol;

namespace CleanRoom.Node.Tests.Harness;

/// <summary>A node as one of another build sees it, without a network between them.</summary>
internal sealed class InProcessOther(OtherBuildHolder holder) : IKeySource
{
    public bool IsOwnBuild => false;

    public Task<Result<HandoverOffer>> OfferAsync(string collaboration, CancellationToken cancellationToken) => holder.OfferAsync(collaboration, cancellationToken);

    public Task<Result<HandedOver>> HandOverAsync(string collaboration, byte[] admission, CancellationToken cancellationToken) =>
        holder.HandOverAsync(collaboration, admission, cancellationToken);

    public Task<Result<Bytes>> OfferBudgetAsync(string log, CancellationToken cancellationToken) => Task.FromResult(holder.OfferBudget(log));

    public Task<Result<HandedOver>> HandOverBudgetAsync(string log, byte[] attestation, CancellationToken cancellationToken) =>
        holder.HandOverBudgetAsync(log, attestation, cancellationToken);
}
