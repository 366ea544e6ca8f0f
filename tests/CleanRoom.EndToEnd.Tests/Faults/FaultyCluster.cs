using System.Net;
using System.Text.Json.Nodes;
using CleanRoom.TestKit;
using CleanRoom.TestKit.Network;
using CleanRoom.TestKit.Storage;
using Npgsql;

namespace CleanRoom.EndToEnd.Tests.Faults;

/// <summary>
/// Two silos on machines of a network of their own, where one can be made, a gateway, a database and a server of objects. Every two seconds something is
/// done to one of them, which lasts until the next where it lasts at all. Datasets have partitions, so that a query runs on both silos.
/// </summary>
internal sealed class FaultyCluster : IAsyncDisposable
{
    private const int PartitionBytes = 256 << 10;
    private const int DiskMegabytes = 256;

    private static readonly TimeSpan _pace = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan _hour = TimeSpan.FromHours(1);

    /// <summary>So that its log takes less of a small disk than its pages.</summary>
    private static readonly string[] _ofDatabase = ["max_wal_size=64MB", "min_wal_size=32MB"];

    private static readonly WireFault[] _ofObjects = [WireFault.Busy, WireFault.Slow, WireFault.Cut, WireFault.Stale, WireFault.Full];

    private readonly TemporaryDirectory _files = new();
    private readonly Random _random;
    private readonly SmallDisk? _disk;
    private readonly PostgresServer _database;
    private readonly ObjectServer _objects;
    private readonly PrivateNetwork? _network = PrivateNetwork.Missing is null ? PrivateNetwork.Make() : null;
    private readonly UnreliableWire _wire;
    private readonly string[] _names = ["one", "two"];
    private readonly MovableClock[] _clocks = [];
    private readonly SupervisedMember[] _silos;
    private Func<Task> _mend = () => Task.CompletedTask;
    private (SupervisedMember Silo, int Start)? _declaredDead;
    private int _openedBeside;

    private FaultyCluster(PostgresServer database, SmallDisk? disk, ObjectServer objects, int seed)
    {
        (_database, _disk, _objects, _random) = (database, disk, objects, new Random(seed));
        _wire = UnreliableWire.Before(_network?.Own ?? IPAddress.Loopback, objects.Endpoint);
        File.WriteAllText(_files.File("connection"), database.ConnectionString);
        var settings = new JsonObject
        {
            ["postgres"] = new JsonObject { ["connectionFile"] = _files.File("connection") },
            ["s3"] = new JsonObject { ["bucket"] = ObjectServer.Bucket, ["endpoint"] = _wire.Address, ["credentialsFile"] = objects.CredentialsFile },
            ["ingest"] = new JsonObject { ["partitionBytes"] = PartitionBytes },
            ["limits"] = new JsonObject { ["runBytes"] = PartitionBytes },
        };
        _clocks = MovableClock.Missing is null ? [.. _names.Select(name => new MovableClock(_files.File(name + "-clock")))] : [];
        _silos = [.. _names.Select((name, which) => new SupervisedMember(
            _files.Path, name, "silo", settings, _network?.Join(name), [.. _network?.On(name) ?? [], .. _clocks.Length > 0 ? _clocks[which].With : []]))];
        Gateway = new(_files.Path, "edge", "gateway", settings);
        foreach (var silo in _silos)
        {
            silo.Hears = line => Hear(silo, line);
        }
    }

    /// <summary>Gets why none can be started here; null when one can.</summary>
    public static string? Missing => PostgresServer.Missing ?? ObjectServer.Missing;

    /// <summary>Gets what cannot be done here, with the reasons; empty when everything can.</summary>
    public static IReadOnlyList<string> Undone => [.. new[] { PrivateNetwork.Missing, PrivateNetwork.SlownessMissing, MovableClock.Missing, SmallDisk.Missing, ForgetfulKernel.Missing }.OfType<string>()];

    /// <summary>Gets what the clients speak with.</summary>
    public SupervisedMember Gateway { get; }

    /// <summary>Gets the folder of sealed objects.</summary>
    public DirectoryInfo Objects => new(_objects.Objects);

    /// <summary>Gets how often each kind of fault was injected.</summary>
    public SortedDictionary<string, int> Injected { get; } = new(StringComparer.Ordinal);

    /// <summary>Gets how often a silo opened every room while the one that was declared dead still ran: two activations of each room that it had.</summary>
    public int OpenedBeside => Volatile.Read(ref _openedBeside);

    /// <summary>Gets what every member has logged.</summary>
    public string Log => string.Join("\n", _silos.Append(Gateway).Select(member => member.Log));

    /// <summary>Starts all of it.</summary>
    /// <param name="seed">Decides what happens when.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    public static async Task<FaultyCluster> StartAsync(int seed, CancellationToken cancellationToken)
    {
        var disk = SmallDisk.Missing is null ? SmallDisk.Make(DiskMegabytes) : null;
        var database = disk is null
            ? await PostgresServer.StartAsync(cancellationToken, _ofDatabase)
            : await PostgresServer.StartOnAsync(disk.Folder.CreateSubdirectory("postgres"), cancellationToken, _ofDatabase);
        var cluster = new FaultyCluster(database, disk, await ObjectServer.StartS3Async(isConditional: true, cancellationToken), seed);
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
                await _mend();
                _mend = () => Task.CompletedTask;
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

        await _mend();
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
        _disk?.Dispose();
        _files.Dispose();
    }

    /// <summary>Does something, and says how it ends; returns what was done, or null when there was nothing to do it to.</summary>
    private async Task<string?> HarmOnceAsync()
    {
        var which = _random.Next(_silos.Length);
        var silo = _silos[which];
        switch (_random.Next(18))
        {
            case < 2:
                return silo.Kill() ? "silo killed" : null;
            case 2:
                return Gateway.Kill() ? "gateway killed" : null;
            case 3:
                return silo.KillEngine(_random) ? "engine killed" : null;
            case 4:
                await _database.KillAsync();
                await _database.StartAgainAsync(CancellationToken.None, _ofDatabase);
                return "database killed and started";
            case 5:
                _mend = () => Task.FromResult(silo.Freeze(isFrozen: false));
                return silo.Freeze(isFrozen: true) ? "silo frozen" : null;
            case < 8 when _network is not null:
                return UntilMended("silo's network cut", () => _network.Cut(_names[which]), () => _network.Mend(_names[which]));
            case 8 when _clocks.Length > 0:
                return UntilMended("silo's clock set back by an hour", () => _clocks[which].Move(-_hour), () => _clocks[which].Move(TimeSpan.Zero));
            case 9 when _disk is not null:
                _mend = EmptyDiskAsync;
                _disk.Fill();
                return "database's disk full";
            case 10 when _clocks.Length > 0:
                // One that starts with such a clock, and alone, has nothing to compare it with: infra/docs/limitations.md.
                return Array.TrueForAll(_silos, one => one.IsServing)
                    ? UntilMended("silo's clock set forward by an hour", () => _clocks[which].Move(_hour), () => _clocks[which].Move(TimeSpan.Zero))
                    : null;
            case 13 when _network is not null && PrivateNetwork.SlownessMissing is null:
                return UntilMended("silo's network slow", () => _network.Slow(_names[which]), () => _network.Hurry(_names[which]));
            case 12 when ForgetfulKernel.Missing is null:
                var kernel = ForgetfulKernel.Begin();
                return UntilMended("kernel short of memory for files", () => { }, kernel.Dispose);
            case 11:
                return await DeclareDeadAsync(silo) ? "silo declared dead while it runs" : null;
            default:
                var fault = _ofObjects[_random.Next(_ofObjects.Length)];
                return UntilMended("objects " + fault.ToString().ToLowerInvariant(), () => _wire.Turn(fault), () => _wire.Turn(WireFault.None));
        }
    }

    /// <summary>
    /// Writes into the members' table that a silo is dead, as whoever holds the database can: the other one opens its rooms beside it, until it reads that itself and ends.
    /// </summary>
    private async Task<bool> DeclareDeadAsync(SupervisedMember silo)
    {
        try
        {
            _declaredDead = (silo, silo.Starts);
            return await MemberTable.DeclareDeadAsync(_database.ConnectionString, silo.SiloPort);
        }
        catch (NpgsqlException)
        {
            return false; // The database has only just been started.
        }
    }

    private void Hear(SupervisedMember silo, string line)
    {
        if (line.Contains("left the cluster", StringComparison.Ordinal) && _declaredDead is { } dead && dead.Silo != silo
            && dead.Silo.IsServing && dead.Silo.Starts == dead.Start)
        {
            Interlocked.Increment(ref _openedBeside);
        }
    }

    private string UntilMended(string what, Action harm, Action mend)
    {
        _mend = () =>
        {
            mend();
            return Task.CompletedTask;
        };
        harm();
        return what;
    }

    /// <summary>A database that could not write its own log has ended, and is started as a service manager does.</summary>
    private async Task EmptyDiskAsync()
    {
        _disk!.Free();
        if (_database.HasEnded)
        {
            await _database.KillAsync();
            await _database.StartAgainAsync(CancellationToken.None, _ofDatabase);
        }
    }
}
