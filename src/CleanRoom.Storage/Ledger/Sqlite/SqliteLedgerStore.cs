using System.Collections.Immutable;
using CleanRoom.Protocol;

namespace CleanRoom.Storage.Ledger.Sqlite;

/// <summary>A ledger store in one SQLite file: the embedded default.</summary>
/// <remarks>
/// Write-ahead log, flushed at every commit; one connection writes and one reads. Two processes may share the file: an append
/// takes the write lock before it looks at the length. Trust: the file is host-controlled.
/// </remarks>
public sealed class SqliteLedgerStore : ILedgerStore, IAsyncDisposable
{
    private readonly SqliteQueue _writer;
    private readonly SqliteQueue _reader;

    private SqliteLedgerStore(SqliteQueue writer, SqliteQueue reader) => (_writer, _reader) = (writer, reader);

    /// <summary>Opens the file, or makes it, and brings its schema up to date.</summary>
    /// <exception cref="StorageException">The file is foreign, damaged, locked, or from a newer program.</exception>
    public static Task<SqliteLedgerStore> OpenAsync(SqliteLedgerOptions options, CancellationToken cancellationToken) =>
        OpenAsync(options, SqliteSchema.Steps, cancellationToken);

    /// <summary>Opens the file with the given schema steps.</summary>
    internal static async Task<SqliteLedgerStore> OpenAsync(
        SqliteLedgerOptions options, ImmutableArray<string> steps, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        var directory = Path.GetDirectoryName(Path.GetFullPath(options.Path));
        if (directory is not null)
        {
            DurableDirectory.Ensure(directory);
        }

        var writer = await SqliteQueue.OpenWriterAsync(options, steps, cancellationToken);
        SqliteQueue? reader = null;
        try
        {
            reader = await SqliteQueue.OpenReaderAsync(options, cancellationToken);
            if (directory is not null)
            {
                // The new file's name must survive a power cut, not only its content.
                DurableDirectory.Sync(directory);
            }

            return new SqliteLedgerStore(writer, reader);
        }
        catch (Exception exception) when (exception is StorageException or OperationCanceledException)
        {
            await writer.DisposeAsync();
            if (reader is not null)
            {
                await reader.DisposeAsync();
            }

            throw;
        }
    }

    /// <inheritdoc/>
    public Task<AppendOutcome> AppendAsync(
        string collaboration, long expectedSequence, IReadOnlyList<SealedRow> rows, string checkpointNote, CancellationToken cancellationToken)
    {
        LedgerLimits.CheckAppend(collaboration, expectedSequence, rows, checkpointNote);
        return _writer.RunAsync(
            connection => LedgerTables.Append(connection, collaboration, expectedSequence, rows, checkpointNote), cancellationToken);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<SealedRow> ReadAsync(
        string collaboration, long fromSequence, long toSequence, CancellationToken cancellationToken)
    {
        LedgerLimits.CheckRange(collaboration, fromSequence, toSequence);

        // Pages keep the read transaction short, so that the write-ahead log can be folded back while a slow reader goes on.
        return LedgerPage.ReadAllAsync(
            fromSequence,
            toSequence,
            from => _reader.RunAsync(connection => LedgerTables.ReadPage(connection, collaboration, from, toSequence), cancellationToken),
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<long> LengthAsync(string collaboration, CancellationToken cancellationToken)
    {
        LedgerLimits.CheckName(collaboration, nameof(collaboration));
        return _reader.RunAsync(connection => LedgerTables.Length(connection, collaboration), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<StoredCheckpoint?> LatestCheckpointAsync(string collaboration, CancellationToken cancellationToken)
    {
        LedgerLimits.CheckName(collaboration, nameof(collaboration));
        return _reader.RunAsync(connection => LedgerTables.LatestCheckpoint(connection, collaboration), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> ListCollaborationsAsync(CancellationToken cancellationToken) =>
        _reader.RunAsync(LedgerTables.ListCollaborations, cancellationToken);

    /// <inheritdoc/>
    public Task PutSealedSecretAsync(string collaboration, ReadOnlyMemory<byte> sealedSecret, CancellationToken cancellationToken)
    {
        LedgerLimits.CheckName(collaboration, nameof(collaboration));
        LedgerLimits.CheckSecret(sealedSecret);
        return _writer.RunAsync(connection => SideTables.PutSecret(connection, collaboration, sealedSecret), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<Bytes?> GetSealedSecretAsync(string collaboration, CancellationToken cancellationToken)
    {
        LedgerLimits.CheckName(collaboration, nameof(collaboration));
        return _reader.RunAsync(connection => SideTables.GetSecret(connection, collaboration), cancellationToken);
    }

    /// <inheritdoc/>
    public Task DeleteSealedSecretAsync(string collaboration, CancellationToken cancellationToken)
    {
        LedgerLimits.CheckName(collaboration, nameof(collaboration));
        return _writer.RunAsync(connection => SideTables.DeleteSecret(connection, collaboration), cancellationToken);
    }

    /// <inheritdoc/>
    public Task PutCosignatureAsync(string collaboration, StoredCosignature cosignature, CancellationToken cancellationToken)
    {
        LedgerLimits.CheckName(collaboration, nameof(collaboration));
        LedgerLimits.CheckCosignature(cosignature);
        return _writer.RunAsync(connection => SideTables.PutCosignature(connection, collaboration, cosignature), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<StoredCosignature>> ListCosignaturesAsync(
        string collaboration, long fromTreeSize, CancellationToken cancellationToken)
    {
        LedgerLimits.CheckName(collaboration, nameof(collaboration));
        ArgumentOutOfRangeException.ThrowIfNegative(fromTreeSize);
        return _reader.RunAsync(connection => SideTables.ListCosignatures(connection, collaboration, fromTreeSize), cancellationToken);
    }

    /// <summary>Lets running calls end and closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        await _reader.DisposeAsync();
        await _writer.DisposeAsync();
    }

    /// <summary>Asks the writing connection for a setting.</summary>
    internal Task<string?> WriterPragmaAsync(string name, CancellationToken cancellationToken) =>
        _writer.RunAsync(connection => connection.Scalar<object>($"PRAGMA {name}")?.ToString(), cancellationToken);
}
