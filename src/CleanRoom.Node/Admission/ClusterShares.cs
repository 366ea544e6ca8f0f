using System.Collections.Concurrent;
using CleanRoom.Grains.Admission;
using CleanRoom.Node.Configuration;
using CleanRoom.Node.Sessions;

namespace CleanRoom.Node.Admission;

/// <summary>This node's part in the requests that a cluster takes on of a member and a room, taken in advance a few at a time, so that most requests ask nobody.</summary>
/// <remarks>What was taken and not used in a second is lost: a cluster takes on fewer than its limit rather than more.</remarks>
/// <param name="roomOf">Finds the grain that counts for a room.</param>
/// <param name="options">How much the cluster takes on.</param>
/// <param name="time">The clock.</param>
internal sealed class ClusterShares(Func<string, IAdmissionGrain> roomOf, AdmissionOptions options, TimeProvider time)
{
    private const int PartsOfASecond = 10;
    private const int MostMembers = 10_000;

    private static readonly TimeSpan _lasts = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, Advance> _advances = new(StringComparer.Ordinal);
    private readonly ShareLimits _limits = new(options.RequestsPerSecond, options.RoomRequestsPerSecond);
    private readonly int _atOnce = Math.Max(1, options.RequestsPerSecond / PartsOfASecond);

    /// <summary>Takes one request of a member.</summary>
    /// <returns>Null when it is taken; else when it is worth asking again.</returns>
    public async Task<TimeSpan?> WhenAsync(Session session)
    {
        var member = $"{session.Collaborator}/{session.Member}";
        var advance = _advances.GetOrAdd($"{session.Collaboration}/{member}", _ => new Advance());
        if (advance.TryTake(time))
        {
            return null;
        }

        var grant = await roomOf(session.Collaboration).TakeAsync(member, _atOnce, _limits);
        Forget();
        if (grant.Granted == 0)
        {
            return grant.RetryAfter;
        }

        advance.Add(grant.Granted - 1, time);
        return null;
    }

    private void Forget()
    {
        if (_advances.Count > MostMembers)
        {
            foreach (var (member, advance) in _advances.Where(pair => pair.Value.IsOver(time)))
            {
                _advances.TryRemove(KeyValuePair.Create(member, advance));
            }
        }
    }

    private sealed class Advance
    {
        private readonly Lock _lock = new();
        private int _left;
        private long _at;

        public bool TryTake(TimeProvider time)
        {
            lock (_lock)
            {
                if (_left == 0 || time.GetElapsedTime(_at) > _lasts)
                {
                    return false;
                }

                _left--;
                return true;
            }
        }

        public void Add(int count, TimeProvider time)
        {
            lock (_lock)
            {
                // The rest of an older advance may have run out: it does not become young by this one.
                _left = time.GetElapsedTime(_at) > _lasts ? count : _left + count;
                _at = time.GetTimestamp();
            }
        }

        public bool IsOver(TimeProvider time)
        {
            lock (_lock)
            {
                return _left == 0 || time.GetElapsedTime(_at) > _lasts;
            }
        }
    }
}
