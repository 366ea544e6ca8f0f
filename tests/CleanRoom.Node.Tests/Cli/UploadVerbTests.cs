using CleanRoom.Node.Tests.Client.Support;

namespace CleanRoom.Node.Tests.Cli;

/// <summary><c>dataset seal</c> and <c>dataset upload</c> that were killed, and started again as they were.</summary>
public sealed class UploadVerbTests(CliScenes scenes) : IDisposable
{
    private const string Row = "id,age,male,weight,height,bmi,case_id,futime,status\n1,57,0,60.5,163,22.6,,6261,0\n";

    private readonly List<CliUser> _users = [];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task An_upload_killed_before_a_statement_arrived_makes_no_second_version(int arrived)
    {
        var (world, registry) = await ReadyAsync();
        string[] upload = ["dataset", "upload", "@people.csv", "--dataset", "registry.people"];
        await KilledAsync(world, registry, arrived, upload);

        await registry.DoAsync(upload);

        await OneVersionAsync(world, registry);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_sealed_upload_killed_before_a_statement_arrived_makes_no_second_version(int arrived)
    {
        var (world, registry) = await ReadyAsync();
        await registry.DoAsync("dataset", "seal", "@people.csv", "--dataset", "registry.people", "--out", "@sealed");
        string[] upload = ["dataset", "upload", "--sealed", "@sealed"];
        await KilledAsync(world, registry, arrived, upload);

        await registry.DoAsync(upload);

        await OneVersionAsync(world, registry);
    }

    [Fact]
    public async Task A_sealed_folder_that_is_not_this_ones_is_refused_by_name_and_kept()
    {
        var (_, registry) = await ReadyAsync();
        var state = registry.File_("sealed/upload.json");
        string[] seal = ["dataset", "seal", "@people.csv", "--dataset", "registry.people", "--out", "@sealed"];
        await registry.DoAsync(seal);
        var anothers = File.ReadAllText(state).Replace("registry.people", "registry.others", StringComparison.Ordinal);
        foreach (var content in (string[])["{", string.Empty, anothers])
        {
            File.WriteAllText(state, content);

            (await registry.RunAsync([.. seal, "--passphrase-file", "@passphrase"])).Should().NotBe(0);

            registry.Messages.Should().Contain("upload.json").And.NotContain("bug");
            File.ReadAllText(state).Should().Be(content);
        }
    }

    public void Dispose() => _users.ForEach(user => user.Dispose());

    private static async Task KilledAsync(World world, CliUser user, int arrived, string[] args)
    {
        world.Node.Middle = request => request.RequestUri!.AbsolutePath.EndsWith("statements", StringComparison.Ordinal) && arrived-- <= 0
            ? throw new HttpRequestException(HttpRequestError.ConnectionError)
            : Task.FromResult<HttpResponseMessage?>(null);
        await user.RunAsync([.. args, "--passphrase-file", "@passphrase"]);
        world.Node.Middle = _ => Task.FromResult<HttpResponseMessage?>(null);
    }

    private static async Task OneVersionAsync(World world, CliUser user)
    {
        world.Room.Log!.State.Datasets.Values.Should().ContainSingle().Which.Grant.Should().NotBeNull();
        var status = (await user.DoAsync("dataset", "status")).AsArray();
        status.Should().ContainSingle().Which!["state"]!.ToString().Should().Be("accepted");
    }

    private async Task<(World World, CliUser Registry)> ReadyAsync()
    {
        var (world, users) = await scenes.AgreedAsync();
        _users.AddRange(users);
        File.WriteAllText(_users[0].File_("people.csv"), Row);
        return (world, _users[0]);
    }
}
