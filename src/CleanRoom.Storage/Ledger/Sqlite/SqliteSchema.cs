using System.Collections.Immutable;
using Microsoft.Data.Sqlite;

namespace CleanRoom.Storage.Ledger.Sqlite;

/// <summary>The tables of the SQLite ledger and the steps that lead to them.</summary>
/// <remarks>
/// A step is never edited once it is released: a change is a new step at the end. A file with more steps than this program
/// knows is refused, since an older program cannot know what it would break.
/// </remarks>
internal static class SqliteSchema
{
    /// <summary>Marks the file as ours ("CRLg"); a foreign database is never written to.</summary>
    internal const int ApplicationId = 0x43524C67;

    /// <summary>Gets the steps in order; step n leads to version n.</summary>
    internal static ImmutableArray<string> Steps { get; } =
    [
        """
        CREATE TABLE collaboration (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE
        ) STRICT;
        CREATE TABLE ledger_row (
            collaboration INTEGER NOT NULL REFERENCES collaboration (id),
            sequence INTEGER NOT NULL CHECK (sequence >= 0),
            ciphertext BLOB NOT NULL,
            UNIQUE (collaboration, sequence)
        ) STRICT;
        CREATE TABLE checkpoint (
            collaboration INTEGER PRIMARY KEY REFERENCES collaboration (id),
            tree_size INTEGER NOT NULL CHECK (tree_size > 0),
            note TEXT NOT NULL
        ) STRICT;
        CREATE TABLE sealed_secret (
            collaboration INTEGER PRIMARY KEY REFERENCES collaboration (id),
            ciphertext BLOB NOT NULL
        ) STRICT;
        CREATE TABLE cosignature (
            collaboration INTEGER NOT NULL REFERENCES collaboration (id),
            tree_size INTEGER NOT NULL CHECK (tree_size >= 0),
            witness TEXT NOT NULL,
            note TEXT NOT NULL,
            PRIMARY KEY (collaboration, tree_size, witness)
        ) STRICT, WITHOUT ROWID;
        CREATE TRIGGER ledger_row_never_changes BEFORE UPDATE ON ledger_row
            BEGIN SELECT RAISE(ABORT, 'a ledger row never changes'); END;
        CREATE TRIGGER ledger_row_never_goes BEFORE DELETE ON ledger_row
            BEGIN SELECT RAISE(ABORT, 'a ledger row never goes away'); END;
        """,
    ];

    /// <summary>Brings the file to the newest version, in one transaction.</summary>
    /// <exception cref="StorageException">The file is foreign (<see cref="StorageFailure.Damaged"/>) or from a newer program
    /// (<see cref="StorageFailure.NewerSchema"/>); it is left as it was.</exception>
    public static void Migrate(SqliteConnection connection, ImmutableArray<string> steps)
    {
        using var transaction = connection.BeginTransaction(deferred: false);
        var version = ReadVersion(connection);
        if (version > steps.Length)
        {
            throw new StorageException(
                StorageFailure.NewerSchema, $"wanted schema version {steps.Length} or older; got {version}: this program is too old", null);
        }

        for (var step = version; step < steps.Length; step++)
        {
            connection.Execute(steps[step]);
            connection.Execute("INSERT INTO schema_version (version) VALUES ($version)", ("$version", step + 1L));
        }

        transaction.Commit();
    }

    private static int ReadVersion(SqliteConnection connection)
    {
        var application = connection.Scalar<long>("PRAGMA application_id");
        if (application == 0 && connection.Scalar<long>("SELECT count(*) FROM sqlite_schema") == 0)
        {
            connection.Execute($"PRAGMA application_id = {ApplicationId}");
            connection.Execute("CREATE TABLE schema_version (version INTEGER PRIMARY KEY) STRICT");
            return 0;
        }

        return application == ApplicationId
            ? checked((int)connection.Scalar<long>("SELECT coalesce(max(version), 0) FROM schema_version"))
            : throw new StorageException(
                StorageFailure.Damaged, $"wanted application id {ApplicationId}; got {application}: the database belongs to another program", null);
    }
}
