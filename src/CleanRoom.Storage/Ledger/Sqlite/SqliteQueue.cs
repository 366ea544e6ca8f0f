using System.Collections.Immutable;
using Microsoft.Data.Sqlite;

namespace CleanRoom.Storage.Ledger.Sqlite;

/// <summary>One connection and the queue in front of it: calls run one after another on the thread pool.</summary>
/// <remarks>
/// SQLite's calls block. The queue keeps them away from the caller's scheduler, such as a grain's, and takes one pool thread at
/// most. A call that is cancelled while it waits never starts; one that has started ends with its outcome.
/// </remarks>
internal sealed class SqliteQueue : IAsyncDisposable
{
    // The driver repeats a busy call by itself until this many seconds are over; its least value.
    private const int DriverTimeoutSeconds = 1;

    private readonly ConcurrentExclusiveSchedulerPair _schedulers = new(TaskScheduler.Default, 1);
    private readonly SqliteConnection _connection;
    private readonly string _path;
    private int _disposed;

    private SqliteQueue(SqliteConnection connection, string path) => (_connection, _path) = (connection, path);

    /// <summary>Opens the connection that writes, and brings the schema up to date.</summary>
    public static Task<SqliteQueue> OpenWriterAsync(SqliteLedgerOptions options, ImmutableArray<string> steps, CancellationToken cancellationToken) =>
        OpenAsync(
            options,
            connection =>
            {
                connection.Execute("PRAGMA journal_mode = WAL");

                // FULL: the write-ahead log is flushed at every commit, so a power cut loses nothing that was acknowledged.
                connection.Execute("PRAGMA synchronous = FULL");
                connection.Execute("PRAGMA foreign_keys = ON");

                // A deleted secret is overwritten, not only unlinked.
                connection.Execute("PRAGMA secure_delete = ON");
                if (options.MaxSizeBytes is { } size)
                {
                    connection.Execute($"PRAGMA max_page_count = {size / connection.Scalar<long>("PRAGMA page_size")}");
                }

                SqliteSchema.Migrate(connection, steps);
            },
            cancellationToken);

    /// <summary>Opens a connection that reads beside the writer.</summary>
    public static Task<SqliteQueue> OpenReaderAsync(SqliteLedgerOptions options, CancellationToken cancellationToken) =>
        OpenAsync(options, connection => connection.Execute("PRAGMA query_only = ON"), cancellationToken);

    /// <summary>Runs the work when its turn comes.</summary>
    /// <exception cref="StorageException">SQLite failed.</exception>
    /// <exception cref="OperationCanceledException">The token came before the work began.</exception>
    public Task<T> RunAsync<T>(Func<SqliteConnection, T> work, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
        return Task.Factory.StartNew(
            () => Guard(() => work(_connection), _path),
            cancellationToken,
            TaskCreationOptions.DenyChildAttach | TaskCreationOptions.RunContinuationsAsynchronously,
            _schedulers.ExclusiveScheduler);
    }

    /// <summary>Lets the queued work end and closes the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        _schedulers.Complete();
        await _schedulers.Completion;
        await _connection.DisposeAsync();
    }

    private static Task<SqliteQueue> OpenAsync(SqliteLedgerOptions options, Action<SqliteConnection> prepare, CancellationToken cancellationToken) =>
        Task.Run(
            () =>
            {
                // A full path is a file, never a special name such as ":memory:" or a URI.
                var path = Path.GetFullPath(options.Path);
                var text = new SqliteConnectionStringBuilder
                {
                    DataSource = path,
                    Pooling = false,
                    DefaultTimeout = DriverTimeoutSeconds,
                };
                var connection = new SqliteConnection(text.ToString());
                var opened = false;
                try
                {
                    var queue = Guard(
                        () =>
                        {
                            connection.Open();
                            connection.Execute($"PRAGMA busy_timeout = {(int)options.BusyTimeout.TotalMilliseconds}");
                            prepare(connection);
                            return new SqliteQueue(connection, path);
                        },
                        path);
                    opened = true;
                    return queue;
                }
                finally
                {
                    if (!opened)
                    {
                        connection.Dispose();
                    }
                }
            },
            cancellationToken);

    private static T Guard<T>(Func<T> work, string path)
    {
        try
        {
            return work();
        }
        catch (SqliteException exception)
        {
            throw SqliteFailures.Translate(exception, path);
        }
    }
}
