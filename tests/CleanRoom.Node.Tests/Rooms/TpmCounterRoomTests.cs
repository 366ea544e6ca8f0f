using System.Runtime.Versioning;
using CleanRoom.Attesters.Tpm;
using CleanRoom.Node.Tests.Harness;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.Storage.Ledger.Sqlite;
using CleanRoom.TestKit;
using CleanRoom.TestKit.Collaborations;
using CleanRoom.TestKit.Storage;

namespace CleanRoom.Node.Tests.Rooms;

/// <summary><c>rollback: counter</c> with a database file and a software TPM, as an operator has them in hand.</summary>
[SupportedOSPlatform("linux")]
public sealed class TpmCounterRoomTests(EngineParts engine) : IDisposable
{
    private static readonly Contract _counted = Scene.Contract with { Rollback = RollbackDefence.Counter };

    private readonly Machine _machine = new(engine);
    private readonly TemporaryDirectory _directory = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Database => _directory.File("ledger.db");

    [Fact]
    public async Task Restart_after_a_loss_of_power_goes_on()
    {
        await using var tpm = await StartTpmAsync();
        var collaboration = await FoundAsync(tpm);
        await tpm.RestartAsync(Stop);

        (await ReopenAsync(tpm, collaboration)).Should().BeNull();
    }

    [Fact]
    public async Task Older_copy_of_the_database_file_stays_read_only()
    {
        await using var tpm = await StartTpmAsync();
        var collaboration = await FoundAsync(tpm);
        File.Copy(Database, _directory.File("backup.db"));
        (await ReopenAsync(tpm, collaboration)).Should().BeNull();
        File.Copy(_directory.File("backup.db"), Database, overwrite: true);

        var refused = await ReopenAsync(tpm, collaboration);

        refused!.Code.Should().Be(RefusalCode.ReadOnly);
        refused.Wanted.Should().Contain("a log that goes on from");
    }

    [Fact]
    public async Task Deleted_counter_stays_read_only_and_one_made_again_too()
    {
        await using var tpm = await StartTpmAsync();
        var collaboration = await FoundAsync(tpm);
        var indices = (await tpm.ToolAsync("tpm2_getcap handles-nv-index", Stop)).Split('\n')
            .Select(line => line.Trim(' ', '-', '\r')).Where(line => line.StartsWith("0x1", StringComparison.Ordinal)).Order().ToArray();
        indices.Should().HaveCount(2);
        foreach (var index in indices)
        {
            await tpm.ToolAsync($"tpm2_nvundefine -C o {index}", Stop);
        }

        (await ReopenAsync(tpm, collaboration))!.Got.Should().Contain("was deleted");

        await tpm.ToolAsync($"tpm2_nvdefine -C o {indices[0]} -s 8 -g sha256 -a authread|authwrite|no_da|nt=counter -p known", Stop);
        await tpm.ToolAsync($"tpm2_nvincrement -C {indices[0]} -P known {indices[0]}", Stop);
        await tpm.ToolAsync($"tpm2_nvdefine -C o {indices[1]} -s 80 -g sha256 -a authread|authwrite|no_da|writeall -p known", Stop);
        (await ReopenAsync(tpm, collaboration))!.Got.Should().StartWith("response code 0x9");
    }

    [Fact]
    public async Task Other_tpm_and_no_tpm_stay_read_only()
    {
        await using var tpm = await StartTpmAsync();
        await using var other = await StartTpmAsync();
        var collaboration = await FoundAsync(tpm);

        (await ReopenAsync(other, collaboration))!.Got.Should().Contain("never made here");
        using var absent = new TpmAccess(new TpmEndpoint("127.0.0.1", 1));
        (await ReopenAsync(absent, collaboration))!.Got.Should().Contain("127.0.0.1:1");
        (await ReopenAsync(tpm, collaboration)).Should().BeNull();
    }

    public void Dispose()
    {
        _machine.Dispose();
        _directory.Dispose();
    }

    private static async Task<SwTpm> StartTpmAsync()
    {
        if (SwTpm.Missing is { } reason && Environment.GetEnvironmentVariable("CI") != "true")
        {
            Assert.Skip(reason);
        }

        return await SwTpm.StartAsync(Stop);
    }

    private async Task<string> FoundAsync(SwTpm tpm)
    {
        using var access = new TpmAccess(tpm.Endpoint);
        _machine.Counter = new TpmCounter(access);
        await using var store = await OpenStoreAsync();
        using var node = await _machine.StartAsync(store);
        return (await node.ActivateAsync(_counted)).State.Collaboration;
    }

    private async Task<Refusal?> ReopenAsync(SwTpm tpm, string collaboration)
    {
        using var access = new TpmAccess(tpm.Endpoint);
        return await ReopenAsync(access, collaboration);
    }

    /// <summary>Starts a node over the file and appends a row. Returns why it does not take it; null when it does.</summary>
    private async Task<Refusal?> ReopenAsync(TpmAccess access, string collaboration)
    {
        _machine.Counter = new TpmCounter(access);
        await using var store = await OpenStoreAsync();
        using var node = await _machine.StartAsync(store);
        var room = (await node.OpenAsync(collaboration)).Value;
        var appended = await room.AppendAsync(TestPeople.Ada.Sign(Scene.Of(room).Suspend()), Stop);
        return appended.IsAccepted ? null : appended.Refusals[0];
    }

    private Task<SqliteLedgerStore> OpenStoreAsync() => SqliteLedgerStore.OpenAsync(new SqliteLedgerOptions { Path = Database }, Stop);
}
