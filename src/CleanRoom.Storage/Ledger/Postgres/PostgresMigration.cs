using System.Collections.Immutable;
using Npgsql;

namespace CleanRoom.Storage.Ledger.Postgres;

/// <summary>The way of one schema of a PostgreSQL database to its newest version.</summary>
/// <remarks>
/// A step is never edited once it is released: a change is a new step at the end. A schema with more steps than this program
/// knows is refused, since an older program cannot know what it would break.
/// </remarks>
/// <param name="holds">What the schema is for, as refusals say it: "a ledger".</param>
/// <param name="marker">A table by which a schema is known to be of this kind; the first step makes it.</param>
/// <param name="processLock">The number under which the migrations of all processes wait for each other.</param>
/// <param name="steps">In order; step n leads to version n. Names are found by the search path of the connection.</param>
public sealed class PostgresMigration(string holds, string marker, long processLock, ImmutableArray<string> steps)
{
    /// <summary>Connects, and brings the schema that the options name to the newest version.</summary>
    /// <returns>A source of connections whose search path is that schema. The caller disposes it.</returns>
    /// <exception cref="ArgumentException">The options are out of range.</exception>
    /// <exception cref="StorageException">As <see cref="RunAsync"/>, or the server is out of reach. No message quotes the connection string.</exception>
    public async Task<NpgsqlDataSource> OpenAsync(PostgresLedgerOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        var source = NpgsqlDataSource.Create(options.Check());
        try
        {
            await using var connection = await source.OpenConnectionAsync(cancellationToken);
            await RunAsync(connection, options.Schema, cancellationToken);
            return source;
        }
        catch (Exception exception) when (PostgresFailures.IsOne(exception))
        {
            await source.DisposeAsync();
            throw PostgresFailures.Translate(exception);
        }
        catch
        {
            await source.DisposeAsync();
            throw;
        }
    }

    /// <summary>Brings the schema to the newest version, in one transaction; several processes may do so at once.</summary>
    /// <exception cref="StorageException">The schema is foreign (<see cref="StorageFailure.Damaged"/>) or from a newer program
    /// (<see cref="StorageFailure.NewerSchema"/>); it is left as it was.</exception>
    internal async Task RunAsync(NpgsqlConnection connection, string schema, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteAsync("SELECT pg_advisory_xact_lock($1)", cancellationToken, processLock);
        var version = await ReadVersionAsync(connection, schema, cancellationToken);
        if (version > steps.Length)
        {
            throw new StorageException(
                StorageFailure.NewerSchema, $"wanted schema version {steps.Length} or older; got {version}: this program is too old", null);
        }

        for (var step = version; step < steps.Length; step++)
        {
            await connection.ExecuteAsync(steps[step], cancellationToken);
            await connection.ExecuteAsync("INSERT INTO schema_version (version) VALUES ($1)", cancellationToken, step + 1);
        }

        await transaction.CommitAsync(cancellationToken);
    }

    private async Task<int> ReadVersionAsync(NpgsqlConnection connection, string schema, CancellationToken cancellationToken)
    {
        var tables = await connection.ScalarAsync<long>("SELECT count(*) FROM pg_tables WHERE schemaname = $1", cancellationToken, schema);
        if (tables == 0)
        {
            // The name was checked to be a plain identifier.
            await connection.ExecuteAsync($"CREATE SCHEMA IF NOT EXISTS {schema}", cancellationToken);
            await connection.ExecuteAsync("CREATE TABLE schema_version (version integer PRIMARY KEY)", cancellationToken);
            return 0;
        }

        return await connection.ScalarAsync<long>(
            "SELECT count(*) FROM pg_tables WHERE schemaname = $1 AND tablename IN ('schema_version', $2)", cancellationToken, schema, marker) == 2
            ? await connection.ScalarAsync<int>("SELECT coalesce(max(version), 0) FROM schema_version", cancellationToken)
            : throw new StorageException(
                StorageFailure.Damaged, $"wanted schema {schema} with {holds} or without a table; got {tables} tables of another program", null);
    }
}
