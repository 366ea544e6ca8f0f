using System.Collections.Concurrent;
using System.Security.Cryptography;
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

    /// <summary>Gets or sets the proof of a fork or a rollback; null while there is none. Nothing clears it but a restart after a person has looked.</summary>
    public Refusal? Halted { get; set; }

    /// <summary>Gets the newest log that this process has seen or been told of by a peer, so that a store that goes back is noticed within a start.</summary>
    public LogMark Seen => _seen.Newest;

    /// <summary>Remembers a log, unless a longer one was seen.</summary>
    public void See(long size, Digest root) => _seen.See(size, root);

    /// <summary>Zeroes the keys.</summary>
    public void Dispose() => Keys.Dispose();
}
