using System.Text.Json.Nodes;
using CleanRoom.EndToEnd.Tests.Support;

namespace CleanRoom.EndToEnd.Tests.Cli;

/// <summary>Where and how the program keeps keys: never in the folder that it happens to be started in, and never half.</summary>
public sealed class ProfileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cleanroom-e2e-profile-");

    [Fact]
    public async Task Keys_land_in_the_configuration_folder_of_a_home_that_has_none_yet()
    {
        var home = _folder.CreateSubdirectory("home").FullName;

        var run = await NewKeysAsync(home);

        run.ExitCode.Should().Be(0, run.Error);
        JsonNode.Parse(run.Output)!["file"]!.GetValue<string>().Should().Be(Path.Combine(home, ".config", "cleanroom", "keys", "registry", "root.key"));
        File.Exists(Path.Combine(home, ".config", "cleanroom", "keys", "registry", "root.key")).Should().BeTrue();
    }

    [Fact]
    public async Task Keys_are_not_made_for_a_home_that_depends_on_the_current_folder()
    {
        var run = await NewKeysAsync("here");

        run.ExitCode.Should().Be(1, run.Error);
        run.Error.Should().Contain("--profile").And.NotContain("bug");
        _folder.GetFileSystemInfos("*", SearchOption.AllDirectories).Select(found => found.Name).Should().Equal("passphrase");
    }

    [Fact]
    public async Task Keys_new_killed_while_it_writes_leaves_no_half_key_file()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        var profile = _folder.CreateSubdirectory("profile").FullName;
        var passphrase = await PassphraseAsync();
        string[] arguments = ["keys", "new", "--collaborator", "registry", "--profile", profile, "--passphrase-file", passphrase];

        (await CleanRoomProgram.RunWithoutDiskAsync(arguments)).ExitCode.Should().NotBe(0);

        Directory.GetFiles(profile, "*", SearchOption.AllDirectories).Should().ContainSingle("it was killed in the middle");
        Directory.GetFiles(profile, "*.key", SearchOption.AllDirectories).Should().BeEmpty();
        var again = await CleanRoomProgram.RunAsync(arguments);
        again.ExitCode.Should().Be(0, again.Error);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private async Task<ProgramRun> NewKeysAsync(string home)
    {
        var passphrase = await PassphraseAsync();
        return await CleanRoomProgram.RunAtHomeAsync(
            home, _folder.FullName, "keys", "new", "--collaborator", "registry", "--json", "--passphrase-file", passphrase);
    }

    private async Task<string> PassphraseAsync()
    {
        var passphrase = Path.Combine(_folder.FullName, "passphrase");
        await File.WriteAllTextAsync(passphrase, "correct horse battery\n", TestContext.Current.CancellationToken);
        return passphrase;
    }
}
