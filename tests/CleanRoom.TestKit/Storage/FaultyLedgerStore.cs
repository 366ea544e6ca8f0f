using System.Runtime.CompilerServices;
using CleanRoom.Protocol;
using CleanRoom.Storage.Ledger;

namespace CleanRoom.TestKit.Storage;

/// <summary>A ledger store that fails where the plan says, and otherwise is the inner one.</summary>
public sealed class FaultyLedgerStore(ILedgerStore inner, FaultPlan plan) : ILedgerStore
{
    /// <inheritdoc/>
    public Task<AppendOutcome> AppendAsync(
        string collaboration, long expectedSequence, IReadOnlyList<SealedRow> rows, string checkpointNote, CancellationToken cancellationToken) =>
        plan.RunAsync(() => inner.AppendAsync(collaboration, expectedSequence, rows, checkpointNote, cancellationToken));

    /// <inheritdoc/>
    public async IAsyncEnumerable<SealedRow> ReadAsync(
        string collaboration, long fromSequence, long toSequence, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var call = plan.Begin();
        await foreach (var row in inner.ReadAsync(collaboration, fromSequence, toSequence, cancellationToken))
        {
            yield return row;
        }

        plan.End(call);
    }

    /// <inheritdoc/>
    public Task<long> LengthAsync(string collaboration, CancellationToken cancellationToken) =>
        plan.RunAsync(() => inner.LengthAsync(collaboration, cancellationToken));

    /// <inheritdoc/>
    public Task<StoredCheckpoint?> LatestCheckpointAsync(string collaboration, CancellationToken cancellationToken) =>
        plan.RunAsync(() => inner.LatestCheckpointAsync(collaboration, cancellationToken));

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> ListCollaborationsAsync(CancellationToken cancellationToken) =>
        plan.RunAsync(() => inner.ListCollaborationsAsync(cancellationToken));

    /// <inheritdoc/>
    public Task PutSealedSecretAsync(string collaboration, ReadOnlyMemory<byte> sealedSecret, CancellationToken cancellationToken) =>
        plan.RunAsync(() => inner.PutSealedSecretAsync(collaboration, sealedSecret, cancellationToken));

    /// <inheritdoc/>
    public Task<Bytes?> GetSealedSecretAsync(string collaboration, CancellationToken cancellationToken) =>
        plan.RunAsync(() => inner.GetSealedSecretAsync(collaboration, cancellationToken));

    /// <inheritdoc/>
    public Task DeleteSealedSecretAsync(string collaboration, CancellationToken cancellationToken) =>
        plan.RunAsync(() => inner.DeleteSealedSecretAsync(collaboration, cancellationToken));

    /// <inheritdoc/>
    public Task PutCosignatureAsync(string collaboration, StoredCosignature cosignature, CancellationToken cancellationToken) =>
        plan.RunAsync(() => inner.PutCosignatureAsync(collaboration, cosignature, cancellationToken));

    /// <inheritdoc/>
    public Task<IReadOnlyList<StoredCosignature>> ListCosignaturesAsync(
        string collaboration, long fromTreeSize, CancellationToken cancellationToken) =>
        plan.RunAsync(() => inner.ListCosignaturesAsync(collaboration, fromTreeSize, cancellationToken));
}
