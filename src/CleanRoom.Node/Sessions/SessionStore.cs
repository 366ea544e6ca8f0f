using System.Collections.Concurrent;
using System.Security.Cryptography;
using CleanRoom.Protocol;

namespace CleanRoom.Node.Sessions;

/// <summary>Challenges and sessions of this node, in memory only. A restart ends them all.</summary>
/// <remarks>Tokens are kept as digests, so a memory dump of this table signs nobody in.</remarks>
internal sealed class SessionStore(TimeProvider time)
{
    private const int RandomBytes = 32;
    private const int Capacity = 100_000;

    private static readonly TimeSpan _challengeLife = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan _sessionLife = TimeSpan.FromMinutes(15);

    private readonly ConcurrentDictionary<Digest, DateTimeOffset> _challenges = new();
    private readonly ConcurrentDictionary<Digest, Session> _sessions = new();

    /// <summary>Makes a challenge that can be used once, within two minutes.</summary>
    public Result<Bytes> Challenge()
    {
        Sweep();
        if (_challenges.Count >= Capacity)
        {
            return new Refusal(RefusalCode.TooManyRequests, $"at most {Capacity} open challenges", "one more");
        }

        var challenge = RandomNumberGenerator.GetBytes(RandomBytes);
        _challenges[Digest.Of(challenge)] = time.GetUtcNow() + _challengeLife;
        return new Bytes(challenge);
    }

    /// <summary>Uses a challenge up.</summary>
    public bool TakeChallenge(Bytes challenge) =>
        _challenges.TryRemove(Digest.Of(challenge.Span), out var expires) && expires > time.GetUtcNow();

    /// <summary>Opens a session and returns its token.</summary>
    public (Bytes Token, DateTimeOffset Expires) Open(string collaboration, string collaborator, string member, Digest bindingDigest)
    {
        var token = RandomNumberGenerator.GetBytes(RandomBytes);
        var expires = time.GetUtcNow() + _sessionLife;
        _sessions[Digest.Of(token)] = new Session(collaboration, collaborator, member, bindingDigest, expires);
        return (new Bytes(token), expires);
    }

    /// <summary>Finds the session of a token. A token from another channel is no token.</summary>
    public Result<Session> Find(string token, string collaboration, Digest bindingDigest)
    {
        if (!Bytes.TryParse(token, out var bytes) || !_sessions.TryGetValue(Digest.Of(bytes.Span), out var session))
        {
            return new Refusal(RefusalCode.NotPermitted, "a session token", "none that is known here");
        }

        if (session.BindingDigest != bindingDigest || session.Collaboration != collaboration)
        {
            return new Refusal(RefusalCode.NotPermitted, "a session of this channel and collaboration", "a session of another");
        }

        return session.Expires > time.GetUtcNow()
            ? session
            : new Refusal(RefusalCode.Stale, "a session that has not expired", $"expired at {session.Expires:O}");
    }

    /// <summary>Ends the sessions of a member that was revoked.</summary>
    public void End(string collaboration, string collaborator, string member)
    {
        foreach (var (key, session) in _sessions)
        {
            if (session.Collaboration == collaboration && session.Collaborator == collaborator && session.Member == member)
            {
                _sessions.TryRemove(key, out _);
            }
        }
    }

    private void Sweep()
    {
        var now = time.GetUtcNow();
        foreach (var (key, expires) in _challenges)
        {
            if (expires <= now)
            {
                _challenges.TryRemove(key, out _);
            }
        }

        foreach (var (key, session) in _sessions)
        {
            if (session.Expires <= now)
            {
                _sessions.TryRemove(key, out _);
            }
        }
    }
}
