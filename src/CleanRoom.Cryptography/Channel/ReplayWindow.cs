using CleanRoom.Protocol;

namespace CleanRoom.Cryptography.Channel;

/// <summary>Remembers the requests that a node has taken, so that none is taken twice.</summary>
/// <remarks>
/// Bounded: when it is full of requests that are still fresh, it refuses rather than forgets. Its clock never goes back, so
/// setting the host's clock back does not make an old request fresh. Safe for concurrent calls. Spec: contracts/spec/0011 s.5.
/// </remarks>
public sealed class ReplayWindow
{
    private readonly Lock _lock = new();
    private readonly HashSet<UInt128> _seen = [];
    private readonly PriorityQueue<UInt128, DateTimeOffset> _byExpiry = new();
    private readonly TimeProvider _time;
    private readonly TimeSpan _tolerance;
    private readonly int _capacity;
    private DateTimeOffset _latest = DateTimeOffset.MinValue;

    /// <summary>Makes an empty window.</summary>
    /// <param name="time">The node's clock.</param>
    /// <param name="tolerance">How far a request's time may be from the node's, either way; more than zero.</param>
    /// <param name="capacity">The most requests remembered, about 64 bytes each; at least 1.</param>
    public ReplayWindow(TimeProvider time, TimeSpan tolerance, int capacity)
    {
        ArgumentNullException.ThrowIfNull(time);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(tolerance, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        (_time, _tolerance, _capacity) = (time, tolerance, capacity);
    }

    /// <summary>Takes a request, once.</summary>
    /// <param name="id">The request's random id.</param>
    /// <param name="time">The request's time.</param>
    /// <returns>
    /// Null when taken; else <see cref="RefusalCode.ClockWrong"/>, <see cref="RefusalCode.Replayed"/> or
    /// <see cref="RefusalCode.TooManyRequests"/>.
    /// </returns>
    public Refusal? Take(UInt128 id, Timestamp time)
    {
        lock (_lock)
        {
            var now = _time.GetUtcNow();
            _latest = now > _latest ? now : _latest;
            var difference = time.Value - _latest;
            if (difference.Duration() > _tolerance)
            {
                return new Refusal(
                    RefusalCode.ClockWrong,
                    $"a request made within {(long)_tolerance.TotalSeconds} s of the node's time",
                    $"one made {(long)difference.Duration().TotalSeconds} s {(difference < TimeSpan.Zero ? "before" : "after")} it");
            }

            // Strictly before: at the very edge of the tolerance a request is still accepted, so it must still be remembered.
            while (_byExpiry.TryPeek(out var oldest, out var expiry) && expiry < _latest)
            {
                _byExpiry.Dequeue();
                _seen.Remove(oldest);
            }

            if (_seen.Contains(id))
            {
                return new Refusal(RefusalCode.Replayed, "a request that was not made before", "one that the node has taken already");
            }

            if (_seen.Count >= _capacity)
            {
                return new Refusal(
                    RefusalCode.TooManyRequests, $"at most {_capacity} requests in {(long)_tolerance.TotalSeconds} s", "one more");
            }

            _seen.Add(id);
            _byExpiry.Enqueue(id, time.Value + _tolerance);
            return null;
        }
    }
}
