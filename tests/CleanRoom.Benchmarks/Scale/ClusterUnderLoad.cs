using System.Globalization;
using System.Text.Json.Nodes;
using CleanRoom.Benchmarks.Load;
using CleanRoom.Benchmarks.Rooms;
using CleanRoom.TestKit;
using CleanRoom.TestKit.Storage;

namespace CleanRoom.Benchmarks.Scale;

/// <summary>Silos with a processor each, a gateway, and the database and folder of objects that they share.</summary>
internal sealed class ClusterUnderLoad : IServedNode
{
    private readonly TemporaryDirectory _files;
    private readonly PostgresServer _database;
    private readonly List<NodeUnderLoad> _members = [];

    private ClusterUnderLoad(TemporaryDirectory files, PostgresServer database) => (_files, _database) = (files, database);

    /// <inheritdoc/>
    public string Address => _members[^1].Address;

    /// <inheritdoc/>
    public string Build => _members[^1].Build;

    /// <inheritdoc/>
    public string Data => _members[^1].Data;

    /// <summary>Gets the silos' processes. The gateway's is not among them: it is the same for any number of silos.</summary>
    public IReadOnlyList<int> Processes => [.. _members.SkipLast(1).SelectMany(member => member.Processes)];

    /// <summary>Starts it.</summary>
    /// <param name="silos">How many; each is held to one processor.</param>
    /// <param name="settings">Added to every configuration.</param>
    public static async Task<ClusterUnderLoad> StartAsync(int silos, JsonObject settings)
    {
        var files = new TemporaryDirectory();
        var cluster = new ClusterUnderLoad(files, await PostgresServer.StartAsync(CancellationToken.None));
        try
        {
            await File.WriteAllTextAsync(files.File("connection"), cluster._database.ConnectionString);
            for (var silo = 0; silo < silos; silo++)
            {
                var name = string.Create(CultureInfo.InvariantCulture, $"silo-{silo}");
                cluster._members.Add(await NodeUnderLoad.StartAsync(
                    cluster.Member(name, settings), "silo", "taskset", "-c", silo.ToString(CultureInfo.InvariantCulture)));
            }

            cluster._members.Add(await NodeUnderLoad.StartAsync(cluster.Member("edge", settings), "gateway"));
            return cluster;
        }
        catch
        {
            cluster.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var member in Enumerable.Reverse(_members))
        {
            member.Dispose();
        }

        // The database's end is waited for: its files are below the folder that goes next.
        _database.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _files.Dispose();
    }

    private JsonObject Member(string name, JsonObject settings)
    {
        var member = (JsonObject)settings.DeepClone();
        member["postgres"] = new JsonObject { ["connectionFile"] = _files.File("connection") };
        member["objectsDirectory"] = _files.File("objects");
        member["cluster"] = new JsonObject { ["name"] = name, ["siloPort"] = FreePort.Find(), ["gatewayPort"] = FreePort.Find() };
        return member;
    }
}
