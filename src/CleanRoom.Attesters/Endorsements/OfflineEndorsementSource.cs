using CleanRoom.Protocol;

namespace CleanRoom.Attesters.Endorsements;

/// <summary>Answers from a cache alone, stale entries too: then the verifier, which reads the signed dates, judges them.</summary>
/// <param name="cache">What was kept.</param>
public sealed class OfflineEndorsementSource(EndorsementCache cache) : IEndorsementSource
{
    /// <inheritdoc/>
    public Task<Result<Endorsement>> GetAsync(EndorsementRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        return Task.FromResult(cache.Read(request) is { } kept
            ? Result.Accept(kept)
            : new Refusal(RefusalCode.EndorsementMissing, $"{request.Name} in the cache, since this is offline", "none"));
    }
}
