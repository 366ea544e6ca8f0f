using CleanRoom.Protocol;

namespace CleanRoom.Grains.Keys.Handover;

/// <summary>Another silo of this cluster. All members of a cluster are one build: the transport lets in no other (contracts/spec/0020 s.4).</summary>
public sealed class GrainKeySource(IKeyHolderGrain silo) : IKeySource
{
    /// <inheritdoc/>
    public bool IsOwnBuild => true;

    /// <inheritdoc/>
    public async Task<Result<HandoverOffer>> OfferAsync(string collaboration, CancellationToken cancellationToken) =>
        (await silo.OfferAsync(collaboration)).ToResult();

    /// <inheritdoc/>
    public async Task<Result<HandedOver>> HandOverAsync(string collaboration, byte[] admission, CancellationToken cancellationToken) =>
        (await silo.HandOverAsync(collaboration, admission)).ToResult();

    /// <inheritdoc/>
    public async Task<Result<Bytes>> OfferBudgetAsync(string log, CancellationToken cancellationToken) =>
        (await silo.OfferBudgetAsync(log)).ToResult().Then(nonce => Result.Accept(new Bytes(nonce)));

    /// <inheritdoc/>
    public async Task<Result<HandedOver>> HandOverBudgetAsync(string log, byte[] attestation, CancellationToken cancellationToken) =>
        (await silo.HandOverBudgetAsync(log, attestation)).ToResult();
}
