using CleanRoom.Attestation.Guest;
using CleanRoom.Attestation.Insecure;
using CleanRoom.Cryptography.Bcl;
using CleanRoom.Grains.Datasets;
using CleanRoom.Grains.Partitions;
using CleanRoom.Node.Configuration;
using CleanRoom.Node.Hosting;
using CleanRoom.Protocol.Documents;
using CleanRoom.TestKit.Collaborations;
using CleanRoom.TestKit.Storage;
using Microsoft.Extensions.Logging;

namespace CleanRoom.Node.Tests.Cluster;

/// <summary>What the members of one cluster share: a database and a folder of objects. Each has a machine of its own, with a simulated TEE of its own.</summary>
internal sealed class ClusterScene : IDisposable
{
    private static int _clusters;

    private readonly TemporaryDirectory _folder = new();
    private readonly string _schema = $"members_{Interlocked.Increment(ref _clusters)}";

    public ClusterScene(PostgresServer server) => File.WriteAllText(ConnectionFile, server.ConnectionString);

    /// <summary>Gets the folder of objects that all members have.</summary>
    public string Objects => _folder.File("objects");

    /// <summary>Gets how datasets are taken in.</summary>
    public IngestLimits Ingest { get; init; } = new();

    /// <summary>Gets what runs may use.</summary>
    public RunLimits Limits { get; init; } = new();

    public string ConnectionFile => _folder.File("connection");

    /// <summary>Returns the options of one member, whose ports are free ones.</summary>
    /// <param name="machine">The machine's name; the same again is the same machine.</param>
    /// <param name="cluster">The cluster's name.</param>
    /// <param name="roll">The cluster of another build.</param>
    public NodeOptions Options(string machine = "machine", string cluster = "cleanroom", RollOptions? roll = null) => new()
    {
        Listen = "http://127.0.0.1:0",
        DataDirectory = _folder.File(machine),
        ObjectsDirectory = Objects,
        Ingest = Ingest,
        Limits = Limits,
        Postgres = new() { ConnectionFile = ConnectionFile, Schema = _schema },
        Cluster = new() { Id = cluster, Name = machine, SiloPort = 0, GatewayPort = 0, Roll = roll },
        LogLevel = LogLevel.None,
    };

    /// <summary>Returns what a machine that runs a build gives a node.</summary>
    public NodeTrust Trust(string build, string machine = "machine") => new(
        new InsecureSimulatedAttester(InsecureSimulatedMachine.OfBuild(build)),
        new InsecureFileSealer(_folder.File(machine), new BclCryptoBackend()),
        new NoMachineCounter("the simulated tee"),
        [new InsecureSimulatedVerifier()],
        build);

    /// <summary>Names another build for a day, and whom of it is asked.</summary>
    public RollOptions Roll(string build, params IReadOnlyList<int> peers)
    {
        var file = _folder.File($"{build}.policy");
        File.WriteAllBytes(file, DocumentCodec.Encode(new AttestationPolicy { Accepted = [InsecureSimulatedMachine.OfBuild(build).ToReferenceTuple()], CodeEndorsers = [] }));
        return new() { PolicyFile = file, Until = TimeProvider.System.GetUtcNow().AddDays(1), Port = 0, Peers = [.. peers.Select(port => $"127.0.0.1:{port}")] };
    }

    /// <summary>Starts a member in this process.</summary>
    public Task<NodeApplication> StartAsync(NodeRole role, CancellationToken cancellationToken, string machine = "machine") =>
        NodeApplication.StartAsync(Options(machine), role, Trust(TestContracts.Build, machine), cancellationToken);

    public void Dispose() => _folder.Dispose();
}
