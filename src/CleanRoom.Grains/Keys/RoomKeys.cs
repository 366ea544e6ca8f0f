using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Security.Cryptography;
using CleanRoom.Grains.Keys.Handover;
using CleanRoom.Protocol;

namespace CleanRoom.Grains.Keys;

/// <summary>A collaboration's keys on this silo, and whether its log is known to be the newest. Outlives a grain activation.</summary>
public sealed class RoomKeys(CollaborationKeys keys, bool isFresh) : IDisposable
{
    private const int NonceBytes = 32;

    private readonly SeenLog _seen = new();

    /// <summary>Gets the keys.</summary>
    public CollaborationKeys Keys { get; } = keys;

    /// <summary>Gets the nonce that witnesses of this start must sign.</summary>
    public Bytes BootNonce { get; } = new(RandomNumberGenerator.GetBytes(NonceBytes));

    /// <summary>Gets the collaborators whose witness has answered for this start.</summary>
    public ConcurrentDictionary<string, Timestamp> Witnessed { get; } = new(StringComparer.Ordinal);

    /// <summary>Gets or sets a value that says whether this start has shown that the log is the newest.</summary>
    public bool IsFresh { get; set; } = isFresh;

    /// <summary>Gets what holds the log to this machine's counter, where the contract wants one.</summary>
    public CounterGate Counter { get; } = new(keys);

    /// <summary>Gets or sets the proof of a fork or a rollback; null while there is none. Nothing clears it but a restart after a person has looked.</summary>
    public Refusal? Halted { get; set; }

    /// <summary>Gets the newest log that this process has seen or been told of by a peer, so that a store that goes back is noticed within a start.</summary>
    public LogMark Seen => _seen.Newest;

    /// <summary>Remembers a log, unless a longer one was seen.</summary>
    public void See(long size, Digest root) => _seen.See(size, root);

    /// <summary>Asks every peer what it knows of the log, and takes it over: how long it is, that it is the newest, that it was forked.</summary>
    /// <returns>What they said, to be compared with the log itself.</returns>
    public async Task<ImmutableArray<Vouch>> AskAsync(IPeerKeys peers, string collaboration, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(peers);
        var vouches = await peers.VouchAsync(collaboration, cancellationToken);
        foreach (var vouch in vouches)
        {
            See(vouch.Seen.Size, vouch.Seen.Root);
            Halted ??= vouch.Halted;
            IsFresh |= vouch.IsFresh;
        }

        return vouches;
    }

    /// <summary>Zeroes the keys.</summary>
    public void Dispose() => Keys.Dispose();
}
