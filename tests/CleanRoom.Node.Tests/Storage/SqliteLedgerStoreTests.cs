using CleanRoom.Storage;
using CleanRoom.Storage.Ledger;
using CleanRoom.Storage.Ledger.Sqlite;
using CleanRoom.TestKit.Storage;
using Microsoft.Data.Sqlite;

namespace CleanRoom.Node.Tests.Storage;

public sealed class SqliteLedgerStoreTests : SharedLedgerStoreCompliance, IAsyncDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly List<SqliteLedgerStore> _open = [];

    [Fact]
    public async Task Open_makes_every_commit_flush()
    {
        var store = await OpenAsync("ledger.db");

        (await store.WriterPragmaAsync("journal_mode", Token)).Should().Be("wal");
        (await store.WriterPragmaAsync("synchronous", Token)).Should().Be("2", "FULL flushes the write-ahead log at every commit");
        (await store.WriterPragmaAsync("secure_delete", Token)).Should().Be("1");
        (await store.WriterPragmaAsync("foreign_keys", Token)).Should().Be("1");
    }

    [Fact]
    public async Task Open_after_close_finds_everything()
    {
        var before = await OpenAsync("ledger.db");
        await before.AppendAsync(Room, 0, Rows(0, 2), "note", Token);
        await before.PutSealedSecretAsync(Room, new byte[] { 7 }, Token);
        await before.PutCosignatureAsync(Room, new StoredCosignature(2, "w", "cosigned"), Token);
        await before.DisposeAsync();

        var after = await OpenAsync("ledger.db");

        (await ReadAllAsync(after, Room)).Should().Equal(Rows(0, 2));
        (await after.GetSealedSecretAsync(Room, Token))?.ToArray().Should().Equal(7);
        (await after.ListCosignaturesAsync(Room, 0, Token)).Should().Equal(new StoredCosignature(2, "w", "cosigned"));
    }

    [Fact]
    public async Task Open_after_a_crash_finds_every_acknowledged_row()
    {
        var store = await OpenAsync("ledger.db");
        for (var sequence = 0; sequence < 10; sequence++)
        {
            await store.AppendAsync(Room, sequence, Rows(sequence, 1), $"note {sequence}", Token);
        }

        CopyAsAfterCrash("crashed.db", walBytes: null);
        var recovered = await OpenAsync("crashed.db");

        (await ReadAllAsync(recovered, Room)).Should().Equal(Rows(0, 10));
        (await recovered.LatestCheckpointAsync(Room, Token)).Should().Be(new StoredCheckpoint(10, "note 9"));
    }

    [Fact]
    public async Task Open_after_a_write_that_was_cut_off_anywhere_finds_whole_appends_only()
    {
        const int RowsPerAppend = 3;
        var store = await OpenAsync("ledger.db");
        for (var sequence = 0; sequence < 4 * RowsPerAppend; sequence += RowsPerAppend)
        {
            await store.AppendAsync(Room, sequence, Rows(sequence, RowsPerAppend), $"note {sequence + RowsPerAppend}", Token);
        }

        var lengths = new HashSet<long>();
        var walBytes = new FileInfo(_directory.File("ledger.db-wal")).Length;
        for (var cut = walBytes; cut > walBytes / 2; cut -= 1_500)
        {
            CopyAsAfterCrash($"cut-{cut}.db", cut);
            await using var recovered = await OpenAsync($"cut-{cut}.db");
            var length = await recovered.LengthAsync(Room, Token);
            var checkpoint = await recovered.LatestCheckpointAsync(Room, Token);

            (length % RowsPerAppend).Should().Be(0);
            (checkpoint?.TreeSize ?? 0).Should().Be(length);
            (await ReadAllAsync(recovered, Room)).Should().Equal(Rows(0, (int)length));
            lengths.Add(length);
        }

        lengths.Should().HaveCountGreaterThan(1, "the cuts must hit different appends");
    }

    [Fact]
    public async Task Append_on_a_full_disk_is_refused_and_writes_nothing()
    {
        var store = await OpenAsync("ledger.db", maxSizeBytes: 262_144);
        SealedRow Large(long sequence) => new(sequence, new byte[20_000]);
        var length = 0L;
        StorageException? failure = null;
        while (failure is null)
        {
            try
            {
                await store.AppendAsync(Room, length, [Large(length), Large(length + 1)], $"note {length + 2}", Token);
                length += 2;
            }
            catch (StorageException exception)
            {
                failure = exception;
            }
        }

        failure.Failure.Should().Be(StorageFailure.Full);
        length.Should().BePositive();
        (await store.LengthAsync(Room, Token)).Should().Be(length);
        (await store.LatestCheckpointAsync(Room, Token)).Should().Be(new StoredCheckpoint(length, $"note {length}"));

        await store.DisposeAsync();
        var larger = await OpenAsync("ledger.db");
        (await larger.AppendAsync(Room, length, [Large(length)], "note", Token)).Should().Be(AppendOutcome.Appended);
    }

    [Fact]
    public async Task Append_while_another_process_holds_the_lock_is_refused_and_works_after()
    {
        var store = await OpenAsync("ledger.db", busyTimeout: TimeSpan.FromMilliseconds(20));
        await using (var other = Raw("ledger.db"))
        {
            using var transaction = other.BeginTransaction(deferred: false);

            var append = () => store.AppendAsync(Room, 0, Rows(0, 1), "note", Token);

            (await append.Should().ThrowAsync<StorageException>()).Which.Failure.Should().Be(StorageFailure.Locked);
            (await store.LengthAsync(Room, Token)).Should().Be(0);
        }

        (await store.AppendAsync(Room, 0, Rows(0, 1), "note", Token)).Should().Be(AppendOutcome.Appended);
    }

    [Fact]
    public async Task Open_of_a_file_from_a_newer_program_is_refused_and_leaves_it()
    {
        await (await OpenAsync("ledger.db")).DisposeAsync();
        Execute("ledger.db", $"INSERT INTO schema_version (version) VALUES ({SqliteSchema.Steps.Length + 1})");

        var open = () => OpenAsync("ledger.db");

        (await open.Should().ThrowAsync<StorageException>()).Which.Failure.Should().Be(StorageFailure.NewerSchema);
        using var raw = Raw("ledger.db");
        raw.Scalar<long>("SELECT max(version) FROM schema_version").Should().Be(SqliteSchema.Steps.Length + 1);
    }

    [Fact]
    public async Task Open_brings_an_older_file_forward_and_keeps_its_rows()
    {
        var old = await OpenAsync("ledger.db");
        await old.AppendAsync(Room, 0, Rows(0, 1), "note", Token);
        await old.DisposeAsync();

        var store = await SqliteLedgerStore.OpenAsync(
            new SqliteLedgerOptions { Path = _directory.File("ledger.db") }, SqliteSchema.Steps.Add("CREATE TABLE later (a INTEGER) STRICT"), Token);
        _open.Add(store);

        (await ReadAllAsync(store, Room)).Should().Equal(Rows(0, 1));
        using var raw = Raw("ledger.db");
        raw.Scalar<long>("SELECT max(version) FROM schema_version").Should().Be(SqliteSchema.Steps.Length + 1);
        raw.Scalar<long>("SELECT count(*) FROM later").Should().Be(0);
    }

    [Fact]
    public async Task Open_with_a_failing_schema_step_leaves_the_file_as_it_was()
    {
        await (await OpenAsync("ledger.db")).DisposeAsync();

        var open = () => SqliteLedgerStore.OpenAsync(
            new SqliteLedgerOptions { Path = _directory.File("ledger.db") },
            SqliteSchema.Steps.Add("CREATE TABLE later (a INTEGER) STRICT; INSERT INTO nowhere VALUES (1)"),
            Token);

        await open.Should().ThrowAsync<StorageException>();
        using var raw = Raw("ledger.db");
        raw.Scalar<long>("SELECT count(*) FROM sqlite_schema WHERE name = 'later'").Should().Be(0);
        raw.Scalar<long>("SELECT max(version) FROM schema_version").Should().Be(SqliteSchema.Steps.Length);
    }

    [Fact]
    public async Task Open_of_another_programs_database_is_refused()
    {
        Execute("ledger.db", "CREATE TABLE theirs (a INTEGER)");

        var open = () => OpenAsync("ledger.db");

        (await open.Should().ThrowAsync<StorageException>()).Which.Failure.Should().Be(StorageFailure.Damaged);
        using var raw = Raw("ledger.db");
        raw.Scalar<long>("SELECT count(*) FROM sqlite_schema").Should().Be(1);
    }

    [Fact]
    public async Task Open_of_a_file_that_is_no_database_is_refused()
    {
        await File.WriteAllTextAsync(_directory.File("ledger.db"), new string('x', 8_192), Token);

        var open = () => OpenAsync("ledger.db");

        (await open.Should().ThrowAsync<StorageException>()).Which.Failure.Should().Be(StorageFailure.Damaged);
    }

    [Fact]
    public async Task Read_over_a_missing_row_is_refused()
    {
        var store = await OpenAsync("ledger.db");
        await store.AppendAsync(Room, 0, Rows(0, 3), "note", Token);
        Execute("ledger.db", "DROP TRIGGER ledger_row_never_goes; DELETE FROM ledger_row WHERE sequence = 1");

        var read = () => ReadAllAsync(store, Room);

        (await read.Should().ThrowAsync<StorageException>()).Which.Failure.Should().Be(StorageFailure.Damaged);
    }

    [Theory]
    [InlineData("UPDATE ledger_row SET ciphertext = x'00' WHERE sequence = 1")]
    [InlineData("DELETE FROM ledger_row WHERE sequence = 1")]
    public async Task Rows_cannot_be_changed_by_a_careless_statement(string sql)
    {
        var store = await OpenAsync("ledger.db");
        await store.AppendAsync(Room, 0, Rows(0, 3), "note", Token);

        var change = () => Execute("ledger.db", sql);

        change.Should().Throw<SqliteException>();
        (await ReadAllAsync(store, Room)).Should().Equal(Rows(0, 3));
    }

    [Fact]
    public async Task Deleted_secret_is_not_in_the_file_any_more()
    {
        var store = await OpenAsync("ledger.db");
        var secret = "a sealed secret that must go"u8.ToArray();
        await store.PutSealedSecretAsync(Room, secret, Token);
        await store.DeleteSealedSecretAsync(Room, Token);

        var bytes = Read("ledger.db").Concat(Read("ledger.db-wal")).ToArray();

        bytes.AsSpan().IndexOf(secret).Should().Be(-1);
    }

    [Fact]
    public async Task Call_after_dispose_is_a_caller_bug()
    {
        var store = await OpenAsync("ledger.db");
        await store.DisposeAsync();

        var length = () => store.LengthAsync(Room, Token);

        await length.Should().ThrowAsync<ObjectDisposedException>();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var store in _open)
        {
            await store.DisposeAsync();
        }

        _directory.Dispose();
    }

    protected override async Task<ILedgerStore> OpenSharedAsync() => await OpenAsync("ledger.db");

    protected override async Task<ILedgerStore> NewStoreAsync() => await OpenAsync("compliance.db");

    private async Task<SqliteLedgerStore> OpenAsync(string name, long? maxSizeBytes = null, TimeSpan? busyTimeout = null)
    {
        var options = new SqliteLedgerOptions
        {
            Path = _directory.File(name),
            MaxSizeBytes = maxSizeBytes,
            BusyTimeout = busyTimeout ?? TimeSpan.FromSeconds(20),
        };
        var store = await SqliteLedgerStore.OpenAsync(options, Token);
        _open.Add(store);
        return store;
    }

    /// <summary>Takes the database as it is on the disk at this moment, as a power cut would leave it.</summary>
    private void CopyAsAfterCrash(string name, long? walBytes)
    {
        File.WriteAllBytes(_directory.File(name), Read("ledger.db"));
        var wal = Read("ledger.db-wal");
        File.WriteAllBytes(_directory.File(name + "-wal"), walBytes is { } bytes ? wal[..(int)bytes] : wal);
    }

    private byte[] Read(string name)
    {
        using var file = new FileStream(_directory.File(name), FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }

    private SqliteConnection Raw(string name)
    {
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = _directory.File(name), Pooling = false }.ToString());
        connection.Open();
        return connection;
    }

    private void Execute(string name, string sql)
    {
        using var connection = Raw(name);
        connection.Execute(sql);
    }
}
