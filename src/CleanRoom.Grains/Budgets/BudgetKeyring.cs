using System.Collections.Concurrent;
using System.Text;
using CleanRoom.Cryptography.Keys;
using CleanRoom.Grains.Keys;
using CleanRoom.Grains.Keys.Handover;
using CleanRoom.Protocol;

namespace CleanRoom.Grains.Budgets;

/// <summary>The secrets of budget logs on this silo. What leaves it is sealed to this machine's TEE or, by <see cref="KeyHolder"/>, to a node of the fleet.</summary>
public sealed class BudgetKeyring(SealedSecrets secrets, IPeerKeys peers) : IDisposable
{
    private readonly ConcurrentDictionary<string, BudgetKeys> _logs = new(StringComparer.Ordinal);

    private readonly ConcurrentDictionary<string, string> _ids = new(StringComparer.Ordinal);

    /// <summary>Returns the id of the log that this process has seen under a store's key; null when it has seen none.</summary>
    public string? KnownId(string storeKey) => _ids.GetValueOrDefault(storeKey);

    /// <summary>Returns the store's key under which this process has seen a log; null when it has seen none.</summary>
    public string? FindStoreKey(string id) => _ids.FirstOrDefault(known => known.Value == id).Key;

    /// <summary>Remembers a log, so that a store that replaces it is noticed within a start.</summary>
    public void Know(string storeKey, string id) => _ids.TryAdd(storeKey, id);

    /// <summary>Makes the keys of a log that does not exist yet. The caller adopts or disposes them.</summary>
    public static BudgetKeys Generate() => new(CollaborationSecret.Generate());

    /// <summary>Seals the keys of a new log to the TEE, under the log's id, before its first row is written.</summary>
    public async Task AdoptAsync(string id, BudgetKeys keys, CancellationToken cancellationToken)
    {
        using var secret = keys.ExportSecret();
        await secrets.PutAsync(id, Context(id), secret, cancellationToken);
        if (!_logs.TryAdd(id, keys))
        {
            throw new InvalidOperationException("a budget log's id commits to its key; it cannot be made twice");
        }
    }

    /// <summary>Returns the keys that are in this silo's memory; null when they are not.</summary>
    public BudgetKeys? FindHeld(string id) => _logs.GetValueOrDefault(id);

    /// <summary>Opens the keys of a log: from memory, unsealed by the TEE after a start, or handed over by a peer.</summary>
    public async Task<Result<BudgetKeys>> OpenAsync(string id, CancellationToken cancellationToken)
    {
        if (_logs.TryGetValue(id, out var open))
        {
            return open;
        }

        if ((await secrets.OpenAsync(id, Context(id), cancellationToken)).TryGet(out var secret, out var sealedRefusals))
        {
            using (secret)
            {
                return Keep(id, new BudgetKeys(CollaborationSecret.Import(secret)));
            }
        }

        if (await peers.FetchBudgetAsync(id, cancellationToken) is not { } asked)
        {
            return sealedRefusals;
        }

        if (!asked.TryGet(out var handed, out var refusals))
        {
            return sealedRefusals.AddRange(refusals);
        }

        using (handed)
        {
            await secrets.PutAsync(id, Context(id), handed.Secret, cancellationToken);
            var keys = Keep(id, new BudgetKeys(CollaborationSecret.Import(handed.Secret)));
            if (handed.Seen is { } seen)
            {
                keys.See(seen.Size, seen.Root);
            }

            return keys;
        }
    }

    /// <summary>Zeroes the keys of a log that did not come to be, and removes the sealed copy.</summary>
    public async Task DiscardAsync(string id, CancellationToken cancellationToken)
    {
        if (_logs.TryRemove(id, out var keys))
        {
            keys.Dispose();
        }

        await secrets.DeleteAsync(id, cancellationToken);
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

    private BudgetKeys Keep(string id, BudgetKeys keys)
    {
        var kept = _logs.GetOrAdd(id, keys);
        if (kept != keys)
        {
            keys.Dispose();
        }

        return kept;
    }

    private static byte[] Context(string id) => Encoding.ASCII.GetBytes("cleanroom/v1/budget-secret/" + id);
}
