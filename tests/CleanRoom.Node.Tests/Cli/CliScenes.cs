using CleanRoom.Node.Tests.Cli;
using CleanRoom.Node.Tests.Client.Support;

[assembly: AssemblyFixture(typeof(CliScenes))]

namespace CleanRoom.Node.Tests.Cli;

/// <summary>What many tests of the command line begin from: made once by its verbs, then copied, since every opening of a key costs a passphrase's derivation.</summary>
public sealed class CliScenes : IAsyncDisposable
{
    private readonly Lazy<Task<(World World, CliUser[] Users)>> _keys = new(MakeKeysAsync);
    private readonly Lazy<Task<(World World, CliUser[] Users)>> _agreed = new(MakeAgreedAsync);

    /// <summary>Returns the registry's command line with a root key and ada's keys.</summary>
    internal async Task<CliUser> KeysAsync()
    {
        var (world, users) = await _keys.Value;
        return users[0].Copy(await world.CopyAsync());
    }

    /// <summary>Returns registry, laboratory and hospital, who have all signed the contract.</summary>
    internal async Task<(World World, CliUser[] Users)> AgreedAsync()
    {
        var (made, users) = await _agreed.Value;
        var world = await made.CopyAsync();
        return (world, [.. users.Select(user => user.Copy(world))]);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var scene in new[] { _keys, _agreed }.Where(scene => scene.IsValueCreated))
        {
            foreach (var user in (await scene.Value).Users)
            {
                user.Dispose();
            }
        }
    }

    private static async Task<(World World, CliUser[] Users)> MakeKeysAsync()
    {
        var world = await World.MakeAsync();
        var user = new CliUser(world);
        await user.DoAsync("keys", "new", "--collaborator", "registry");
        await user.DoAsync("keys", "new", "--collaborator", "registry", "--member", "ada");
        return (world, [user]);
    }

    private static async Task<(World World, CliUser[] Users)> MakeAgreedAsync()
    {
        var world = await World.MakeAsync();
        CliUser[] users = [new(world), new(world), new(world)];
        await StoryTests.AgreeAsync(users);
        return (world, users);
    }
}
