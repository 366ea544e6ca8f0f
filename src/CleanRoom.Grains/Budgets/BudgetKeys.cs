using CleanRoom.Cryptography;
using CleanRoom.Cryptography.Keys;
using CleanRoom.Cryptography.Signatures;
using CleanRoom.Grains.Keys;
using CleanRoom.Protocol;

namespace CleanRoom.Grains.Budgets;

/// <summary>The keys of one budget log on this silo, and the newest of the log that this process has seen. They never leave the process.</summary>
public sealed class BudgetKeys : IDisposable
{
    private readonly CollaborationSecret _secret;
    private readonly SeenLog _seen = new();

    internal BudgetKeys(CollaborationSecret secret)
    {
        _secret = secret;
        Row = secret.DeriveRowKey();
        Checkpoint = secret.DeriveCheckpointKey();
    }

    /// <summary>Gets the key of rows at rest.</summary>
    public SecretBytes Row { get; }

    /// <summary>Gets the log's identity.</summary>
    public Ed25519Key Checkpoint { get; }

    /// <summary>Gets where the longest log stands that this process has seen.</summary>
    public LogMark Seen => _seen.Newest;

    /// <summary>Remembers a log, unless a longer one was seen.</summary>
    public void See(long size, Digest root) => _seen.See(size, root);

    /// <summary>Copies the secret, to be sealed to the TEE and to nothing else.</summary>
    public SecretBytes ExportSecret() => _secret.Export();

    /// <summary>Zeroes everything.</summary>
    public void Dispose()
    {
        Row.Dispose();
        Checkpoint.Dispose();
        _secret.Dispose();
    }

    /// <inheritdoc/>
    public override string ToString() => "[redacted]";
}
