using System.Threading.RateLimiting;
using CleanRoom.Node.Configuration;
using CleanRoom.Node.Sessions;

namespace CleanRoom.Node.Admission;

/// <summary>Decides which requests a node takes on now. Spec: contracts/spec/0013 s.10.</summary>
/// <remarks>
/// Members are counted by their session, so nobody's share depends on where he calls from, and nobody uses up another's. What runs goes on: nothing that
/// was taken on is given up for something that comes.
/// </remarks>
internal sealed class AdmissionControl : IDisposable
{
    private const int BurstFactor = 4;
    private const int QueueFactor = 8;

    private static readonly TimeSpan _second = TimeSpan.FromSeconds(1);

    /// <summary>How long somebody waits in line before he is told to come again: well below the patience of a client.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);

    private readonly TimeProvider _time;
    private readonly ClusterShares? _shares;
    private readonly PartitionedRateLimiter<Session> _requests;
    private readonly PartitionedRateLimiter<Session> _ofMember;
    private readonly PartitionedRateLimiter<Session> _ofRoom;
    private readonly PartitionedRateLimiter<Session> _streams;
    private readonly ConcurrencyLimiter _parts;

    /// <summary>Begins with nobody.</summary>
    /// <param name="options">How much the node takes on.</param>
    /// <param name="time">The clock.</param>
    /// <param name="shares">This node's part of a cluster; null for a node that is alone.</param>
    public AdmissionControl(AdmissionOptions options, TimeProvider time, ClusterShares? shares)
    {
        (_time, _shares) = (time, shares);
        _requests = PartitionedRateLimiter.CreateChained(Rate(MemberOf, options.RequestsPerSecond), Rate(RoomOf, options.RoomRequestsPerSecond));

        // First the member's own line, of one at a time, then the room's: a member who asks for much stands in the room's line once.
        _ofMember = Line(MemberOf, 1, options.AnalysesAtOnce * QueueFactor);
        _ofRoom = Line(RoomOf, options.AnalysesAtOnce, options.AnalysesAtOnce * QueueFactor);
        _streams = Line(MemberOf, options.StreamsOfMember, 0);
        _parts = new(LineOptions(options.PartsAtOnce, options.PartsAtOnce * QueueFactor));
    }

    /// <summary>Takes on a request of a member, or not; never waits, but for a silo's word in a cluster.</summary>
    public async Task<Admitted> RequestAsync(Session session)
    {
        const string wanted = "fewer requests of this member and this room in a second";
        var here = Admitted.Of([_requests.AttemptAcquire(session)], wanted);
        return here.Refusal is null && _shares is not null && await _shares.WhenAsync(session) is { } after ? Admitted.Later(wanted, after) : here;
    }

    /// <summary>Takes on work that an engine process does, once it is its turn.</summary>
    public async Task<Admitted> AnalysisAsync(Session session, CancellationToken cancellationToken)
    {
        const string wanted = "fewer questions of this member and this room at once";
        using var patience = new CancellationTokenSource(_patience, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        RateLimitLease? member = null;
        try
        {
            member = await _ofMember.AcquireAsync(session, 1, either.Token);
            return member.IsAcquired
                ? Admitted.Of([await _ofRoom.AcquireAsync(session, 1, either.Token), member], wanted)
                : Admitted.Of([member], wanted);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            member?.Dispose();
            return Admitted.Later(wanted);
        }
        catch (OperationCanceledException)
        {
            member?.Dispose();
            throw;
        }
    }

    /// <summary>Takes on an answer that goes on until its client has enough; never waits.</summary>
    public Admitted Stream(Session session) => Admitted.Of([_streams.AttemptAcquire(session)], "fewer queries of this member that are followed at once");

    /// <summary>Takes on a part of an upload, once it is its turn; until then nothing of it is read, and its sender waits too.</summary>
    public async Task<Admitted> PartAsync(CancellationToken cancellationToken) =>
        Admitted.Of([await _parts.AcquireAsync(1, cancellationToken)], "fewer parts of uploads at once");

    /// <inheritdoc/>
    public void Dispose()
    {
        _requests.Dispose();
        _ofMember.Dispose();
        _ofRoom.Dispose();
        _streams.Dispose();
        _parts.Dispose();
    }

    private static string RoomOf(Session session) => session.Collaboration;

    private static string MemberOf(Session session) => $"{session.Collaboration}/{session.Collaborator}/{session.Member}";

    private static PartitionedRateLimiter<Session> Rate(Func<Session, string> key, int perSecond) => PartitionedRateLimiter.Create<Session, string>(
        session => RateLimitPartition.GetTokenBucketLimiter(key(session), _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = perSecond * BurstFactor, TokensPerPeriod = perSecond, ReplenishmentPeriod = _second, QueueLimit = 0,
        }));

    private static PartitionedRateLimiter<Session> Line(Func<Session, string> key, int atOnce, int waiting) => PartitionedRateLimiter.Create<Session, string>(
        session => RateLimitPartition.GetConcurrencyLimiter(key(session), _ => LineOptions(atOnce, waiting)));

    private static ConcurrencyLimiterOptions LineOptions(int atOnce, int waiting) =>
        new() { PermitLimit = atOnce, QueueLimit = waiting, QueueProcessingOrder = QueueProcessingOrder.OldestFirst };
}
