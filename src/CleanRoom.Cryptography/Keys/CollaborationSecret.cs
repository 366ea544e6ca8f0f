using CleanRoom.Cryptography.KeyEncapsulation;
using CleanRoom.Cryptography.Signatures;

namespace CleanRoom.Cryptography.Keys;

/// <summary>The root of a collaboration's keys, made by an attested node at genesis; it lives in guests only.</summary>
/// <remarks>
/// Each key is HKDF-SHA256(secret, no salt, label). At rest the secret exists only sealed to a TEE. Who derives a key disposes
/// it. Spec: contracts/spec/0010 s.5.
/// </remarks>
public sealed class CollaborationSecret : IDisposable
{
    /// <summary>Length in bytes.</summary>
    public const int Length = 32;

    private readonly SecretBytes _secret;

    private CollaborationSecret(SecretBytes secret) => _secret = secret;

    /// <summary>Makes a fresh secret.</summary>
    public static CollaborationSecret Generate() => new(SecretBytes.Random(Length));

    /// <summary>Takes a secret that a TEE unsealed.</summary>
    /// <param name="secret">32 bytes. Copied: the caller still disposes it.</param>
    /// <exception cref="ArgumentException">It is not 32 bytes long.</exception>
    public static CollaborationSecret Import(SecretBytes secret)
    {
        ArgumentNullException.ThrowIfNull(secret);
        return secret.Length == Length
            ? new CollaborationSecret(SecretBytes.CopyOf(secret.Span))
            : throw new ArgumentException($"wanted {Length} bytes, got {secret.Length}", nameof(secret));
    }

    /// <summary>Copies the secret, to be sealed to a TEE or to an appraised node and to nothing else.</summary>
    public SecretBytes Export() => SecretBytes.CopyOf(_secret.Span);

    /// <summary>Derives the HPKE pair that key grants are sealed to.</summary>
    public async ValueTask<IAgreementKey> DeriveSealingKeyAsync(ICryptoBackend backend, CancellationToken cancellationToken)
    {
        using var inputKey = Derive(Labels.SealingKey);
        return await Hpke.DeriveKeyPairAsync(backend, inputKey, cancellationToken);
    }

    /// <summary>Derives the key of ledger rows at rest: 32 bytes.</summary>
    public SecretBytes DeriveRowKey() => Derive(Labels.RowKey);

    /// <summary>Derives the key of derived datasets: 32 bytes.</summary>
    public SecretBytes DeriveStorageKey() => Derive(Labels.StorageKey);

    /// <summary>Derives the key of noise and history state: 32 bytes.</summary>
    /// <remarks>It MUST NOT leave a guest in any form, nor anything derived from it.</remarks>
    public SecretBytes DeriveGuestOnlyKey() => Derive(Labels.GuestOnlyKey);

    /// <summary>Derives the Ed25519 key that signs checkpoints.</summary>
    public Ed25519Key DeriveCheckpointKey()
    {
        using var seed = Derive(Labels.CheckpointKey);
        return Ed25519Key.FromSeed(seed);
    }

    /// <summary>Derives what a machine's counter of this collaboration is read and raised with: 32 bytes. It goes to the machine's TPM and nowhere else.</summary>
    public SecretBytes DeriveCounterKey() => Derive(Labels.CounterKey);

    /// <summary>Derives the key of the marks beside that counter: 32 bytes. It leaves the guest in no form.</summary>
    public SecretBytes DeriveCounterMarkKey() => Derive(Labels.CounterMarkKey);

    /// <summary>Zeroes the secret.</summary>
    public void Dispose() => _secret.Dispose();

    /// <inheritdoc/>
    public override string ToString() => "[redacted]";

    private SecretBytes Derive(ReadOnlySpan<byte> label) => SecretKdf.Derive(_secret.Span, salt: [], label);
}
