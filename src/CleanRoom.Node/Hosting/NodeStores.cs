using CleanRoom.Node.Cluster;
using CleanRoom.Node.Configuration;
using CleanRoom.Storage;
using CleanRoom.Storage.Ledger;
using CleanRoom.Storage.Ledger.Postgres;
using CleanRoom.Storage.Ledger.Sqlite;
using CleanRoom.Storage.Objects;
using CleanRoom.Storage.Objects.AzureBlobs;
using CleanRoom.Storage.Objects.S3;
using Npgsql;

namespace CleanRoom.Node.Hosting;

/// <summary>Opens the stores that the configuration names. Secrets are read from files of their own; no message quotes one.</summary>
internal static class NodeStores
{
    /// <summary>Opens the ledger.</summary>
    /// <exception cref="StorageException">It cannot be opened.</exception>
    public static async Task<ILedgerStore> OpenLedgerAsync(NodeOptions options, CancellationToken cancellationToken) => options.Postgres is { } postgres
        ? await WithConnectionAsync<ILedgerStore>(
            postgres.ConnectionFile,
            async connection => await PostgresLedgerStore.OpenAsync(new PostgresLedgerOptions { ConnectionString = connection, Schema = postgres.Schema }, cancellationToken),
            cancellationToken)
        : await SqliteLedgerStore.OpenAsync(new SqliteLedgerOptions { Path = Path.Combine(options.DataDirectory, "ledger.db") }, cancellationToken);

    /// <summary>Opens the tables in which the members of the cluster find each other.</summary>
    /// <returns>A source of connections, which the caller disposes.</returns>
    /// <exception cref="StorageException">They cannot be opened.</exception>
    public static Task<NpgsqlDataSource> OpenClusterAsync(PostgresOptions postgres, CancellationToken cancellationToken) => WithConnectionAsync(
        postgres.ConnectionFile, connection => ClusterSchema.OpenAsync(connection, postgres.Schema, cancellationToken), cancellationToken);

    /// <summary>Opens the store of sealed objects.</summary>
    /// <exception cref="StorageException">It cannot be opened.</exception>
    public static Task<IObjectStore> OpenObjectsAsync(NodeOptions options, CancellationToken cancellationToken) => options switch
    {
        { S3: { } s3 } => OpenS3Async(s3, cancellationToken),
        { AzureBlobs: { } azure } => WithConnectionAsync(
            azure.ConnectionFile,
            connection => AzureBlobStore.OpenAsync(new() { ConnectionString = connection, Container = azure.Container, Prefix = azure.Prefix }, cancellationToken),
            cancellationToken),
        _ => Task.FromResult<IObjectStore>(DirectoryObjectStore.Open(
            new DirectoryObjectStoreOptions { Path = options.ObjectsDirectory ?? Path.Combine(options.DataDirectory, "objects") }, TimeProvider.System)),
    };

    private static async Task<IObjectStore> OpenS3Async(S3Options s3, CancellationToken cancellationToken)
    {
        try
        {
            return await S3ObjectStore.OpenAsync(
                new()
                {
                    Bucket = s3.Bucket,
                    Prefix = s3.Prefix,
                    Endpoint = s3.Endpoint is { } endpoint ? new Uri(endpoint) : null,
                    Region = s3.Region,
                    CredentialsFile = s3.CredentialsFile,
                },
                cancellationToken);
        }
        catch (ArgumentException exception)
        {
            throw new StorageException(StorageFailure.Failed, $"wanted credentials with a profile [default] in {s3.CredentialsFile}; got a file without them", exception);
        }
    }

    private static async Task<T> WithConnectionAsync<T>(string file, Func<string, Task<T>> open, CancellationToken cancellationToken)
    {
        try
        {
            return await open((await File.ReadAllTextAsync(file, cancellationToken)).Trim());
        }
        catch (ArgumentException exception)
        {
            throw new StorageException(StorageFailure.Failed, $"wanted a connection string in {file}; got a line that is none", exception);
        }
    }
}
