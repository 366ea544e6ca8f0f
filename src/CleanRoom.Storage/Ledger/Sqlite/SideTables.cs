using CleanRoom.Protocol;
using Microsoft.Data.Sqlite;

namespace CleanRoom.Storage.Ledger.Sqlite;

/// <summary>The statements on sealed secrets and cosignatures. Every one runs on its connection's queue.</summary>
internal static class SideTables
{
    /// <summary>Keeps the secret in place of the one before.</summary>
    public static int PutSecret(SqliteConnection connection, string collaboration, ReadOnlyMemory<byte> sealedSecret)
    {
        using var transaction = connection.BeginTransaction(deferred: false);
        var changed = connection.Execute(
            """
            INSERT INTO sealed_secret (collaboration, ciphertext) VALUES ($id, $ciphertext)
            ON CONFLICT (collaboration) DO UPDATE SET ciphertext = excluded.ciphertext
            """,
            ("$id", LedgerTables.Identify(connection, collaboration)),
            ("$ciphertext", sealedSecret.ToArray()));
        transaction.Commit();
        return changed;
    }

    /// <summary>Returns the secret; null when there is none.</summary>
    public static Bytes? GetSecret(SqliteConnection connection, string collaboration)
    {
        var secret = connection.Scalar<byte[]>(
            "SELECT s.ciphertext FROM sealed_secret s JOIN collaboration c ON c.id = s.collaboration WHERE c.name = $name",
            ("$name", collaboration));
        return secret is null ? null : new Bytes(secret);
    }

    /// <summary>Removes the secret from the database and from the write-ahead log.</summary>
    public static int DeleteSecret(SqliteConnection connection, string collaboration)
    {
        var removed = connection.Execute(
            "DELETE FROM sealed_secret WHERE collaboration = (SELECT id FROM collaboration WHERE name = $name)", ("$name", collaboration));

        // secure_delete overwrites the page; old pages in the write-ahead log go with this.
        connection.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
        return removed;
    }

    /// <summary>Keeps the cosignature in place of the same witness's earlier one.</summary>
    public static int PutCosignature(SqliteConnection connection, string collaboration, StoredCosignature cosignature)
    {
        using var transaction = connection.BeginTransaction(deferred: false);
        var changed = connection.Execute(
            """
            INSERT INTO cosignature (collaboration, tree_size, witness, note) VALUES ($id, $size, $witness, $note)
            ON CONFLICT (collaboration, tree_size, witness) DO UPDATE SET note = excluded.note
            """,
            ("$id", LedgerTables.Identify(connection, collaboration)),
            ("$size", cosignature.TreeSize),
            ("$witness", cosignature.Witness),
            ("$note", cosignature.Note));
        transaction.Commit();
        return changed;
    }

    /// <summary>Returns the cosignatures from a tree size up.</summary>
    public static IReadOnlyList<StoredCosignature> ListCosignatures(SqliteConnection connection, string collaboration, long fromTreeSize)
    {
        using var command = connection.Command(
            """
            SELECT s.tree_size, s.witness, s.note FROM cosignature s JOIN collaboration c ON c.id = s.collaboration
            WHERE c.name = $name AND s.tree_size >= $from ORDER BY s.tree_size, s.witness COLLATE BINARY
            """,
            ("$name", collaboration),
            ("$from", fromTreeSize));
        using var reader = command.ExecuteReader();
        var found = new List<StoredCosignature>();
        while (reader.Read())
        {
            found.Add(new StoredCosignature(reader.GetInt64(0), reader.GetString(1), reader.GetString(2)));
        }

        return found;
    }
}
