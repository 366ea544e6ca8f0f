using System.Collections.Immutable;
using CleanRoom.Protocol;
using Npgsql;
using NpgsqlTypes;

namespace CleanRoom.Storage.Ledger.Postgres;

/// <summary>A ledger store in one schema of a PostgreSQL database: for several silos over one ledger.</summary>
/// <remarks>
/// An append holds the lock on its collaboration's row before it looks at the length, so that processes wait for each other and never for another
/// collaboration. Commits are acknowledged when the server's disk has them; a server that runs without <c>fsync</c> or <c>full_page_writes</c> is
/// refused. Trust: the server is host-controlled.
/// </remarks>
public sealed class PostgresLedgerStore : ILedgerStore, IAsyncDisposable
{
    private readonly NpgsqlDataSource _source;
    private bool _disposed;

    private PostgresLedgerStore(NpgsqlDataSource source) => _source = source;

    /// <summary>Connects, and brings the schema up to date.</summary>
    /// <exception cref="StorageException">The server is out of reach or does not keep what it acknowledges, or the schema is foreign, locked, or from a
    /// newer program.</exception>
    public static Task<PostgresLedgerStore> OpenAsync(PostgresLedgerOptions options, CancellationToken cancellationToken) =>
        OpenAsync(options, PostgresSchema.Steps, cancellationToken);

    /// <summary>Opens with the given schema steps.</summary>
    internal static async Task<PostgresLedgerStore> OpenAsync(
        PostgresLedgerOptions options, ImmutableArray<string> steps, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        var store = new PostgresLedgerStore(NpgsqlDataSource.Create(options.Check()));
        try
        {
            await store.RunAsync(
                async connection =>
                {
                    await CheckDurabilityAsync(connection, cancellationToken);
                    await PostgresSchema.MigrateAsync(connection, options.Schema, steps, cancellationToken);
                    return true;
                },
                cancellationToken);
            return store;
        }
        catch (Exception exception) when (exception is StorageException or OperationCanceledException)
        {
            await store.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public Task<AppendOutcome> AppendAsync(
        string collaboration, long expectedSequence, IReadOnlyList<SealedRow> rows, string checkpointNote, CancellationToken cancellationToken)
    {
        LedgerLimits.CheckAppend(collaboration, expectedSequence, rows, checkpointNote);
        return RunAsync(
            async connection =>
            {
                await using var transaction = await connection.BeginTransactionAsync(CancellationToken.None);
                if (expectedSequence == 0)
                {
                    await MakeKnownAsync(connection, collaboration);
                }

                // Whoever comes next waits here until this transaction has ended.
                var id = await connection.ScalarAsync<long?>("SELECT id FROM collaboration WHERE name = $1 FOR UPDATE", CancellationToken.None, collaboration);
                if (id is null || await LengthAsync(connection, id.Value) != expectedSequence)
                {
                    return AppendOutcome.SequenceConflict;
                }

                await InsertAsync(connection, id.Value, rows);
                await connection.ExecuteAsync(
                    """
                    INSERT INTO checkpoint (collaboration, tree_size, note) VALUES ($1, $2, $3)
                    ON CONFLICT (collaboration) DO UPDATE SET tree_size = excluded.tree_size, note = excluded.note
                    """,
                    CancellationToken.None,
                    id.Value,
                    expectedSequence + rows.Count,
                    checkpointNote);
                await transaction.CommitAsync(CancellationToken.None);
                return AppendOutcome.Appended;
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<SealedRow> ReadAsync(
        string collaboration, long fromSequence, long toSequence, CancellationToken cancellationToken)
    {
        LedgerLimits.CheckRange(collaboration, fromSequence, toSequence);
        return LedgerPage.ReadAllAsync(
            fromSequence,
            toSequence,
            from => RunAsync(connection => ReadPageAsync(connection, collaboration, from, toSequence, cancellationToken), cancellationToken),
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<long> LengthAsync(string collaboration, CancellationToken cancellationToken)
    {
        LedgerLimits.CheckName(collaboration, nameof(collaboration));
        return RunAsync(
            connection => connection.ScalarAsync<long>(
                "SELECT coalesce(max(r.sequence) + 1, 0) FROM ledger_row r JOIN collaboration c ON c.id = r.collaboration WHERE c.name = $1",
                cancellationToken,
                collaboration),
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<StoredCheckpoint?> LatestCheckpointAsync(string collaboration, CancellationToken cancellationToken)
    {
        LedgerLimits.CheckName(collaboration, nameof(collaboration));
        return RunAsync(
            async connection => (await ListAsync(
                connection,
                "SELECT p.tree_size, p.note FROM checkpoint p JOIN collaboration c ON c.id = p.collaboration WHERE c.name = $1",
                [collaboration],
                static row => new StoredCheckpoint(row.GetInt64(0), row.GetString(1)),
                cancellationToken)).SingleOrDefault(),
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> ListCollaborationsAsync(CancellationToken cancellationToken) => RunAsync(
        connection => ListAsync(
            connection,
            "SELECT name FROM collaboration c WHERE EXISTS (SELECT 1 FROM ledger_row r WHERE r.collaboration = c.id) ORDER BY name",
            [],
            static row => row.GetString(0),
            cancellationToken),
        cancellationToken);

    /// <inheritdoc/>
    public Task PutSealedSecretAsync(string collaboration, ReadOnlyMemory<byte> sealedSecret, CancellationToken cancellationToken)
    {
        LedgerLimits.CheckName(collaboration, nameof(collaboration));
        LedgerLimits.CheckSecret(sealedSecret);
        return PutAsync(
            collaboration,
            """
            INSERT INTO sealed_secret (collaboration, ciphertext) SELECT id, $2 FROM collaboration WHERE name = $1
            ON CONFLICT (collaboration) DO UPDATE SET ciphertext = excluded.ciphertext
            """,
            cancellationToken,
            sealedSecret.ToArray());
    }

    /// <inheritdoc/>
    public Task<Bytes?> GetSealedSecretAsync(string collaboration, CancellationToken cancellationToken)
    {
        LedgerLimits.CheckName(collaboration, nameof(collaboration));
        return RunAsync(
            async connection => await connection.ScalarAsync<byte[]>(
                "SELECT s.ciphertext FROM sealed_secret s JOIN collaboration c ON c.id = s.collaboration WHERE c.name = $1",
                cancellationToken,
                collaboration) is { } secret ? new Bytes(secret) : (Bytes?)null,
            cancellationToken);
    }

    /// <inheritdoc/>
    /// <remarks>The table is written anew without it, and the file that held it is removed. The server's write-ahead log and backups are the host's copies.</remarks>
    public Task DeleteSealedSecretAsync(string collaboration, CancellationToken cancellationToken)
    {
        LedgerLimits.CheckName(collaboration, nameof(collaboration));
        return RunAsync(
            async connection =>
            {
                await connection.ExecuteAsync(
                    "DELETE FROM sealed_secret WHERE collaboration = (SELECT id FROM collaboration WHERE name = $1)", CancellationToken.None, collaboration);
                await connection.ExecuteAsync("VACUUM (FULL) sealed_secret", CancellationToken.None);
                return true;
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task PutCosignatureAsync(string collaboration, StoredCosignature cosignature, CancellationToken cancellationToken)
    {
        LedgerLimits.CheckName(collaboration, nameof(collaboration));
        LedgerLimits.CheckCosignature(cosignature);
        return PutAsync(
            collaboration,
            """
            INSERT INTO cosignature (collaboration, tree_size, witness, note) SELECT id, $2, $3, $4 FROM collaboration WHERE name = $1
            ON CONFLICT (collaboration, tree_size, witness) DO UPDATE SET note = excluded.note
            """,
            cancellationToken,
            cosignature.TreeSize,
            cosignature.Witness,
            cosignature.Note);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<StoredCosignature>> ListCosignaturesAsync(
        string collaboration, long fromTreeSize, CancellationToken cancellationToken)
    {
        LedgerLimits.CheckName(collaboration, nameof(collaboration));
        ArgumentOutOfRangeException.ThrowIfNegative(fromTreeSize);
        return RunAsync(
            connection => ListAsync(
                connection,
                """
                SELECT s.tree_size, s.witness, s.note FROM cosignature s JOIN collaboration c ON c.id = s.collaboration
                WHERE c.name = $1 AND s.tree_size >= $2 ORDER BY s.tree_size, s.witness
                """,
                [collaboration, fromTreeSize],
                static row => new StoredCosignature(row.GetInt64(0), row.GetString(1), row.GetString(2)),
                cancellationToken),
            cancellationToken);
    }

    /// <summary>Returns a setting of the sessions that this store works in, for tests.</summary>
    internal Task<string?> SettingAsync(string name, CancellationToken cancellationToken) => RunAsync(
        connection => connection.ScalarAsync<string>("SELECT current_setting($1)", cancellationToken, name), cancellationToken);

    /// <summary>Closes the connections.</summary>
    public ValueTask DisposeAsync()
    {
        _disposed = true;
        return _source.DisposeAsync();
    }

    private static async Task CheckDurabilityAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        foreach (var setting in (string[])["fsync", "full_page_writes"])
        {
            if (await connection.ScalarAsync<string>("SELECT current_setting($1)", cancellationToken, setting) is not "on" and var got)
            {
                throw new StorageException(StorageFailure.Failed, $"wanted a server with {setting} on, which keeps what it acknowledges; got {got}", null);
            }
        }
    }

    private static Task MakeKnownAsync(NpgsqlConnection connection, string collaboration) => connection.ExecuteAsync(
        "INSERT INTO collaboration (name) VALUES ($1) ON CONFLICT (name) DO NOTHING", CancellationToken.None, collaboration);

    private static Task<long> LengthAsync(NpgsqlConnection connection, long id) => connection.ScalarAsync<long>(
        "SELECT coalesce(max(sequence) + 1, 0) FROM ledger_row WHERE collaboration = $1", CancellationToken.None, id);

    private static async Task InsertAsync(NpgsqlConnection connection, long id, IReadOnlyList<SealedRow> rows)
    {
        await using var copy = await connection.BeginBinaryImportAsync(
            "COPY ledger_row (collaboration, sequence, ciphertext) FROM STDIN (FORMAT BINARY)", CancellationToken.None);
        foreach (var row in rows)
        {
            await copy.StartRowAsync(CancellationToken.None);
            await copy.WriteAsync(id, NpgsqlDbType.Bigint, CancellationToken.None);
            await copy.WriteAsync(row.Sequence, NpgsqlDbType.Bigint, CancellationToken.None);
            await copy.WriteAsync(row.Ciphertext, NpgsqlDbType.Bytea, CancellationToken.None);
        }

        await copy.CompleteAsync(CancellationToken.None);
    }

    private static async Task<IReadOnlyList<T>> ListAsync<T>(
        NpgsqlConnection connection, string sql, object[] parameters, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        await using var command = connection.Command(sql, parameters);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var found = new List<T>();
        while (await reader.ReadAsync(cancellationToken))
        {
            found.Add(read(reader));
        }

        return found;
    }

    /// <summary>Reads rows without a gap from the given sequence, as many as make one page.</summary>
    private static async Task<IReadOnlyList<SealedRow>> ReadPageAsync(
        NpgsqlConnection connection, string collaboration, long from, long to, CancellationToken cancellationToken)
    {
        // The server is not asked for more bytes than a page holds: the rows before a row count towards it.
        await using var command = connection.Command(
            """
            SELECT sequence, octets, CASE WHEN octets <= $5 THEN ciphertext END FROM (
                SELECT sequence, ciphertext, octets, coalesce(sum(octets) OVER (ORDER BY sequence ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS earlier
                FROM (
                    SELECT r.sequence, r.ciphertext, octet_length(r.ciphertext)::bigint AS octets
                    FROM ledger_row r JOIN collaboration c ON c.id = r.collaboration
                    WHERE c.name = $1 AND r.sequence >= $2 AND r.sequence < $3 ORDER BY r.sequence LIMIT $4) AS rows) AS page
            WHERE earlier < $6 ORDER BY sequence
            """,
            collaboration,
            from,
            to,
            (long)LedgerPage.MostRows,
            (long)LedgerLimits.MaxRowBytes,
            LedgerPage.Bytes);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var page = new LedgerPage(from);
        while (await reader.ReadAsync(cancellationToken))
        {
            page.Take(reader.GetInt64(0), reader.GetInt64(1), () => reader.GetFieldValue<byte[]>(2));
        }

        return page.Rows;
    }

    /// <summary>Puts a record of a collaboration, which the store may not know yet, in one transaction.</summary>
    private Task<bool> PutAsync(string collaboration, string sql, CancellationToken cancellationToken, params object[] values) => RunAsync(
        async connection =>
        {
            await using var transaction = await connection.BeginTransactionAsync(CancellationToken.None);
            await MakeKnownAsync(connection, collaboration);
            await connection.ExecuteAsync(sql, CancellationToken.None, [collaboration, .. values]);
            await transaction.CommitAsync(CancellationToken.None);
            return true;
        },
        cancellationToken);

    /// <summary>Runs work on a connection of its own. The token stops a write only before it has begun.</summary>
    private async Task<T> RunAsync<T>(Func<NpgsqlConnection, Task<T>> work, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            await using var connection = await _source.OpenConnectionAsync(cancellationToken);
            return await work(connection);
        }
        catch (Exception exception) when (PostgresFailures.IsOne(exception))
        {
            throw PostgresFailures.Translate(exception);
        }
    }
}
