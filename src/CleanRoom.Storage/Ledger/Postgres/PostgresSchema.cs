using System.Collections.Immutable;
using Npgsql;

namespace CleanRoom.Storage.Ledger.Postgres;

/// <summary>The tables of the PostgreSQL ledger and the steps that lead to them.</summary>
/// <remarks>
/// A step is never edited once it is released: a change is a new step at the end. A schema with more steps than this program
/// knows is refused, since an older program cannot know what it would break.
/// </remarks>
internal static class PostgresSchema
{
    /// <summary>Migrations of all processes wait for each other under this number ("CRLg").</summary>
    private const long MigrationLock = 0x43524C67;

    /// <summary>Gets the steps in order; step n leads to version n. Names are found by the search path of the connection.</summary>
    internal static ImmutableArray<string> Steps { get; } =
    [
        """
        CREATE TABLE collaboration (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            name text COLLATE "C" NOT NULL UNIQUE
        );
        CREATE TABLE ledger_row (
            collaboration bigint NOT NULL REFERENCES collaboration (id),
            sequence bigint NOT NULL CHECK (sequence >= 0),
            ciphertext bytea NOT NULL,
            PRIMARY KEY (collaboration, sequence)
        );
        ALTER TABLE ledger_row ALTER COLUMN ciphertext SET STORAGE EXTERNAL;
        CREATE TABLE checkpoint (
            collaboration bigint PRIMARY KEY REFERENCES collaboration (id),
            tree_size bigint NOT NULL CHECK (tree_size > 0),
            note text NOT NULL
        );
        CREATE TABLE sealed_secret (
            collaboration bigint PRIMARY KEY REFERENCES collaboration (id),
            ciphertext bytea NOT NULL
        );
        CREATE TABLE cosignature (
            collaboration bigint NOT NULL REFERENCES collaboration (id),
            tree_size bigint NOT NULL CHECK (tree_size >= 0),
            witness text COLLATE "C" NOT NULL,
            note text NOT NULL,
            PRIMARY KEY (collaboration, tree_size, witness)
        );
        CREATE FUNCTION ledger_row_stays() RETURNS trigger LANGUAGE plpgsql AS
            'BEGIN RAISE EXCEPTION ''a ledger row never changes and never goes away''; END';
        CREATE TRIGGER ledger_row_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_row
            FOR EACH STATEMENT EXECUTE FUNCTION ledger_row_stays();
        """,
    ];

    /// <summary>Brings the schema to the newest version, in one transaction; several processes may do so at once.</summary>
    /// <exception cref="StorageException">The schema is foreign (<see cref="StorageFailure.Damaged"/>) or from a newer program
    /// (<see cref="StorageFailure.NewerSchema"/>); it is left as it was.</exception>
    public static async Task MigrateAsync(NpgsqlConnection connection, string schema, ImmutableArray<string> steps, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteAsync("SELECT pg_advisory_xact_lock($1)", cancellationToken, MigrationLock);
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

    private static async Task<int> ReadVersionAsync(NpgsqlConnection connection, string schema, CancellationToken cancellationToken)
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
            "SELECT count(*) FROM pg_tables WHERE schemaname = $1 AND tablename IN ('schema_version', 'ledger_row')", cancellationToken, schema) == 2
            ? await connection.ScalarAsync<int>("SELECT coalesce(max(version), 0) FROM schema_version", cancellationToken)
            : throw new StorageException(
                StorageFailure.Damaged, $"wanted schema {schema} with a ledger or without a table; got {tables} tables of another program", null);
    }
}
