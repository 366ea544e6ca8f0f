using System.Threading.RateLimiting;
using CleanRoom.Protocol;

namespace CleanRoom.Node.Admission;

/// <summary>What a node took on, or when it is worth asking again. Disposed when the work has ended.</summary>
internal sealed class Admitted : IDisposable
{
    // What a line says when it is full: nobody knows when it moves.
    private static readonly TimeSpan _soon = TimeSpan.FromSeconds(2);

    private readonly RateLimitLease[] _leases;

    private Admitted(RateLimitLease[] leases, Refusal? refusal, int retryAfter) => (_leases, Refusal, RetryAfter) = (leases, refusal, retryAfter);

    /// <summary>Gets why it was not taken on; null when it was.</summary>
    public Refusal? Refusal { get; }

    /// <summary>Gets the whole seconds to wait, at least 1.</summary>
    public int RetryAfter { get; }

    /// <summary>Takes leases over: all of them, or none.</summary>
    public static Admitted Of(RateLimitLease[] leases, string wanted)
    {
        if (Array.TrueForAll(leases, lease => lease.IsAcquired))
        {
            return new Admitted(leases, null, 0);
        }

        var after = leases.Max(lease => lease.TryGetMetadata(MetadataName.RetryAfter, out var span) ? span : TimeSpan.Zero);
        foreach (var lease in leases)
        {
            lease.Dispose();
        }

        return after > TimeSpan.Zero ? Later(wanted, after) : Later(wanted);
    }

    /// <summary>Refuses for now.</summary>
    public static Admitted Later(string wanted) => Later(wanted, _soon);

    /// <summary>Refuses for a while.</summary>
    public static Admitted Later(string wanted, TimeSpan after)
    {
        var seconds = Math.Max(1, (int)Math.Ceiling(after.TotalSeconds));
        return new Admitted([], new Refusal(RefusalCode.TooManyRequests, wanted, $"one more; ask again in {seconds} s"), seconds);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var lease in _leases)
        {
            lease.Dispose();
        }
    }
}
