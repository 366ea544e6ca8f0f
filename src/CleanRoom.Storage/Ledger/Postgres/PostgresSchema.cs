using System.Collections.Immutable;
using Npgsql;

namespace CleanRoom.Storage.Ledger.Postgres;

/// <summary>The tables of the PostgreSQL ledger and the steps that lead to them.</summary>
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

    /// <summary>Brings a schema to the newest version.</summary>
    /// <exception cref="StorageException">As <see cref="PostgresMigration.RunAsync"/>.</exception>
    public static Task MigrateAsync(NpgsqlConnection connection, string schema, ImmutableArray<string> steps, CancellationToken cancellationToken) =>
        new PostgresMigration("a ledger", "ledger_row", MigrationLock, steps).RunAsync(connection, schema, cancellationToken);
}
