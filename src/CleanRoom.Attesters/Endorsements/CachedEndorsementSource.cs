using CleanRoom.Protocol;

namespace CleanRoom.Attesters.Endorsements;

/// <summary>Answers from a cache while its entry is fresh, and asks otherwise. A stale entry never stands in for an answer that did not come.</summary>
/// <param name="cache">What was kept.</param>
/// <param name="source">Whom to ask.</param>
/// <param name="time">The clock.</param>
public sealed class CachedEndorsementSource(EndorsementCache cache, IEndorsementSource source, TimeProvider time) : IEndorsementSource
{
    /// <inheritdoc/>
    public async Task<Result<Endorsement>> GetAsync(EndorsementRequest request, CancellationToken cancellationToken)
    {
        if (cache.Read(request) is { } kept && kept.IsFresh(Timestamp.From(time.GetUtcNow())))
        {
            return kept;
        }

        var answer = await source.GetAsync(request, cancellationToken);
        if (answer.TryGet(out var fetched, out _))
        {
            cache.TryWrite(fetched);
        }

        return answer;
    }
}
