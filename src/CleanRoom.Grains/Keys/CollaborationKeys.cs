using CleanRoom.Cryptography;
using CleanRoom.Cryptography.Keys;
using CleanRoom.Cryptography.Signatures;

namespace CleanRoom.Grains.Keys;

/// <summary>The keys of one collaboration on this silo, derived from its secret. They never leave the process.</summary>
public sealed class CollaborationKeys : IDisposable
{
    private readonly CollaborationSecret _secret;

    private CollaborationKeys(CollaborationSecret secret, IAgreementKey sealing)
    {
        _secret = secret;
        Sealing = sealing;
        Row = secret.DeriveRowKey();
        Storage = secret.DeriveStorageKey();
        GuestOnly = secret.DeriveGuestOnlyKey();
        Checkpoint = secret.DeriveCheckpointKey();
        Counter = secret.DeriveCounterKey();
        CounterMark = secret.DeriveCounterMarkKey();
    }

    /// <summary>Gets the HPKE key that grants are sealed to.</summary>
    public IAgreementKey Sealing { get; }

    /// <summary>Gets the key of rows at rest.</summary>
    public SecretBytes Row { get; }

    /// <summary>Gets the key of derived datasets.</summary>
    public SecretBytes Storage { get; }

    /// <summary>Gets the key that noise is derived from.</summary>
    public SecretBytes GuestOnly { get; }

    /// <summary>Gets the log's identity.</summary>
    public Ed25519Key Checkpoint { get; }

    /// <summary>Gets what the counter of a machine is read and raised with.</summary>
    public SecretBytes Counter { get; }

    /// <summary>Gets the key of the marks beside that counter.</summary>
    public SecretBytes CounterMark { get; }

    /// <summary>Derives the keys and takes the secret over.</summary>
    public static async Task<CollaborationKeys> DeriveAsync(
        ICryptoBackend backend, CollaborationSecret secret, CancellationToken cancellationToken) =>
        new(secret, await secret.DeriveSealingKeyAsync(backend, cancellationToken));

    /// <summary>Copies the secret, to be sealed to the TEE and to nothing else.</summary>
    public SecretBytes ExportSecret() => _secret.Export();

    /// <summary>Zeroes everything.</summary>
    public void Dispose()
    {
        Sealing.Dispose();
        Row.Dispose();
        Storage.Dispose();
        GuestOnly.Dispose();
        Checkpoint.Dispose();
        Counter.Dispose();
        CounterMark.Dispose();
        _secret.Dispose();
    }

    /// <inheritdoc/>
    public override string ToString() => "[redacted]";
}
