using System.Collections.Concurrent;
using System.Text;
using CleanRoom.Attestation.Guest;
using CleanRoom.Cryptography.Keys;
using CleanRoom.Protocol;
using CleanRoom.Storage.Ledger;

namespace CleanRoom.Grains.Budgets;

/// <summary>The secrets of budget logs on this silo. Nothing in it crosses a wire.</summary>
public sealed class BudgetKeyring(ISecretSealer sealer, ILedgerStore store) : IDisposable
{
    private readonly ConcurrentDictionary<string, BudgetKeys> _logs = new(StringComparer.Ordinal);

    private readonly ConcurrentDictionary<string, string> _ids = new(StringComparer.Ordinal);

    /// <summary>Returns the id of the log that this process has seen under a store's key; null when it has seen none.</summary>
    public string? KnownId(string storeKey) => _ids.GetValueOrDefault(storeKey);

    /// <summary>Remembers a log, so that a store that replaces it is noticed within a start.</summary>
    public void Know(string storeKey, string id) => _ids.TryAdd(storeKey, id);

    /// <summary>Makes the keys of a log that does not exist yet. The caller adopts or disposes them.</summary>
    public static BudgetKeys Generate() => new(CollaborationSecret.Generate());

    /// <summary>Seals the keys of a new log to the TEE, under the log's id, before its first row is written.</summary>
    public async Task AdoptAsync(string id, BudgetKeys keys, CancellationToken cancellationToken)
    {
        using var secret = keys.ExportSecret();
        var sealedSecret = await sealer.SealAsync(secret, Context(id), cancellationToken);
        await store.PutSealedSecretAsync(id, sealedSecret.Memory, cancellationToken);
        if (!_logs.TryAdd(id, keys))
        {
            throw new InvalidOperationException("a budget log's id commits to its key; it cannot be made twice");
        }
    }

    /// <summary>Opens the keys of a log: from memory, or unsealed by the TEE after a start.</summary>
    public async Task<Result<BudgetKeys>> OpenAsync(string id, CancellationToken cancellationToken)
    {
        if (_logs.TryGetValue(id, out var open))
        {
            return open;
        }

        if (await store.GetSealedSecretAsync(id, cancellationToken) is not { } sealedSecret)
        {
            return new Refusal(RefusalCode.Unavailable, $"the secret of budget log {id}, sealed to this machine", "none");
        }

        return (await sealer.UnsealAsync(sealedSecret.Memory, Context(id), cancellationToken)).Then(secret =>
        {
            using var opened = secret;
            var keys = new BudgetKeys(CollaborationSecret.Import(opened));
            var kept = _logs.GetOrAdd(id, keys);
            if (kept != keys)
            {
                keys.Dispose();
            }

            return Result.Accept(kept);
        });
    }

    /// <summary>Zeroes the keys of a log that did not come to be, and removes the sealed copy.</summary>
    public async Task DiscardAsync(string id, CancellationToken cancellationToken)
    {
        if (_logs.TryRemove(id, out var keys))
        {
            keys.Dispose();
        }

        await store.DeleteSealedSecretAsync(id, cancellationToken);
    }

    /// <summary>Zeroes everything.</summary>
    public void Dispose()
    {
        foreach (var keys in _logs.Values)
        {
            keys.Dispose();
        }

        _logs.Clear();
    }

    private static byte[] Context(string id) => Encoding.ASCII.GetBytes("cleanroom/v1/budget-secret/" + id);
}
