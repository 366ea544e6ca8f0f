using System.Runtime.CompilerServices;
using CleanRoom.Protocol;
using CleanRoom.Storage.Ledger;

namespace CleanRoom.TestKit.Storage;

/// <summary>A ledger store for tests that are about something else. It keeps the contract, except that memory is not durable.</summary>
public sealed class InMemoryLedgerStore : ILedgerStore
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, List<SealedRow>> _rows = new(StringComparer.Ordinal);
    private readonly Dictionary<string, StoredCheckpoint> _checkpoints = new(StringComparer.Ordinal);
    private readonly Dictionary<string, byte[]> _secrets = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Collaboration, long TreeSize, string Witness), StoredCosignature> _cosignatures = [];

    /// <inheritdoc/>
    public Task<AppendOutcome> AppendAsync(
        string collaboration, long expectedSequence, IReadOnlyList<SealedRow> rows, string checkpointNote, CancellationToken cancellationToken)
    {
        LedgerLimits.CheckAppend(collaboration, expectedSequence, rows, checkpointNote);
        return RunAsync(
            () =>
            {
                if (Length(collaboration) != expectedSequence)
                {
                    return AppendOutcome.SequenceConflict;
                }

                if (!_rows.TryGetValue(collaboration, out var log))
                {
                    _rows.Add(collaboration, log = []);
                }

                log.AddRange(rows.Select(row => new SealedRow(row.Sequence, row.Ciphertext.ToArray())));
                _checkpoints[collaboration] = new StoredCheckpoint(log.Count, checkpointNote);
                return AppendOutcome.Appended;
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<SealedRow> ReadAsync(
        string collaboration, long fromSequence, long toSequence, CancellationToken cancellationToken)
    {
        LedgerLimits.CheckRange(collaboration, fromSequence, toSequence);
        return ReadRowsAsync(collaboration, fromSequence, toSequence, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<long> LengthAsync(string collaboration, CancellationToken cancellationToken)
    {
        LedgerLimits.CheckName(collaboration, nameof(collaboration));
        return RunAsync(() => Length(collaboration), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<StoredCheckpoint?> LatestCheckpointAsync(string collaboration, CancellationToken cancellationToken)
    {
        LedgerLimits.CheckName(collaboration, nameof(collaboration));
        return RunAsync(() => _checkpoints.GetValueOrDefault(collaboration), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> ListCollaborationsAsync(CancellationToken cancellationToken) =>
        RunAsync<IReadOnlyList<string>>(() => [.. _rows.Keys], cancellationToken);

    /// <inheritdoc/>
    public Task PutSealedSecretAsync(string collaboration, ReadOnlyMemory<byte> sealedSecret, CancellationToken cancellationToken)
    {
        LedgerLimits.CheckName(collaboration, nameof(collaboration));
        LedgerLimits.CheckSecret(sealedSecret);
        return RunAsync(() => _secrets[collaboration] = sealedSecret.ToArray(), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<Bytes?> GetSealedSecretAsync(string collaboration, CancellationToken cancellationToken)
    {
        LedgerLimits.CheckName(collaboration, nameof(collaboration));
        return RunAsync<Bytes?>(
            () => _secrets.TryGetValue(collaboration, out var secret) ? new Bytes(secret) : null, cancellationToken);
    }

    /// <inheritdoc/>
    public Task DeleteSealedSecretAsync(string collaboration, CancellationToken cancellationToken)
    {
        LedgerLimits.CheckName(collaboration, nameof(collaboration));
        return RunAsync(() => _secrets.Remove(collaboration), cancellationToken);
    }

    /// <inheritdoc/>
    public Task PutCosignatureAsync(string collaboration, StoredCosignature cosignature, CancellationToken cancellationToken)
    {
        LedgerLimits.CheckName(collaboration, nameof(collaboration));
        LedgerLimits.CheckCosignature(cosignature);
        return RunAsync(
            () => _cosignatures[(collaboration, cosignature.TreeSize, cosignature.Witness)] = cosignature, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<StoredCosignature>> ListCosignaturesAsync(
        string collaboration, long fromTreeSize, CancellationToken cancellationToken)
    {
        LedgerLimits.CheckName(collaboration, nameof(collaboration));
        ArgumentOutOfRangeException.ThrowIfNegative(fromTreeSize);
        return RunAsync<IReadOnlyList<StoredCosignature>>(
            () =>
            [
                .. _cosignatures
                    .Where(entry => entry.Key.Collaboration == collaboration && entry.Key.TreeSize >= fromTreeSize)
                    .Select(entry => entry.Value)
                    .OrderBy(value => value.TreeSize)
                    .ThenBy(value => value.Witness, StringComparer.Ordinal),
            ],
            cancellationToken);
    }

    private async IAsyncEnumerable<SealedRow> ReadRowsAsync(
        string collaboration, long fromSequence, long toSequence, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var rows = await RunAsync<IReadOnlyList<SealedRow>>(
            () => _rows.TryGetValue(collaboration, out var log)
                ? [.. log.Where(row => row.Sequence >= fromSequence && row.Sequence < toSequence)]
                : [],
            cancellationToken);
        foreach (var row in rows)
        {
            yield return row;
        }
    }

    private long Length(string collaboration) => _rows.TryGetValue(collaboration, out var log) ? log.Count : 0;

    private Task<T> RunAsync<T>(Func<T> work, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<T>(cancellationToken);
        }

        lock (_lock)
        {
            return Task.FromResult(work());
        }
    }
}
