using System.Text.Json.Nodes;
using CleanRoom.TestKit.Storage;

namespace CleanRoom.EndToEnd.Tests.Faults;

/// <summary>Two silos, a gateway and a database, of which something dies every two seconds.</summary>
internal sealed class FaultyCluster : IAsyncDisposable
{
    private static readonly TimeSpan _pace = TimeSpan.FromSeconds(2);

    private readonly TemporaryDirectory _files = new();
    private readonly Random _random;
    private readonly PostgresServer _database;
    private readonly SupervisedMember[] _silos;

    private FaultyCluster(PostgresServer database, int seed)
    {
        (_database, _random) = (database, new Random(seed));
        File.WriteAllText(_files.File("connection"), database.ConnectionString);
        var settings = new JsonObject
        {
            ["postgres"] = new JsonObject { ["connectionFile"] = _files.File("connection") },
            ["objectsDirectory"] = Objects.FullName,
        };
        _silos = [new(_files.Path, "one", "silo", settings), new(_files.Path, "two", "silo", settings)];
        Gateway = new(_files.Path, "edge", "gateway", settings);
    }

    /// <summary>Gets what the clients speak with.</summary>
    public SupervisedMember Gateway { get; }

    /// <summary>Gets the folder of sealed objects.</summary>
    public DirectoryInfo Objects => new(_files.File("objects"));

    /// <summary>Gets how often each kind of fault was injected.</summary>
    public SortedDictionary<string, int> Injected { get; } = new(StringComparer.Ordinal);

    /// <summary>Gets what every member has logged.</summary>
    public string Log => string.Join("\n", _silos.Append(Gateway).Select(member => member.Log));

    /// <summary>Starts all of it.</summary>
    /// <param name="seed">Decides what dies when.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    public static async Task<FaultyCluster> StartAsync(int seed, CancellationToken cancellationToken)
    {
        var cluster = new FaultyCluster(await PostgresServer.StartAsync(cancellationToken), seed);
        foreach (var member in cluster._silos.Append(cluster.Gateway))
        {
            await member.StartAsync(cancellationToken);
        }

        return cluster;
    }

    /// <summary>Injects a fault every two seconds until it is cancelled; everything runs again then.</summary>
    public async Task HarmAsync(CancellationToken until)
    {
        using var timer = new PeriodicTimer(_pace);
        try
        {
            while (await timer.WaitForNextTickAsync(until))
            {
                await HarmOnceAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // Enough.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        foreach (var silo in _silos)
        {
            await silo.DisposeAsync();
        }

        await _database.DisposeAsync();
        _files.Dispose();
    }

    private async Task HarmOnceAsync()
    {
        var silo = _silos[_random.Next(_silos.Length)];
        var (fault, isDone) = _random.Next(8) switch
        {
            < 3 => ("silo killed", silo.Kill()),
            < 5 => ("gateway killed", Gateway.Kill()),
            < 7 => ("engine killed", silo.KillEngine(_random)),
            _ => ("database killed and started", await RestartDatabaseAsync()),
        };
        if (isDone)
        {
            Injected[fault] = Injected.GetValueOrDefault(fault) + 1;
        }
    }

    private async Task<bool> RestartDatabaseAsync()
    {
        await _database.KillAsync();
        await _database.StartAgainAsync(CancellationToken.None);
        return true;
    }
}
