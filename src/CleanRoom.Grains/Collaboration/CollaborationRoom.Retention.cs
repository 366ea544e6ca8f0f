using System.Collections.Immutable;
using CleanRoom.Protocol;

namespace CleanRoom.Grains.Collaboration;

public sealed partial class CollaborationRoom
{
    /// <summary>Lists stored answers whose retention is over, by a clock that may stamp a row: what is removed does not come back when a clock is right again.</summary>
    /// <param name="isForgotten">Says of an answer's name that it is removed already.</param>
    /// <param name="cancellationToken">Stops before the clock is asked about.</param>
    public async Task<ImmutableArray<(Digest Query, string ResultName)>> ResultsPastRetentionAsync(Func<string, bool> isForgotten, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(isForgotten);
        var now = _ledger.Now;
        ImmutableArray<(Digest Query, string ResultName)> past = [.. RunPlanning.ForgottenResults(State, now).Where(result => !isForgotten(result.ResultName))];
        return past.IsEmpty || await _ledger.WhyClockWrongAsync(now, cancellationToken) is null ? past : [];
    }
}
