using System.Text.Json.Nodes;
using CleanRoom.EndToEnd.Tests.Support;

namespace CleanRoom.EndToEnd.Tests.Cli;

/// <summary>Where the program keeps keys when nobody says where: never in the folder that it happens to be started in.</summary>
public sealed class DefaultProfileTests : IDisposable
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

    public void Dispose() => _folder.Delete(recursive: true);

    private async Task<ProgramRun> NewKeysAsync(string home)
    {
        var passphrase = Path.Combine(_folder.FullName, "passphrase");
        await File.WriteAllTextAsync(passphrase, "correct horse battery\n", TestContext.Current.CancellationToken);
        return await CleanRoomProgram.RunAtHomeAsync(
            home, _folder.FullName, "keys", "new", "--collaborator", "registry", "--json", "--passphrase-file", passphrase);
    }
}
