using System.Collections.Immutable;
using CleanRoom.Storage;
using CleanRoom.Storage.Ledger.Postgres;
using Npgsql;

namespace CleanRoom.Node.Cluster;

/// <summary>The tables in which the silos of a cluster find each other, and the statements that Orleans reads from there and runs on them.</summary>
/// <remarks>
/// They are in a schema of their own beside the ledger's. Trust: the database is host-controlled, so it says only whom to look for; who is let in,
/// evidence decides (contracts/spec/0020). Names of statements, parameters and result columns are those of Microsoft.Orleans.Clustering.AdoNet.
/// </remarks>
internal static class ClusterSchema
{
    /// <summary>What the name of the ledger's schema is followed by.</summary>
    public const string Suffix = "_cluster";

    /// <summary>Migrations of all processes wait for each other under this number ("CRCl").</summary>
    private const long MigrationLock = 0x4352436C;

    // The numbers of Orleans.Runtime.SiloStatus, which statements quote.
    private const int Active = (int)SiloStatus.Active;

    // Those of the first step, which are never edited either: a later step updates OrleansQuery.
    private static readonly ImmutableArray<(string Key, string Text)> _statements =
    [
        ("GatewaysQueryKey",
         """
         SELECT address AS Address, gateway_port AS ProxyPort, generation AS Generation FROM silo
         WHERE cluster = @DeploymentId AND status = @Status AND gateway_port > 0
         """),
        ("MembershipReadRowKey",
         """
         SELECT s.address AS Address, s.port AS Port, s.generation AS Generation, s.name AS SiloName, s.host AS HostName, s.status AS Status,
             s.gateway_port AS ProxyPort, s.suspects AS SuspectTimes, s.started AS StartTime, s.alive AS IAmAliveTime, c.version AS Version
         FROM cluster c LEFT JOIN silo s ON s.cluster = c.id AND s.address = @Address AND s.port = @Port AND s.generation = @Generation
         WHERE c.id = @DeploymentId
         """),
        ("MembershipReadAllKey",
         """
         SELECT s.address AS Address, s.port AS Port, s.generation AS Generation, s.name AS SiloName, s.host AS HostName, s.status AS Status,
             s.gateway_port AS ProxyPort, s.suspects AS SuspectTimes, s.started AS StartTime, s.alive AS IAmAliveTime, c.version AS Version
         FROM cluster c LEFT JOIN silo s ON s.cluster = c.id WHERE c.id = @DeploymentId
         """),
        ("InsertMembershipVersionKey",
         """
         WITH made AS (INSERT INTO cluster (id, version) VALUES (@DeploymentId, 0) ON CONFLICT (id) DO NOTHING RETURNING id)
         SELECT count(*) = 1 FROM made
         """),

        // Whoever changes a row first takes the next version, and with it the lock on the cluster's row: who comes second finds another version and changes nothing.
        ("InsertMembershipKey",
         """
         WITH taken AS (
             UPDATE cluster c SET version = c.version + 1 WHERE c.id = @DeploymentId AND c.version = @Version AND NOT EXISTS (
                 SELECT 1 FROM silo s WHERE s.cluster = c.id AND s.address = @Address AND s.port = @Port AND s.generation = @Generation)
             RETURNING c.id),
         added AS (
             INSERT INTO silo (cluster, address, port, generation, name, host, status, gateway_port, started, alive)
             SELECT id, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime, @IAmAliveTime FROM taken RETURNING port)
         SELECT count(*) = 1 FROM added
         """),
        ("UpdateMembershipKey",
         """
         WITH taken AS (
             UPDATE cluster c SET version = c.version + 1 WHERE c.id = @DeploymentId AND c.version = @Version AND EXISTS (
                 SELECT 1 FROM silo s WHERE s.cluster = c.id AND s.address = @Address AND s.port = @Port AND s.generation = @Generation)
             RETURNING c.id),
         changed AS (
             UPDATE silo s SET status = @Status, suspects = @SuspectTimes, alive = @IAmAliveTime FROM taken
             WHERE s.cluster = taken.id AND s.address = @Address AND s.port = @Port AND s.generation = @Generation RETURNING s.port)
         SELECT count(*) = 1 FROM changed
         """),
        ("UpdateIAmAlivetimeKey",
         """
         UPDATE silo SET alive = @IAmAliveTime
         WHERE cluster = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation
         """),
        ("DeleteMembershipTableEntriesKey", "DELETE FROM cluster WHERE id = @DeploymentId"),
        ("CleanupDefunctSiloEntriesKey", $"DELETE FROM silo WHERE cluster = @DeploymentId AND status <> {Active} AND alive < @IAmAliveTime"),
    ];

    /// <summary>Gets the steps in order; step n leads to version n.</summary>
    internal static ImmutableArray<string> Steps { get; } =
    [
        $"""
        CREATE TABLE cluster (
            id text COLLATE "C" PRIMARY KEY,
            version integer NOT NULL CHECK (version >= 0)
        );
        CREATE TABLE silo (
            cluster text COLLATE "C" NOT NULL REFERENCES cluster (id) ON DELETE CASCADE,
            address text COLLATE "C" NOT NULL,
            port integer NOT NULL,
            generation integer NOT NULL,
            name text NOT NULL,
            host text NOT NULL,
            status integer NOT NULL,
            gateway_port integer NOT NULL,
            suspects text,
            started timestamptz NOT NULL,
            alive timestamptz NOT NULL,
            PRIMARY KEY (cluster, address, port, generation)
        );
        CREATE TABLE OrleansQuery (QueryKey text COLLATE "C" PRIMARY KEY, QueryText text NOT NULL);
        INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES
        {string.Join(",\n", _statements.Select(one => $"('{one.Key}', $statement${one.Text}$statement$)"))};
        """,
    ];

    /// <summary>Connects, and brings the schema to the newest version; several nodes may do so at once.</summary>
    /// <param name="connection">As Npgsql reads it. It may hold a password.</param>
    /// <param name="ledgerSchema">The schema of the ledger beside which this one is.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns>A source of connections, which the caller disposes.</returns>
    /// <exception cref="StorageException">The server is out of reach, or the schema is foreign or from a newer program.</exception>
    public static Task<NpgsqlDataSource> OpenAsync(string connection, string ledgerSchema, CancellationToken cancellationToken) =>
        OpenAsync(connection, ledgerSchema, Steps, cancellationToken);

    /// <summary>Opens with the given steps.</summary>
    internal static Task<NpgsqlDataSource> OpenAsync(string connection, string ledgerSchema, ImmutableArray<string> steps, CancellationToken cancellationToken) =>
        new PostgresMigration("a cluster", "silo", MigrationLock, steps).OpenAsync(
            new PostgresLedgerOptions { ConnectionString = connection, Schema = ledgerSchema + Suffix }, cancellationToken);
}
