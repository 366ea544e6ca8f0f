using System.Security.Cryptography;
using CleanRoom.Attestation.Guest;
using CleanRoom.Attestation.Insecure;
using CleanRoom.Cryptography.Bcl;
using CleanRoom.Cryptography.Channel;
using CleanRoom.Node.Configuration;
using CleanRoom.Node.Hosting;
using CleanRoom.Protocol.Api;
using CleanRoom.Protocol.Documents;
using CleanRoom.TestKit.Collaborations;
using CleanRoom.TestKit.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace CleanRoom.Node.Tests.Api;

/// <summary>A whole node over real HTTP, shared by the tests of a class: silo, SQLite, directory of objects.</summary>
public sealed class RunningNode : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();
    private NodeApplication? _node;

    public BclCryptoBackend Backend { get; } = new();

    public HttpClient Http { get; private set; } = new(new SocketsHttpHandler());

    public string DataDirectory => _directory.Path;

    /// <summary>Gets the database that holds the ledger; null for SQLite.</summary>
    internal PostgresOptions? Postgres { get; init; }

    /// <summary>Gets how much one member may ask.</summary>
    internal AdmissionOptions Admission { get; init; } = new();

    internal NodeApplication Node => _node ?? throw new InvalidOperationException("the node has not started");

    public async ValueTask InitializeAsync()
    {
        var options = new NodeOptions
        {
            Listen = "http://127.0.0.1:0", DataDirectory = _directory.Path, Postgres = Postgres, LogLevel = LogLevel.None, Admission = Admission,
        };
        var trust = new NodeTrust(
            new InsecureSimulatedAttester(InsecureSimulatedMachine.OfBuild(TestContracts.Build)),
            new InsecureFileSealer(_directory.Path, Backend),
            new NoMachineCounter("the simulated tee"),
            [new InsecureSimulatedVerifier()],
            TestContracts.Build);
        _node = await NodeApplication.StartAsync(options, trust, CancellationToken.None);
        Http.BaseAddress = _node.Address;
    }

    /// <summary>Stops the node and starts another over the same stores.</summary>
    internal async Task RestartAsync()
    {
        await Node.DisposeAsync();
        Http.Dispose();
        Http = new(new SocketsHttpHandler());
        await InitializeAsync();
    }

    /// <summary>Opens a channel, against fresh evidence.</summary>
    /// <param name="clock">The time at which the client believes to be; null for the time that it is.</param>
    internal async Task<NodeChannel> ConnectAsync(DateTimeOffset? clock = null)
    {
        var nonce = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        var encoded = await Http.GetByteArrayAsync(new Uri($"{ApiRoutes.Attestation}?nonce={nonce}", UriKind.Relative));
        var binding = DocumentCodec.ParseAttestation(encoded).Value.Binding;
        var digest = DocumentCodec.DigestOf(binding);
        return new NodeChannel(Http, new ChannelClient(Backend, binding.SealingKey, digest, clock is { } now ? new FakeTimeProvider(now) : TimeProvider.System), digest);
    }

    public async ValueTask DisposeAsync()
    {
        if (_node is not null)
        {
            await _node.DisposeAsync();
        }

        Http.Dispose();
        _directory.Dispose();
    }
}
