using Microsoft.Data.Sqlite;

namespace CleanRoom.Storage.Ledger.Sqlite;

/// <summary>The statements on rows and checkpoints. Every one runs on its connection's queue.</summary>
internal static class LedgerTables
{
    /// <summary>Appends under the write lock, or rolls back.</summary>
    public static AppendOutcome Append(
        SqliteConnection connection, string collaboration, long expectedSequence, IReadOnlyList<SealedRow> rows, string checkpointNote)
    {
        // Immediate: the lock is taken before the length is read, so no other writer can come between the two.
        using var transaction = connection.BeginTransaction(deferred: false);
        if (Length(connection, collaboration) != expectedSequence)
        {
            return AppendOutcome.SequenceConflict;
        }

        var id = Identify(connection, collaboration);
        using (var insert = connection.Command(
            "INSERT INTO ledger_row (collaboration, sequence, ciphertext) VALUES ($id, $sequence, $ciphertext)", ("$id", id)))
        {
            var sequence = insert.Parameters.Add("$sequence", SqliteType.Integer);
            var ciphertext = insert.Parameters.Add("$ciphertext", SqliteType.Blob);
            foreach (var row in rows)
            {
                sequence.Value = row.Sequence;
                ciphertext.Value = row.Ciphertext.ToArray();
                insert.ExecuteNonQuery();
            }
        }

        connection.Execute(
            """
            INSERT INTO checkpoint (collaboration, tree_size, note) VALUES ($id, $size, $note)
            ON CONFLICT (collaboration) DO UPDATE SET tree_size = excluded.tree_size, note = excluded.note
            """,
            ("$id", id),
            ("$size", expectedSequence + rows.Count),
            ("$note", checkpointNote));
        transaction.Commit();
        return AppendOutcome.Appended;
    }

    /// <summary>Returns one more than the last sequence.</summary>
    public static long Length(SqliteConnection connection, string collaboration) =>
        connection.Scalar<long>(
            """
            SELECT coalesce(max(r.sequence) + 1, 0) FROM ledger_row r JOIN collaboration c ON c.id = r.collaboration WHERE c.name = $name
            """,
            ("$name", collaboration));

    /// <summary>Reads rows without a gap from the given sequence, as many as make one page.</summary>
    public static IReadOnlyList<SealedRow> ReadPage(SqliteConnection connection, string collaboration, long from, long to)
    {
        using var command = connection.Command(
            """
            SELECT r.sequence, length(r.ciphertext), r.ciphertext FROM ledger_row r JOIN collaboration c ON c.id = r.collaboration
            WHERE c.name = $name AND r.sequence >= $from AND r.sequence < $to ORDER BY r.sequence LIMIT $rows
            """,
            ("$name", collaboration),
            ("$from", from),
            ("$to", to),
            ("$rows", LedgerPage.MostRows));
        using var reader = command.ExecuteReader();
        var page = new LedgerPage(from);
        while (!page.IsFull && reader.Read())
        {
            page.Take(reader.GetInt64(0), reader.GetInt64(1), () => reader.GetFieldValue<byte[]>(2));
        }

        return page.Rows;
    }

    /// <summary>Returns the checkpoint of the newest append.</summary>
    public static StoredCheckpoint? LatestCheckpoint(SqliteConnection connection, string collaboration)
    {
        using var command = connection.Command(
            "SELECT p.tree_size, p.note FROM checkpoint p JOIN collaboration c ON c.id = p.collaboration WHERE c.name = $name",
            ("$name", collaboration));
        using var reader = command.ExecuteReader();
        return reader.Read() ? new StoredCheckpoint(reader.GetInt64(0), reader.GetString(1)) : null;
    }

    /// <summary>Returns the names of collaborations with rows, in ordinal order.</summary>
    public static IReadOnlyList<string> ListCollaborations(SqliteConnection connection)
    {
        using var command = connection.Command(
            "SELECT name FROM collaboration c WHERE EXISTS (SELECT 1 FROM ledger_row r WHERE r.collaboration = c.id) ORDER BY name COLLATE BINARY");
        using var reader = command.ExecuteReader();
        var names = new List<string>();
        while (reader.Read())
        {
            names.Add(reader.GetString(0));
        }

        return names;
    }

    /// <summary>Returns the number of the collaboration, and gives it one when it has none.</summary>
    public static long Identify(SqliteConnection connection, string collaboration)
    {
        connection.Execute("INSERT INTO collaboration (name) VALUES ($name) ON CONFLICT (name) DO NOTHING", ("$name", collaboration));
        return connection.Scalar<long>("SELECT id FROM collaboration WHERE name = $name", ("$name", collaboration));
    }
}
