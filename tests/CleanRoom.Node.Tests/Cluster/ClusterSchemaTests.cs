using System.Collections.Immutable;
using System.Net;
using CleanRoom.Node.Cluster;
using CleanRoom.Node.Tests.Storage;
using CleanRoom.Storage;
using CleanRoom.Storage.Ledger.Postgres;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;
using Orleans.Configuration;
using Orleans.Runtime.MembershipService;

namespace CleanRoom.Node.Tests.Cluster;

/// <summary>The tables in which members of a cluster find each other, as this program makes them and as Orleans uses them. Each test has a schema of its own.</summary>
public sealed class ClusterSchemaTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncDisposable
{
    private const string Cluster = "one";

    private static readonly DateTime _now = new(2026, 11, 30, 12, 0, 0, DateTimeKind.Utc);

    private static int _schemas;

    private readonly string _schema = $"group_{Interlocked.Increment(ref _schemas)}";
    private readonly List<NpgsqlDataSource> _open = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Open_by_many_nodes_at_once_and_again_makes_one_schema()
    {
        var sources = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => OpenAsync()));
        await OpenAsync();

        (await ScalarAsync(sources[0], "SELECT count(*) FROM schema_version")).Should().Be(ClusterSchema.Steps.Length);
        (await ScalarAsync(sources[0], $"SELECT count(*) FROM pg_namespace WHERE nspname = '{_schema}_cluster'")).Should().Be(1);
    }

    [Fact]
    public async Task Open_brings_an_older_schema_forward_and_keeps_its_rows()
    {
        var table = await TableAsync(await OpenAsync());
        await table.InsertRowAsync(Entry(1), Next(await table.ReadAllAsync(Token)), Token);

        var later = await OpenAsync(ClusterSchema.Steps.Add("CREATE TABLE later (a integer)"));

        (await ScalarAsync(later, "SELECT max(version)::bigint FROM schema_version")).Should().Be(ClusterSchema.Steps.Length + 1);
        (await ScalarAsync(later, "SELECT count(*) FROM silo")).Should().Be(1);
    }

    [Fact]
    public async Task Open_of_a_schema_from_a_newer_program_is_refused()
    {
        await OpenAsync(ClusterSchema.Steps.Add("CREATE TABLE later (a integer)"));

        (await FluentActions.Awaiting(() => OpenAsync()).Should().ThrowAsync<StorageException>()).Which.Failure.Should().Be(StorageFailure.NewerSchema);
    }

    [Fact]
    public async Task Open_of_another_programs_schema_is_refused_and_leaves_it()
    {
        await using var raw = NpgsqlDataSource.Create(postgres.Required.ConnectionString);
        await ExecuteAsync(raw, $"CREATE SCHEMA {_schema}_cluster; CREATE TABLE {_schema}_cluster.theirs (a integer)");

        var failure = (await FluentActions.Awaiting(() => OpenAsync()).Should().ThrowAsync<StorageException>()).Which;

        failure.Failure.Should().Be(StorageFailure.Damaged);
        failure.Message.Should().Be($"wanted schema {_schema}_cluster with a cluster or without a table; got 1 tables of another program");
        (await ScalarAsync(raw, $"SELECT count(*) FROM pg_tables WHERE schemaname = '{_schema}_cluster'")).Should().Be(1);
    }

    [Fact]
    public async Task Server_out_of_reach_is_named_without_the_password()
    {
        var open = () => ClusterSchema.OpenAsync("Host=127.0.0.1;Port=1;Username=u;Password=hunter2;Database=d", "s", Token);

        (await open.Should().ThrowAsync<StorageException>()).Which.ToString().Should().Contain("wanted a connection to the database").And.NotContain("hunter2");
    }

    [Fact]
    public async Task Row_comes_back_as_it_was_written()
    {
        var table = await TableAsync(await OpenAsync());
        var entry = Entry(1);

        (await table.InsertRowAsync(entry, Next(await table.ReadAllAsync(Token)), Token)).Should().BeTrue();

        var read = await table.ReadRowAsync(entry.SiloAddress, Token);
        read.Version.Version.Should().Be(1);
        read.Members.Single().Item1.Should().BeEquivalentTo(entry, compare => compare.Including(e => e.SiloAddress).Including(e => e.Status)
            .Including(e => e.SiloName).Including(e => e.HostName).Including(e => e.ProxyPort).Including(e => e.StartTime).Including(e => e.IAmAliveTime));
        (await table.ReadRowAsync(Entry(2).SiloAddress, Token)).Members.Should().BeEmpty();
    }

    [Fact]
    public async Task Of_many_writers_at_one_version_one_gets_in()
    {
        var table = await TableAsync(await OpenAsync());
        var next = Next(await table.ReadAllAsync(Token));

        var inserted = await Task.WhenAll(Enumerable.Range(1, 8).Select(port => table.InsertRowAsync(Entry(port), next, Token)));

        inserted.Count(done => done).Should().Be(1);
        var all = await table.ReadAllAsync(Token);
        all.Version.Version.Should().Be(1);
        all.Members.Should().ContainSingle();
    }

    [Fact]
    public async Task Same_row_twice_or_an_update_of_none_changes_nothing()
    {
        var table = await TableAsync(await OpenAsync());
        await table.InsertRowAsync(Entry(1), Next(await table.ReadAllAsync(Token)), Token);
        var next = Next(await table.ReadAllAsync(Token));

        (await table.InsertRowAsync(Entry(1), next, Token)).Should().BeFalse();
        (await table.UpdateRowAsync(Entry(2), next.VersionEtag, next, Token)).Should().BeFalse();

        (await table.ReadAllAsync(Token)).Version.Version.Should().Be(1);
    }

    [Fact]
    public async Task Update_writes_status_and_suspicions_and_of_two_the_second_is_late()
    {
        var table = await TableAsync(await OpenAsync());
        await table.InsertRowAsync(Entry(1), Next(await table.ReadAllAsync(Token)), Token);
        var next = Next(await table.ReadAllAsync(Token));
        var changed = Entry(1);
        changed.Status = SiloStatus.Dead;
        changed.AddSuspector(Entry(2).SiloAddress, _now);

        (await table.UpdateRowAsync(changed, next.VersionEtag, next, Token)).Should().BeTrue();
        (await table.UpdateRowAsync(Entry(1), next.VersionEtag, next, Token)).Should().BeFalse("another version stands there by now");

        var read = (await table.ReadAllAsync(Token)).Members.Single().Item1;
        read.Status.Should().Be(SiloStatus.Dead);
        read.SuspectTimes.Should().ContainSingle().Which.Should().Be(Tuple.Create(Entry(2).SiloAddress, _now));
    }

    [Fact]
    public async Task Sign_of_life_changes_the_time_and_no_version()
    {
        var table = await TableAsync(await OpenAsync());
        await table.InsertRowAsync(Entry(1), Next(await table.ReadAllAsync(Token)), Token);
        var alive = Entry(1);
        alive.IAmAliveTime = _now.AddMinutes(5);

        await table.UpdateIAmAliveAsync(alive, Token);

        var read = await table.ReadAllAsync(Token);
        read.Members.Single().Item1.IAmAliveTime.Should().Be(alive.IAmAliveTime);
        read.Version.Version.Should().Be(1);
    }

    [Fact]
    public async Task Cleanup_removes_old_rows_of_the_dead_and_deletion_those_of_one_cluster()
    {
        var source = await OpenAsync();
        var table = await TableAsync(source);
        var other = await TableAsync(source, "two");
        await other.InsertRowAsync(Entry(1), Next(await other.ReadAllAsync(Token)), Token);
        foreach (var (port, status) in ((int, SiloStatus)[])[(1, SiloStatus.Active), (2, SiloStatus.Dead)])
        {
            var entry = Entry(port);
            entry.Status = status;
            await table.InsertRowAsync(entry, Next(await table.ReadAllAsync(Token)), Token);
        }

        await table.CleanupDefunctSiloEntriesAsync(_now.AddDays(-1), Token);
        (await table.ReadAllAsync(Token)).Members.Should().HaveCount(2, "both are younger");
        await table.CleanupDefunctSiloEntriesAsync(_now.AddDays(1), Token);
        (await table.ReadAllAsync(Token)).Members.Single().Item1.Status.Should().Be(SiloStatus.Active);

        await table.DeleteMembershipTableEntriesAsync(Cluster, Token);
        (await ScalarAsync(source, "SELECT count(*) FROM silo")).Should().Be(1, "the other cluster's row stays");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var source in _open)
        {
            await source.DisposeAsync();
        }
    }

    private static MembershipEntry Entry(int port) => new()
    {
        SiloAddress = SiloAddress.New(IPAddress.Loopback, port, 7),
        SiloName = "a silo",
        HostName = "a host",
        Status = SiloStatus.Active,
        ProxyPort = 30_000,
        StartTime = _now,
        IAmAliveTime = _now,
    };

    private static TableVersion Next(MembershipTableData data) => data.Version.Next();

    private static async Task<IMembershipTable> TableAsync(NpgsqlDataSource source, string cluster = Cluster)
    {
        var table = new AdoNetClusteringTable(
            new EmptyServices(),
            Options.Create(new ClusterOptions { ClusterId = cluster, ServiceId = cluster }),
            Options.Create(new AdoNetClusteringSiloOptions { Invariant = "Npgsql", DataSource = source }),
            NullLogger<AdoNetClusteringTable>.Instance);
        await table.InitializeMembershipTableAsync(tryInitTableVersion: true, Token);
        return table;
    }

    private static async Task<long> ScalarAsync(NpgsqlDataSource source, string sql)
    {
        await using var connection = await source.OpenConnectionAsync(Token);
        return await connection.ScalarAsync<long>(sql, Token);
    }

    private static async Task ExecuteAsync(NpgsqlDataSource source, string sql)
    {
        await using var connection = await source.OpenConnectionAsync(Token);
        await connection.ExecuteAsync(sql, Token);
    }

    private Task<NpgsqlDataSource> OpenAsync() => OpenAsync(ClusterSchema.Steps);

    private async Task<NpgsqlDataSource> OpenAsync(ImmutableArray<string> steps)
    {
        var source = await ClusterSchema.OpenAsync(postgres.Required.ConnectionString, _schema, steps, Token);
        lock (_open)
        {
            _open.Add(source);
        }

        return source;
    }

    private sealed class EmptyServices : IServiceProvider
    {
        public object? GetService(Type serviceType) => null;
    }
}
