using System.Runtime.CompilerServices;
using CleanRoom.Protocol;
using CleanRoom.Storage.Ledger;

namespace CleanRoom.Node.Tests.Harness;

/// <summary>A ledger store in the hands of the host: it can fail, die, and be exchanged for an older copy while a node runs.</summary>
internal sealed class HostLedger(ILedgerStore inner, HostHooks hooks) : ILedgerStore
{
    public ILedgerStore Inner { get; set; } = inner;

    public Task<AppendOutcome> AppendAsync(
        string collaboration, long expectedSequence, IReadOnlyList<SealedRow> rows, string checkpointNote, CancellationToken cancellationToken) =>
        hooks.RunAsync("append", () => Inner.AppendAsync(collaboration, expectedSequence, rows, checkpointNote, cancellationToken));

    public async IAsyncEnumerable<SealedRow> ReadAsync(
        string collaboration, long fromSequence, long toSequence, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        hooks.Begin("read rows");
        await foreach (var row in Inner.ReadAsync(collaboration, fromSequence, toSequence, cancellationToken))
        {
            yield return row;
        }

        hooks.After?.Invoke("read rows");
    }

    public Task<long> LengthAsync(string collaboration, CancellationToken cancellationToken) =>
        hooks.RunAsync("length", () => Inner.LengthAsync(collaboration, cancellationToken));

    public Task<StoredCheckpoint?> LatestCheckpointAsync(string collaboration, CancellationToken cancellationToken) =>
        hooks.RunAsync("checkpoint", () => Inner.LatestCheckpointAsync(collaboration, cancellationToken));

    public Task<IReadOnlyList<string>> ListCollaborationsAsync(CancellationToken cancellationToken) =>
        hooks.RunAsync("list rooms", () => Inner.ListCollaborationsAsync(cancellationToken));

    public Task PutSealedSecretAsync(string collaboration, ReadOnlyMemory<byte> sealedSecret, CancellationToken cancellationToken) =>
        hooks.RunAsync("put secret", () => Inner.PutSealedSecretAsync(collaboration, sealedSecret, cancellationToken));

    public Task<Bytes?> GetSealedSecretAsync(string collaboration, CancellationToken cancellationToken) =>
        hooks.RunAsync("get secret", () => Inner.GetSealedSecretAsync(collaboration, cancellationToken));

    public Task DeleteSealedSecretAsync(string collaboration, CancellationToken cancellationToken) =>
        hooks.RunAsync("delete secret", () => Inner.DeleteSealedSecretAsync(collaboration, cancellationToken));

    public Task PutCosignatureAsync(string collaboration, StoredCosignature cosignature, CancellationToken cancellationToken) =>
        hooks.RunAsync("put cosignature", () => Inner.PutCosignatureAsync(collaboration, cosignature, cancellationToken));

    public Task<IReadOnlyList<StoredCosignature>> ListCosignaturesAsync(
        string collaboration, long fromTreeSize, CancellationToken cancellationToken) =>
        hooks.RunAsync("list cosignatures", () => Inner.ListCosignaturesAsync(collaboration, fromTreeSize, cancellationToken));

    /// <summary>Copies a room's rows below a sequence, and its sealed secret: what an operator's backup holds.</summary>
    public static async Task<ILedgerStore> CopyAsync(ILedgerStore from, ILedgerStore to, string collaboration, long below)
    {
        var stop = CancellationToken.None;
        var rows = new List<SealedRow>();
        await foreach (var row in from.ReadAsync(collaboration, 0, below, stop))
        {
            rows.Add(row);
        }

        await to.AppendAsync(collaboration, 0, rows, "backup\n", stop);
        if (await from.GetSealedSecretAsync(collaboration, stop) is { } secret)
        {
            await to.PutSealedSecretAsync(collaboration, secret.Memory, stop);
        }

        return to;
    }
}
