using CleanRoom.Attestation.Guest;
using CleanRoom.Cryptography;
using CleanRoom.Protocol;
using CleanRoom.Storage.Ledger;

namespace CleanRoom.Grains.Keys;

/// <summary>Secrets at rest: each machine of a cluster keeps a copy of its own, sealed to its own TEE, under a name of its own.</summary>
/// <param name="sealer">This machine's TEE.</param>
/// <param name="store">Where the sealed copies are: on the host's side.</param>
/// <param name="machine">The machine's name among its peers; empty for a node that is alone. The operator gives it, and it opens nothing: a wrong one
/// finds a copy that this TEE cannot open, or none.</param>
public sealed class SealedSecrets(ISecretSealer sealer, ILedgerStore store, string machine)
{
    /// <summary>Keeps a secret, in place of this machine's copy before.</summary>
    public async Task PutAsync(string log, ReadOnlyMemory<byte> context, SecretBytes secret, CancellationToken cancellationToken)
    {
        var sealedSecret = await sealer.SealAsync(secret, context, cancellationToken);
        await store.PutSealedSecretAsync(NameOf(log), sealedSecret.Memory, cancellationToken);
    }

    /// <summary>Says whether there is a copy for this machine.</summary>
    public async Task<bool> HasAsync(string log, CancellationToken cancellationToken) => await FindAsync(log, cancellationToken) is not null;

    /// <summary>Opens this machine's copy.</summary>
    /// <returns>The secret, which the caller disposes; <see cref="RefusalCode.Unavailable"/> when there is no copy;
    /// <see cref="RefusalCode.SealInvalid"/> when this TEE does not open it.</returns>
    public async Task<Result<SecretBytes>> OpenAsync(string log, ReadOnlyMemory<byte> context, CancellationToken cancellationToken) =>
        await FindAsync(log, cancellationToken) is { } sealedSecret
            ? await sealer.UnsealAsync(sealedSecret.Memory, context, cancellationToken)
            : new Refusal(RefusalCode.Unavailable, $"the secret of {log}, sealed to this machine", "none");

    /// <summary>Removes this machine's copy.</summary>
    public async Task DeleteAsync(string log, CancellationToken cancellationToken)
    {
        await store.DeleteSealedSecretAsync(NameOf(log), cancellationToken);
        if (machine.Length > 0)
        {
            await store.DeleteSealedSecretAsync(log, cancellationToken);
        }
    }

    /// <summary>A machine that was alone before it joined a cluster has its copy under the log's bare name.</summary>
    private async Task<Bytes?> FindAsync(string log, CancellationToken cancellationToken) =>
        await store.GetSealedSecretAsync(NameOf(log), cancellationToken)
        ?? (machine.Length > 0 ? await store.GetSealedSecretAsync(log, cancellationToken) : null);

    private string NameOf(string log) => machine.Length == 0 ? log : $"{log}@{machine}";
}
