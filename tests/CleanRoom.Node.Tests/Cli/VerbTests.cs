using System.Diagnostics;
using CleanRoom.Cli;
using CleanRoom.Cli.Hosting;
using CleanRoom.Cli.Profiles;
using CleanRoom.Client.Budgets;
using CleanRoom.Client.Ledger;
using CleanRoom.Node.Tests.Client.Support;
using CleanRoom.Protocol;

namespace CleanRoom.Node.Tests.Cli;

public class VerbTests(CliScenes scenes)
{
    [Theory]
    [InlineData("contract", "validate", "@missing.json")]
    [InlineData("contract", "validate", "@garbage")]
    [InlineData("contract", "diff", "@garbage", "@garbage")]
    [InlineData("dataset", "inspect", "@missing.csv")]
    [InlineData("keys", "import", "@garbage", "--collaborator", "registry")]
    [InlineData("keys", "export", "--collaborator", "registry", "--out", "@out")]
    [InlineData("keys", "new", "--collaborator", "../registry", "--passphrase-file", "@passphrase")]
    [InlineData("keys", "new", "--collaborator", "registry", "--member", "..", "--passphrase-file", "@passphrase")]
    [InlineData("keys", "new", "--collaborator", "registry", "--passphrase-file", "@missing")]
    [InlineData("keys", "new", "--collaborator", "registry", "--passphrase-file", "@short")]
    [InlineData("keys", "new", "--collaborator", "registry")]
    [InlineData("member", "invite")]
    [InlineData("member", "invite", "--accept", "@garbage")]
    [InlineData("room", "verify", "room.test")]
    [InlineData("attest", "verify", "--evidence", "@missing")]
    [InlineData("attest", "verify", "--evidence", "@garbage", "--at", "yesterday")]
    [InlineData("receipt", "verify", "@missing")]
    [InlineData("receipt", "verify", "@garbage", "--at", "yesterday")]
    [InlineData("log", "audit", "@missing")]
    [InlineData("log", "audit", "@garbage")]
    [InlineData("query", "list", "--passphrase-file", "@passphrase")]
    [InlineData("result", "get", "abcd", "--passphrase-file", "@passphrase")]
    [InlineData("nonsense")]
    [InlineData("query", "submit", "--nonsense")]
    public async Task A_missing_or_garbled_input_is_a_clear_usage_error(params string[] args)
    {
        using var user = new CliUser(await World.MakeAsync());
        File.WriteAllText(user.File_("garbage"), "{\"type\":1}");
        File.WriteAllText(user.File_("short"), "1234567\n");
        (await user.RunAsync(args)).Should().Be(1);
        user.Messages.Should().NotBeEmpty().And.NotContain("bug");
    }

    [Theory]
    [InlineData("bob", "77", "a name among admin, owner, analyst, approver, receiver, auditor")]
    [InlineData("bob", "-1", "'-1' is no option of this command")]
    [InlineData("bob", "owner,auditor", "a name among admin")]
    [InlineData("bob", "Owner", "a name among admin")]
    [InlineData("Bob/X", "auditor", "a member of the form [a-z][a-z0-9_.-]{0,62}")]
    [InlineData("bob/x", "auditor", "a member of the form")]
    [InlineData("", "auditor", "a member of the form")]
    public async Task A_delegation_of_a_bad_name_or_role_is_not_signed(string member, string role, string wanted)
    {
        using var user = await scenes.KeysAsync();
        await user.ShowAsync("keys", "export", "--collaborator", "registry", "--member", "ada", "--card", "--out", "@card");
        (await user.RunAsync(
            "member", "delegate", "--collaborator", "registry", "--member", member, "--card", "@card", "--roles", role,
            "--out", "@delegation", "--passphrase-file", "@passphrase")).Should().Be(1);
        user.Messages.Should().Contain(wanted);
        File.Exists(user.File_("delegation")).Should().BeFalse();
    }

    [Theory]
    [InlineData("1")]
    [InlineData("csv,arrow")]
    public async Task A_format_is_one_of_its_names(string format)
    {
        using var user = new CliUser(await World.MakeAsync());
        (await user.RunAsync("result", "get", "abcd", "--to", format)).Should().Be(1);
        user.Messages.Should().Contain("a name among arrow, csv, parquet");
    }

    [Theory]
    [InlineData("member", "delegate", "--collaborator", "registry", "--member", "ada", "--out", "@out", "--roles", "owner")]
    [InlineData("query", "submit", "--template", "t", "--parameter", "a=b")]
    [InlineData("query", "submit", "--sql", "@garbage", "--receiver", "registry")]
    [InlineData("query", "explain", "--contract", "@garbage", "--as", "registry", "--sql", "@garbage")]
    [InlineData("contract", "propose", "@garbage", "--to", "http://room.test", "--delegation", "@garbage")]
    [InlineData("contract", "new", "--root-key", "registry=AAAA")]
    public async Task An_option_that_the_command_does_not_have_is_no_value_of_the_one_before(params string[] args)
    {
        using var user = new CliUser(await World.MakeAsync());
        foreach (var unknown in (string[])["--typo", "-t"])
        {
            (await user.RunAsync([.. args, unknown])).Should().Be(1);
            user.Messages.Should().Contain($"'{unknown}' is no option of this command");
        }
    }

    [Theory]
    [InlineData("--days from 1 to 36500", "query", "submit", "--sql", "@garbage", "--days")]
    [InlineData("--days from 1 to 36500", "query", "approve", "abcd", "--verdict", "abcd", "--reason", "fine", "--days")]
    [InlineData("--days from 1 to 36500", "contract", "new", "--days")]
    [InlineData("--days from 1 to 36500", "member", "delegate", "--collaborator", "registry", "--member", "ada", "--roles", "owner", "--days")]
    [InlineData("--every from 1 to 86400", "log", "witness", "http://room.test", "--every")]
    [InlineData("--port from 0 to 65535", "demo", "--port")]
    public async Task A_number_out_of_its_range_is_refused_with_the_range(string wanted, params string[] args)
    {
        using var user = new CliUser(await World.MakeAsync());
        foreach (var number in (string[])["3000000", "-1", "many", "99999999999"])
        {
            (await user.RunAsync([.. args, number])).Should().Be(1);
            user.Messages.Should().Contain($"wanted {wanted}; got '{number}'");
        }
    }

    [Fact]
    public async Task The_longest_delegation_is_signed()
    {
        using var user = await scenes.KeysAsync();
        await user.DoAsync("member", "delegate", "--collaborator", "registry", "--member", "ada", "--roles", "owner", "--days", "36500", "--out", "@delegation");
        File.Exists(user.File_("delegation")).Should().BeTrue();
    }

    [Theory]
    [InlineData("contract", "validate")]
    [InlineData("dataset", "inspect")]
    [InlineData("log", "audit")]
    [InlineData("receipt", "verify")]
    [InlineData("member", "invite", "--accept")]
    public async Task A_pipe_or_a_device_in_place_of_a_file_is_refused(params string[] args)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using var user = new CliUser(await World.MakeAsync());
        using (var made = Process.Start("mkfifo", [user.File_("pipe")]))
        {
            await made.WaitForExitAsync(World.Cancel);
        }

        // Somebody who might write: without, whoever opens a pipe waits.
        using var writer = new FileStream(user.File_("pipe"), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        foreach (var path in (string[])[user.File_("pipe"), "/dev/zero"])
        {
            (await user.RunAsync([.. args, path])).Should().Be(1);
            user.Messages.Should().Contain($"a pipe or a device at {path}");
        }
    }

    [Fact]
    public async Task Garbled_evidence_and_receipts_are_invalid_proofs()
    {
        using var user = new CliUser(await World.MakeAsync());
        File.WriteAllText(user.File_("garbage"), "{\"type\":1}");
        (await user.RunAsync("receipt", "verify", "@garbage")).Should().Be(2);
        (await user.RunAsync("attest", "verify", "--evidence", "@garbage")).Should().Be(2);
    }

    [Fact]
    public async Task Recovery_of_a_room_without_shares_is_refused_in_words()
    {
        var (_, users) = await scenes.AgreedAsync();
        (await users[0].RunAsync("recover", "http://room.test", "--passphrase-file", users[0].File_("passphrase"))).Should().Be(5);
        users[0].Messages.Should().StartWith("cleanroom: not-permitted").And.Contain("recovery.k").And.Contain("propose the contract anew");
        (await users[0].RunAsync("recover", "http://room.test", "--release", "--passphrase-file", users[0].File_("passphrase"))).Should().Be(1, "a release has a reason");
    }

    [Fact]
    public async Task A_room_that_does_not_answer_is_a_network_error()
    {
        var world = await World.MakeAsync();
        using var user = new CliUser(world);
        world.Node.Middle = _ => throw new HttpRequestException(HttpRequestError.ConnectionError);
        (await user.RunAsync("room", "verify", "http://room.test")).Should().Be(6);
    }

    [Fact]
    public async Task A_key_is_never_overwritten_and_opens_with_its_passphrase_only()
    {
        using var user = new CliUser(await World.MakeAsync());
        await user.DoAsync("keys", "new", "--collaborator", "registry", "--member", "ada");
        var path = user.Json["file"]!.ToString();
        var before = File.ReadAllBytes(path);
        (await user.RunAsync("keys", "new", "--collaborator", "registry", "--member", "ada", "--passphrase-file", user.File_("passphrase"))).Should().Be(1);
        File.ReadAllBytes(path).Should().Equal(before);

        await user.ShowAsync("keys", "export", "--collaborator", "registry", "--member", "ada", "--out", "@exported");
        File.WriteAllText(user.File_("other"), "another passphrase");
        (await user.RunAsync(
            "keys", "import", "@exported", "--collaborator", "registry", "--member", "bob", "--passphrase-file", user.File_("other"))).Should().Be(2);
        await user.DoAsync("keys", "import", "@exported", "--collaborator", "registry", "--member", "bob");
        user.Json["sign"]!.ToString().Should().NotBeEmpty();
    }

    [Fact]
    public async Task A_passphrase_is_typed_twice_for_new_keys()
    {
        using var user = new CliUser(await World.MakeAsync()) { Typed = new Queue<string>(["correct horse", "another horse"]) };
        (await user.RunAsync("keys", "new", "--collaborator", "registry")).Should().Be(1);
        user.Typed = new Queue<string>(["correct horse", "correct horse"]);
        (await user.RunAsync("keys", "new", "--collaborator", "registry")).Should().Be(0);
    }

    [Fact]
    public async Task What_a_profile_keeps_is_for_its_owner_alone()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using var user = new CliUser(await World.MakeAsync());
        await user.DoAsync("keys", "new", "--collaborator", "registry");
        var file = user.Json["file"]!.ToString();
        File.GetUnixFileMode(file).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.GetUnixFileMode(Path.GetDirectoryName(file)!).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [Fact]
    public async Task A_remembered_checkpoint_is_not_replaced_by_a_shorter_one()
    {
        var world = await World.ActiveAsync();
        using var user = new CliUser(world);
        var memory = new FileRoomMemory(new ProfileDirectory(user.Profile));
        var log = world.Room.Log!;
        var record = world.Registry.Memory.Record! with { Checkpoint = log.Note };
        (await memory.SaveAsync(record, World.Cancel)).Should().BeNull();
        (await memory.SaveAsync(record with { Checkpoint = log.Copy(2).Note }, World.Cancel)).Should().BeNull();
        (await memory.SaveAsync(RoomRecord.Invited(record.Collaboration, record.Contract), World.Cancel)).Should().BeNull();
        (await memory.LoadAsync(record.Collaboration, World.Cancel)).Value.Checkpoint.Should().Be(log.Note);
    }

    [Fact]
    public async Task What_was_seen_of_a_budget_log_is_not_replaced_by_less()
    {
        var world = await World.ActiveAsync();
        using var user = new CliUser(world);
        var profile = new ProfileDirectory(user.Profile);
        var memory = new FileRoomMemory(profile);
        var (name, log) = (new string('b', 64), world.Room.Log!);
        (await memory.LoadBudgetLogAsync(name, World.Cancel)).Value.Should().Be(RoomBudgets.Nothing);
        (await memory.SaveBudgetLogAsync(name, log.Note, World.Cancel)).Should().BeNull();
        (await memory.SaveBudgetLogAsync(name, log.Copy(2).Note, World.Cancel)).Should().BeNull();
        (await memory.LoadBudgetLogAsync(name, World.Cancel)).Value.Should().Be(log.Note);
        profile.Collaborations().Should().BeEmpty("a budget log is no room");
    }

    [Fact]
    public async Task Memory_that_was_garbled_is_refused_and_kept()
    {
        var world = await World.ActiveAsync();
        using var user = new CliUser(world);
        var profile = new ProfileDirectory(user.Profile);
        var memory = new FileRoomMemory(profile);
        var record = world.Registry.Memory.Record!;
        await memory.SaveAsync(record, World.Cancel);
        var path = Path.Combine(profile.RoomFolder(record.Collaboration), "room.json");
        File.WriteAllText(path, "{");
        (await memory.LoadAsync(record.Collaboration, World.Cancel)).Refusals.Select(r => r.Code).Should().Equal(RefusalCode.JsonInvalid);
        (await memory.SaveAsync(record, World.Cancel))!.Code.Should().Be(RefusalCode.JsonInvalid);
        File.ReadAllText(path).Should().Be("{");
    }

    [Fact]
    public async Task A_room_that_the_profile_does_not_know_is_told_as_the_interface_says()
    {
        var world = await World.ActiveAsync();
        using var user = new CliUser(world);
        var memory = new FileRoomMemory(new ProfileDirectory(user.Profile));
        (await memory.LoadAsync(world.Registry.Memory.Record!.Collaboration, World.Cancel)).Refusals.Select(r => r.Code)
            .Should().Equal(RefusalCode.ContractNotActive);
    }

    [Fact]
    public async Task A_profile_that_cannot_be_written_is_told_at_once_and_left_as_it_was()
    {
        var world = await World.ActiveAsync();
        using var user = new CliUser(world);
        var profile = new ProfileDirectory(user.Profile);
        var record = world.Registry.Memory.Record!;
        Directory.CreateDirectory(Path.Combine(user.Profile, "rooms"));
        File.WriteAllText(profile.RoomFolder(record.Collaboration), "a file in place of the folder");
        (await new FileRoomMemory(profile).SaveAsync(record, World.Cancel))!.Got.Should().EndWith("lock").And.StartWith("not ");

        // A folder in place of the file: the bytes cannot take its name, and do not stay under another.
        var path = Path.Combine(user.Profile, "taken");
        Directory.CreateDirectory(path);
        ProfileFiles.Write(path, [1])!.Code.Should().Be(RefusalCode.StorageFailed);
        ProfileFiles.WriteNew(path, [1])!.Code.Should().Be(RefusalCode.DocumentInvalid);
        Directory.GetFileSystemEntries(user.Profile, "taken*").Should().Equal(path);
    }

    [Fact]
    public void The_weightiest_refusal_decides_the_exit_code()
    {
        ExitCodes.Of([new(RefusalCode.EvidenceNotAccepted, "a", "b"), new(RefusalCode.BindingMismatch, "a", "b")]).Should().Be(2);
        ExitCodes.Of([new(RefusalCode.JsonInvalid, "a", "b"), new(RefusalCode.Unavailable, "a", "b")]).Should().Be(6);
        foreach (var code in Enum.GetValues<RefusalCode>())
        {
            ExitCodes.Of([new Refusal(code, "a", "b")]).Should().Be(ExitCodes.Of(code)).And.BeInRange(1, 6);
        }
    }

    [Fact]
    public void Words_of_other_parties_do_not_steer_the_terminal() =>
        CliHost.Plain("a\u001b[2Jb\u009bc\rd").Should().Be("a?[2Jb?c?d");
}
