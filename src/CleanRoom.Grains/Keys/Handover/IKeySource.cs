using CleanRoom.Protocol;

namespace CleanRoom.Grains.Keys.Handover;

/// <summary>One node that may hand over a secret: the two calls of a handover, whatever carries them. Spec: contracts/spec/0021 s.3.</summary>
/// <remarks>What it answers is a peer's word: the caller checks a secret against the log that it opens.</remarks>
public interface IKeySource
{
    /// <summary>Gets a value that says whether the node runs this node's own code, so that its word on how long a log is counts.</summary>
    bool IsOwnBuild { get; }

    /// <inheritdoc cref="KeyHolder.OfferAsync(string, CancellationToken)"/>
    Task<Result<HandoverOffer>> OfferAsync(string collaboration, CancellationToken cancellationToken);

    /// <inheritdoc cref="KeyHolder.HandOverAsync"/>
    Task<Result<HandedOver>> HandOverAsync(string collaboration, byte[] admission, CancellationToken cancellationToken);

    /// <inheritdoc cref="KeyHolder.OfferBudget"/>
    Task<Result<Bytes>> OfferBudgetAsync(string log, CancellationToken cancellationToken);

    /// <inheritdoc cref="KeyHolder.HandOverBudgetAsync(string, byte[], CancellationToken)"/>
    Task<Result<HandedOver>> HandOverBudgetAsync(string log, byte[] attestation, CancellationToken cancellationToken);
}
