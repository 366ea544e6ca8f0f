using Npgsql;

namespace CleanRoom.Storage.Ledger.Postgres;

/// <summary>Turns what PostgreSQL and its driver report into <see cref="StorageException"/>. No text of the server's is passed on: it may quote values.</summary>
internal static class PostgresFailures
{
    /// <summary>Says whether an exception is a failure of the server or of the way to it.</summary>
    public static bool IsOne(Exception exception) => exception is NpgsqlException or TimeoutException or IOException or System.Net.Sockets.SocketException;

    /// <summary>Names the failure.</summary>
    public static StorageException Translate(Exception exception) => exception switch
    {
        PostgresException { SqlState: PostgresErrorCodes.DiskFull or PostgresErrorCodes.OutOfMemory or PostgresErrorCodes.InsufficientResources } =>
            new(StorageFailure.Full, "wanted room to write in the database; got a server without disk or memory", exception),
        PostgresException { SqlState: PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure } =>
            new(StorageFailure.Locked, "wanted the database within the busy timeout; got one that another process holds", exception),
        PostgresException { SqlState: PostgresErrorCodes.DataCorrupted or PostgresErrorCodes.IndexCorrupted } =>
            new(StorageFailure.Damaged, "wanted a readable database; got one that says it is damaged", exception),
        PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction } =>
            new(StorageFailure.ReadOnly, "wanted to write in the database; got a server that may only be read", exception),
        PostgresException { SqlState: var state } =>
            new(StorageFailure.Failed, $"wanted a working database; got sqlstate {state}", exception),
        NpgsqlException { InnerException: TimeoutException } =>
            new(StorageFailure.Failed, "wanted an answer of the database within the command timeout; got none", exception),
        _ => new(StorageFailure.Failed, "wanted a connection to the database; got none, or one that broke", exception),
    };
}
