using System.Net;
using System.Text.Json.Nodes;
using CleanRoom.TestKit.Network;
using CleanRoom.TestKit.Storage;

namespace CleanRoom.EndToEnd.Tests.Faults;

/// <summary>
/// Two silos on machines of a network of their own, where one can be made, a gateway, a database and a server of objects. Every two seconds something is
/// done to one of them, which lasts until the next where it lasts at all.
/// </summary>
internal sealed class FaultyCluster : IAsyncDisposable
{
    private static readonly TimeSpan _pace = TimeSpan.FromSeconds(2);

    private static readonly WireFault[] _ofObjects = [WireFault.Busy, WireFault.Slow, WireFault.Cut, WireFault.Stale, WireFault.Full];

    private readonly TemporaryDirectory _files = new();
    private readonly Random _random;
    private readonly PostgresServer _database;
    private readonly ObjectServer _objects;
    private readonly PrivateNetwork? _network = PrivateNetwork.Missing is null ? PrivateNetwork.Make() : null;
    private readonly UnreliableWire _wire;
    private readonly string[] _names = ["one", "two"];
    private readonly SupervisedMember[] _silos;
    private Action _mend = () => { };

    private FaultyCluster(PostgresServer database, ObjectServer objects, int seed)
    {
        (_database, _objects, _random) = (database, objects, new Random(seed));
        _wire = UnreliableWire.Before(_network?.Own ?? IPAddress.Loopback, objects.Endpoint);
        File.WriteAllText(_files.File("connection"), database.ConnectionString);
        var settings = new JsonObject
        {
            ["postgres"] = new JsonObject { ["connectionFile"] = _files.File("connection") },
            ["s3"] = new JsonObject { ["bucket"] = ObjectServer.Bucket, ["endpoint"] = _wire.Address, ["credentialsFile"] = objects.CredentialsFile },
        };
        _silos = [.. _names.Select(name => new SupervisedMember(_files.Path, name, "silo", settings, _network is null ? null : (_network.Join(name), _network.On(name))))];
        Gateway = new(_files.Path, "edge", "gateway", settings);
    }

    /// <summary>Gets why none can be started here; null when one can.</summary>
    public static string? Missing => PostgresServer.Missing ?? ObjectServer.Missing;

    /// <summary>Gets why no network is cut here; null when networks are.</summary>
    public static string? Uncut => PrivateNetwork.Missing;

    /// <summary>Gets what the clients speak with.</summary>
    public SupervisedMember Gateway { get; }

    /// <summary>Gets the folder of sealed objects.</summary>
    public DirectoryInfo Objects => new(_objects.Objects);

    /// <summary>Gets how often each kind of fault was injected.</summary>
    public SortedDictionary<string, int> Injected { get; } = new(StringComparer.Ordinal);

    /// <summary>Gets what every member has logged.</summary>
    public string Log => string.Join("\n", _silos.Append(Gateway).Select(member => member.Log));

    /// <summary>Starts all of it.</summary>
    /// <param name="seed">Decides what happens when.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    public static async Task<FaultyCluster> StartAsync(int seed, CancellationToken cancellationToken)
    {
        var cluster = new FaultyCluster(
            await PostgresServer.StartAsync(cancellationToken), await ObjectServer.StartS3Async(isConditional: true, cancellationToken), seed);
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
                _mend();
                _mend = () => { };
                if (await HarmOnceAsync() is { } fault)
                {
                    Injected[fault] = Injected.GetValueOrDefault(fault) + 1;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Enough.
        }

        _mend();
    }

    public async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        foreach (var silo in _silos)
        {
            await silo.DisposeAsync();
        }

        await _wire.DisposeAsync();
        _network?.Dispose();
        await _objects.DisposeAsync();
        await _database.DisposeAsync();
        _files.Dispose();
    }

    /// <summary>Does something, and says how it ends; returns what was done, or null when there was nothing to do it to.</summary>
    private async Task<string?> HarmOnceAsync()
    {
        var which = _random.Next(_silos.Length);
        var silo = _silos[which];
        switch (_random.Next(12))
        {
            case < 2:
                return silo.Kill() ? "silo killed" : null;
            case 2:
                return Gateway.Kill() ? "gateway killed" : null;
            case 3:
                return silo.KillEngine(_random) ? "engine killed" : null;
            case 4:
                await _database.KillAsync();
                await _database.StartAgainAsync(CancellationToken.None);
                return "database killed and started";
            case 5:
                _mend = () => silo.Freeze(isFrozen: false);
                return silo.Freeze(isFrozen: true) ? "silo frozen" : null;
            case < 8 when _network is not null:
                _mend = () => _network.Mend(_names[which]);
                _network.Cut(_names[which]);
                return "silo's network cut";
            default:
                var fault = _ofObjects[_random.Next(_ofObjects.Length)];
                _mend = () => _wire.Turn(WireFault.None);
                _wire.Turn(fault);
                return "objects " + fault.ToString().ToLowerInvariant();
        }
    }
}
