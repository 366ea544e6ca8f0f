using Microsoft.Data.Sqlite;

namespace CleanRoom.Storage.Ledger.Sqlite;

/// <summary>Turns result codes of SQLite into <see cref="StorageException"/>.</summary>
internal static class SqliteFailures
{
    // Spec: sqlite.org/rescode.html, primary result codes.
    private const int Busy = 5;
    private const int Locked = 6;
    private const int ReadOnly = 8;
    private const int Corrupt = 11;
    private const int Full = 13;
    private const int NotADatabase = 26;

    /// <summary>Names the failure.</summary>
    public static StorageException Translate(SqliteException exception, string path) => exception.SqliteErrorCode switch
    {
        Full => new(StorageFailure.Full, $"wanted room to write in {path}; got a full disk", exception),
        Busy or Locked => new(StorageFailure.Locked, $"wanted {path} within the busy timeout; got a database that another process holds", exception),
        Corrupt or NotADatabase => new(StorageFailure.Damaged, $"wanted a readable database in {path}; got a damaged file", exception),
        ReadOnly => new(StorageFailure.ReadOnly, $"wanted to write in {path}; got a file that may only be read", exception),
        var code => new(StorageFailure.Failed, $"wanted a working database in {path}; got sqlite result code {code}", exception),
    };
}
