using CleanRoom.Protocol;

namespace CleanRoom.Storage.Ledger;

/// <summary>Keeps the append-only logs of collaborations as opaque sealed rows, and the few records beside them.</summary>
/// <remarks>
/// <para>The store is on the host's side: it is trusted for availability only. Whoever reads from it checks every byte.</para>
/// <para>Concurrency: every member MUST be safe to call from several threads and from several processes at once. Of all
/// appends that expect one sequence, at most one MUST end with <see cref="AppendOutcome.Appended"/>.</para>
/// <para>Durability: a write MUST NOT return before its effect survives a crash of the process and a power cut. A write that
/// fails, is cancelled or is cut off by a crash MUST have its whole effect or none.</para>
/// <para>Prefix: a row that was appended MUST NOT change or go away. A reader MUST NOT see row n without all rows before it.</para>
/// <para>Cancellation: a token MUST stop a write only before it has begun; after that the call ends with its outcome.</para>
/// <para>Errors: <see cref="StorageException"/> when the store does not do its work, <see cref="ArgumentException"/> for
/// arguments outside <see cref="LedgerLimits"/>. Every implementation passes LedgerStoreCompliance.</para>
/// </remarks>
public interface ILedgerStore
{
    /// <summary>Appends all rows and replaces the newest checkpoint, or does nothing.</summary>
    /// <remarks>
    /// Shape: the collaboration's id is 1 to 128 printable ASCII characters; <paramref name="expectedSequence"/> is the length of
    /// the log that the caller folded; the rows, at least one, count up from it without a gap;
    /// <paramref name="checkpointNote"/> is the signed checkpoint over the log with these rows.
    /// </remarks>
    /// <returns><see cref="AppendOutcome.Appended"/>, or <see cref="AppendOutcome.SequenceConflict"/> when the log's length
    /// is another than expected.</returns>
    Task<AppendOutcome> AppendAsync(
        string collaboration, long expectedSequence, IReadOnlyList<SealedRow> rows, string checkpointNote, CancellationToken cancellationToken);

    /// <summary>Reads rows in order, from the first sequence up to but without the second; ends early at the log's end.</summary>
    /// <exception cref="StorageException">A row between two others is missing (<see cref="StorageFailure.Damaged"/>).</exception>
    IAsyncEnumerable<SealedRow> ReadAsync(string collaboration, long fromSequence, long toSequence, CancellationToken cancellationToken);

    /// <summary>Returns the number of rows; 0 for a collaboration that the store does not know.</summary>
    Task<long> LengthAsync(string collaboration, CancellationToken cancellationToken);

    /// <summary>Returns the checkpoint of the newest append; null for an empty log.</summary>
    Task<StoredCheckpoint?> LatestCheckpointAsync(string collaboration, CancellationToken cancellationToken);

    /// <summary>Returns the ids of all collaborations that have a row, in ordinal order.</summary>
    Task<IReadOnlyList<string>> ListCollaborationsAsync(CancellationToken cancellationToken);

    /// <summary>Keeps the collaboration's secret as the TEE sealed it, in place of the one before.</summary>
    Task PutSealedSecretAsync(string collaboration, ReadOnlyMemory<byte> sealedSecret, CancellationToken cancellationToken);

    /// <summary>Returns the sealed secret; null when there is none.</summary>
    Task<Bytes?> GetSealedSecretAsync(string collaboration, CancellationToken cancellationToken);

    /// <summary>Removes the sealed secret, if any, and overwrites its place. Copies that the host kept are out of reach.</summary>
    Task DeleteSealedSecretAsync(string collaboration, CancellationToken cancellationToken);

    /// <summary>Keeps a cosignature, in place of the same witness's earlier one for that tree size.</summary>
    Task PutCosignatureAsync(string collaboration, StoredCosignature cosignature, CancellationToken cancellationToken);

    /// <summary>Returns the cosignatures for tree sizes from the given one up, by tree size and then witness (ordinal).</summary>
    Task<IReadOnlyList<StoredCosignature>> ListCosignaturesAsync(
        string collaboration, long fromTreeSize, CancellationToken cancellationToken);
}
