using CleanRoom.Grains.Keys.Handover;
using CleanRoom.Protocol;

namespace CleanRoom.Grains.Ledger;

/// <summary>The clock of this silo, as far as rows are stamped by it.</summary>
/// <remarks>
/// A row that is stamped too early is refused by the fold. One that is stamped too late cannot be taken back, and no right clock may write after it until
/// its time has come: so a silo asks the others before it stamps after a pause, and from time to time. Where none answers, the time that passes has to
/// account for where the clock stands. A node without a cluster has nobody to ask, and its members' requests to be compared with (spec 0011 s.5).
/// Safe for concurrent calls. Spec: contracts/spec/0005 s.9.
/// </remarks>
public sealed class LedgerClock(TimeProvider time, IPeerKeys peers)
{
    /// <summary>How far clocks may differ: as far as a member's from its node's.</summary>
    private static readonly TimeSpan _tolerance = TimeSpan.FromMinutes(5);

    private readonly Lock _lock = new();
    private (Timestamp Clock, long Passed)? _anchor;
    private long? _agreed;

    /// <summary>Gets the time that it shows.</summary>
    public Timestamp Now => Timestamp.From(time.GetUtcNow());

    /// <summary>Notes where the clock stands beside the time that passes. To be called now and then from the start on.</summary>
    public void Look() => IsAccountedFor(Now);

    /// <summary>Says why no row is stamped now.</summary>
    /// <param name="newest">The time of the newest row; null for a log that has none.</param>
    /// <param name="now">The time that would be stamped.</param>
    /// <param name="cancellationToken">Stops before others are asked.</param>
    /// <returns>
    /// Null, or <see cref="RefusalCode.ClockWrong"/>: behind the log; more than five minutes ahead of every silo that answers; or, where none does, more
    /// than five minutes ahead of the time that has passed.
    /// </returns>
    public async Task<Refusal?> WhyWrongAsync(Timestamp? newest, Timestamp now, CancellationToken cancellationToken)
    {
        if (now < newest)
        {
            return new Refusal(RefusalCode.ClockWrong, $"a clock from {newest}, the newest row", $"{now}");
        }

        var isAccountedFor = IsAccountedFor(now);
        if (isAccountedFor && now <= newest?.Plus(_tolerance) && HasAgreed())
        {
            return null;
        }

        if (await peers.ClocksAsync(cancellationToken) is not { } others)
        {
            return null;
        }

        if (others.IsEmpty)
        {
            return isAccountedFor ? null : new Refusal(RefusalCode.ClockWrong, "a clock that the time that passed accounts for, or another silo's that agrees", $"{now}");
        }

        if (others.Max() is var latest && now > latest.Plus(_tolerance))
        {
            return new Refusal(RefusalCode.ClockWrong, $"a clock at most 5 minutes ahead of another silo's, {latest} at the latest", $"{now}");
        }

        Agree(now);
        return null;
    }

    private bool HasAgreed()
    {
        lock (_lock)
        {
            return _agreed is { } agreed && time.GetElapsedTime(agreed) < _tolerance;
        }
    }

    private void Agree(Timestamp now)
    {
        lock (_lock)
        {
            _agreed = time.GetTimestamp();
            _anchor = (now, _agreed.Value);
        }
    }

    private bool IsAccountedFor(Timestamp now)
    {
        lock (_lock)
        {
            // A clock that was set back is one that was ahead, or will be set forward again: both are measured from where it stands now.
            if (_anchor is not { } anchor || now <= anchor.Clock.Plus(time.GetElapsedTime(anchor.Passed)))
            {
                _anchor = (now, time.GetTimestamp());
                return true;
            }

            return now <= anchor.Clock.Plus(time.GetElapsedTime(anchor.Passed) + _tolerance);
        }
    }
}
