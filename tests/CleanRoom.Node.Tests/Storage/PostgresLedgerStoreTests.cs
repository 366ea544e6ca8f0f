using CleanRoom.Storage;
using CleanRoom.Storage.Ledger;
using CleanRoom.Storage.Ledger.Postgres;
using CleanRoom.TestKit.Storage;
using Npgsql;

namespace CleanRoom.Node.Tests.Storage;

/// <summary>Each test has a schema of its own.</summary>
public sealed class PostgresLedgerStoreTests(PostgresFixture postgres) : SharedLedgerStoreCompliance, IClassFixture<PostgresFixture>, IAsyncDisposable
{
    private static int _schemas;

    private readonly string _schema = $"room_{Interlocked.Increment(ref _schemas)}";
    private readonly List<PostgresLedgerStore> _open = [];

    [Fact]
    public async Task Open_by_many_processes_at_once_makes_one_schema()
    {
        var stores = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => OpenAsync()));

        await stores[0].AppendAsync(Room, 0, Rows(0, 1), "note", Token);
        (await stores[^1].LengthAsync(Room, Token)).Should().Be(1);
        (await ScalarAsync("SELECT count(*) FROM schema_version")).Should().Be(PostgresSchema.Steps.Length);
    }

    [Fact]
    public async Task Server_that_is_killed_keeps_every_acknowledged_append_whole()
    {
        await using var server = await StartAsync();
        var options = new PostgresLedgerOptions { ConnectionString = server.ConnectionString, Schema = _schema };
        var acknowledged = 0;
        await using (var store = await PostgresLedgerStore.OpenAsync(options, Token))
        {
            for (; acknowledged < 30; acknowledged += 3)
            {
                await store.AppendAsync(Room, acknowledged, Rows(acknowledged, 3), $"note {acknowledged + 3}", Token);
            }

            // One more is under way, or not yet, or done and not acknowledged, when the power goes.
            var cutOff = store.AppendAsync(Room, acknowledged, Rows(acknowledged, 3), $"note {acknowledged + 3}", Token);
            await server.KillAsync();
            await cutOff.ContinueWith(static _ => { }, TaskScheduler.Default);
            (await FluentActions.Awaiting(() => store.LengthAsync(Room, Token)).Should().ThrowAsync<StorageException>())
                .Which.Failure.Should().Be(StorageFailure.Failed);
        }

        await server.StartAgainAsync(Token);
        await using var again = await PostgresLedgerStore.OpenAsync(options, Token);
        var length = await again.LengthAsync(Room, Token);
        length.Should().BeOneOf(acknowledged, acknowledged + 3);
        (await ReadAllAsync(again, Room)).Should().Equal(Rows(0, (int)length));
        (await again.LatestCheckpointAsync(Room, Token)).Should().Be(new StoredCheckpoint(length, $"note {length}"));
    }

    [Theory]
    [InlineData("fsync=off", "fsync")]
    [InlineData("full_page_writes=off", "full_page_writes")]
    public async Task Server_that_does_not_keep_what_it_acknowledges_is_refused(string setting, string named)
    {
        await using var server = await StartAsync(setting);

        var open = () => PostgresLedgerStore.OpenAsync(new PostgresLedgerOptions { ConnectionString = server.ConnectionString }, Token);

        (await open.Should().ThrowAsync<StorageException>()).Which.Message.Should().Be($"wanted a server with {named} on, which keeps what it acknowledges; got off");
    }

    [Fact]
    public async Task Commits_wait_for_the_disk_whatever_the_server_is_set_to()
    {
        await using var server = await StartAsync("synchronous_commit=off");
        await using var store = await PostgresLedgerStore.OpenAsync(new PostgresLedgerOptions { ConnectionString = server.ConnectionString }, Token);

        (await store.SettingAsync("synchronous_commit", Token)).Should().Be("on");
    }

    [Fact]
    public async Task Append_while_another_process_holds_the_lock_is_refused_and_works_after()
    {
        var store = await OpenAsync(busyTimeout: TimeSpan.FromMilliseconds(20));
        await store.AppendAsync(Room, 0, Rows(0, 1), "note", Token);
        await using (var other = await RawAsync())
        {
            await using var transaction = await other.BeginTransactionAsync(Token);
            await other.ExecuteAsync("SELECT 1 FROM collaboration WHERE name = $1 FOR UPDATE", Token, Room);

            var append = () => store.AppendAsync(Room, 1, Rows(1, 1), "note", Token);

            (await append.Should().ThrowAsync<StorageException>()).Which.Failure.Should().Be(StorageFailure.Locked);
            (await store.AppendAsync(OtherRoom, 0, Rows(0, 1), "note", Token)).Should().Be(AppendOutcome.Appended, "nobody waits for another collaboration");
        }

        (await store.LengthAsync(Room, Token)).Should().Be(1);
        (await store.AppendAsync(Room, 1, Rows(1, 1), "note", Token)).Should().Be(AppendOutcome.Appended);
    }

    [Fact]
    public async Task Open_of_a_schema_from_a_newer_program_is_refused_and_leaves_it()
    {
        await OpenAsync();
        await ExecuteAsync($"INSERT INTO schema_version (version) VALUES ({PostgresSchema.Steps.Length + 1})");

        (await FluentActions.Awaiting(() => OpenAsync()).Should().ThrowAsync<StorageException>()).Which.Failure.Should().Be(StorageFailure.NewerSchema);
        (await ScalarAsync("SELECT max(version)::bigint FROM schema_version")).Should().Be(PostgresSchema.Steps.Length + 1);
    }

    [Fact]
    public async Task Open_brings_an_older_schema_forward_and_keeps_its_rows()
    {
        await (await OpenAsync()).AppendAsync(Room, 0, Rows(0, 1), "note", Token);

        var store = await PostgresLedgerStore.OpenAsync(Options(), PostgresSchema.Steps.Add("CREATE TABLE later (a integer)"), Token);
        _open.Add(store);

        (await ReadAllAsync(store, Room)).Should().Equal(Rows(0, 1));
        (await ScalarAsync("SELECT max(version)::bigint FROM schema_version")).Should().Be(PostgresSchema.Steps.Length + 1);
        (await ScalarAsync("SELECT count(*) FROM later")).Should().Be(0);
    }

    [Fact]
    public async Task Open_with_a_failing_schema_step_leaves_the_schema_as_it_was()
    {
        await OpenAsync();

        var open = () => PostgresLedgerStore.OpenAsync(Options(), PostgresSchema.Steps.Add("CREATE TABLE later (a integer); INSERT INTO nowhere VALUES (1)"), Token);

        await open.Should().ThrowAsync<StorageException>();
        (await ScalarAsync($"SELECT count(*) FROM pg_tables WHERE schemaname = '{_schema}' AND tablename = 'later'")).Should().Be(0);
        (await ScalarAsync("SELECT max(version)::bigint FROM schema_version")).Should().Be(PostgresSchema.Steps.Length);
    }

    [Fact]
    public async Task Open_of_another_programs_schema_is_refused()
    {
        await ExecuteAsync($"CREATE SCHEMA {_schema}; CREATE TABLE theirs (a integer)");

        (await FluentActions.Awaiting(() => OpenAsync()).Should().ThrowAsync<StorageException>()).Which.Failure.Should().Be(StorageFailure.Damaged);
        (await ScalarAsync($"SELECT count(*) FROM pg_tables WHERE schemaname = '{_schema}'")).Should().Be(1);
    }

    [Fact]
    public async Task Read_over_a_missing_row_is_refused()
    {
        var store = await OpenAsync();
        await store.AppendAsync(Room, 0, Rows(0, 3), "note", Token);
        await ExecuteAsync("DROP TRIGGER ledger_row_stays ON ledger_row; DELETE FROM ledger_row WHERE sequence = 1");

        (await FluentActions.Awaiting(() => ReadAllAsync(store, Room)).Should().ThrowAsync<StorageException>()).Which.Failure.Should().Be(StorageFailure.Damaged);
    }

    [Theory]
    [InlineData("UPDATE ledger_row SET ciphertext = '' WHERE sequence = 1")]
    [InlineData("DELETE FROM ledger_row WHERE sequence = 1")]
    [InlineData("TRUNCATE ledger_row")]
    public async Task Rows_cannot_be_changed_by_a_careless_statement(string sql)
    {
        var store = await OpenAsync();
        await store.AppendAsync(Room, 0, Rows(0, 3), "note", Token);

        await FluentActions.Awaiting(() => ExecuteAsync(sql)).Should().ThrowAsync<PostgresException>();

        (await ReadAllAsync(store, Room)).Should().Equal(Rows(0, 3));
    }

    [Fact]
    public async Task Deleted_secret_is_in_no_table_file_any_more()
    {
        var secret = "a sealed secret that must go"u8.ToArray();
        await using var server = await StartAsync();
        await using var store = await PostgresLedgerStore.OpenAsync(new PostgresLedgerOptions { ConnectionString = server.ConnectionString }, Token);
        await store.PutSealedSecretAsync(OtherRoom, new byte[] { 9 }, Token);
        await store.PutSealedSecretAsync(Room, secret, Token);
        await CheckpointAsync(server);
        Holds(server, secret).Should().BeTrue("the search finds it while it is there");

        await store.DeleteSealedSecretAsync(Room, Token);
        await CheckpointAsync(server);

        Holds(server, secret).Should().BeFalse();
        (await store.GetSealedSecretAsync(OtherRoom, Token))?.ToArray().Should().Equal(9);
    }

    [Fact]
    public async Task Server_out_of_reach_is_named_without_the_password()
    {
        var options = new PostgresLedgerOptions { ConnectionString = "Host=127.0.0.1;Port=1;Username=u;Password=hunter2;Database=d" };

        var failure = (await FluentActions.Awaiting(() => PostgresLedgerStore.OpenAsync(options, Token)).Should().ThrowAsync<StorageException>()).Which;

        failure.Failure.Should().Be(StorageFailure.Failed);
        failure.ToString().Should().NotContain("hunter2");
        options.ToString().Should().NotContain("hunter2");
    }

    [Theory]
    [InlineData("Host")]
    [InlineData("Password=hunter2;Nonsense=1")]
    public async Task Connection_string_that_is_none_is_a_caller_bug_and_is_not_quoted(string text) =>
        (await FluentActions.Awaiting(() => PostgresLedgerStore.OpenAsync(new PostgresLedgerOptions { ConnectionString = text }, Token))
            .Should().ThrowAsync<ArgumentException>()).Which.ToString().Should().NotContain("hunter2");

    [Theory]
    [InlineData("Room")]
    [InlineData("1room")]
    [InlineData("room; DROP TABLE x")]
    [InlineData("")]
    public async Task Schema_that_is_no_plain_name_is_a_caller_bug(string schema) =>
        await FluentActions.Awaiting(() => PostgresLedgerStore.OpenAsync(new PostgresLedgerOptions { ConnectionString = "Host=h", Schema = schema }, Token))
            .Should().ThrowAsync<ArgumentException>();

    [Fact]
    public async Task Call_after_dispose_is_a_caller_bug()
    {
        var store = await OpenAsync();
        await store.DisposeAsync();

        await FluentActions.Awaiting(() => store.LengthAsync(Room, Token)).Should().ThrowAsync<ObjectDisposedException>();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var store in _open)
        {
            await store.DisposeAsync();
        }
    }

    protected override async Task<ILedgerStore> OpenSharedAsync() => await OpenAsync();

    protected override async Task<ILedgerStore> NewStoreAsync() => await OpenAsync();

    private static Task<PostgresServer> StartAsync(params string[] settings)
    {
        PostgresFixture.SkipWithoutServer();
        return PostgresServer.StartAsync(Token, settings);
    }

    private static async Task CheckpointAsync(PostgresServer server)
    {
        await using var connection = new NpgsqlConnection(server.ConnectionString);
        await connection.OpenAsync(Token);
        await connection.ExecuteAsync("CHECKPOINT", Token);
    }

    private static bool Holds(PostgresServer server, byte[] secret) => Directory
        .EnumerateFiles(Path.Combine(server.DataDirectory, "base"), "*", SearchOption.AllDirectories)
        .Any(file => File.ReadAllBytes(file).AsSpan().IndexOf(secret) >= 0);

    private PostgresLedgerOptions Options(TimeSpan? busyTimeout = null) =>
        new() { ConnectionString = postgres.Required.ConnectionString, Schema = _schema, BusyTimeout = busyTimeout ?? TimeSpan.FromSeconds(20) };

    private async Task<PostgresLedgerStore> OpenAsync(TimeSpan? busyTimeout = null)
    {
        var store = await PostgresLedgerStore.OpenAsync(Options(busyTimeout), Token);
        lock (_open)
        {
            _open.Add(store);
        }

        return store;
    }

    private async Task<NpgsqlConnection> RawAsync()
    {
        var connection = new NpgsqlConnection(Options().Check().ToString());
        await connection.OpenAsync(Token);
        return connection;
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = await RawAsync();
        await connection.ExecuteAsync(sql, Token);
    }

    private async Task<long> ScalarAsync(string sql)
    {
        await using var connection = await RawAsync();
        return await connection.ScalarAsync<long>(sql, Token);
    }
}
