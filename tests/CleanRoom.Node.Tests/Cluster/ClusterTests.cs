using System.Net;
using System.Security.Cryptography.X509Certificates;
using CleanRoom.Attestation.Insecure;
using CleanRoom.Grains.Collaboration;
using CleanRoom.Grains.Hosting;
using CleanRoom.Node.Cluster;
using CleanRoom.Node.Configuration;
using CleanRoom.Node.Hosting;
using CleanRoom.Node.Peers;
using CleanRoom.Node.Tests.Harness;
using CleanRoom.Node.Tests.Peers;
using CleanRoom.Node.Tests.Storage;
using CleanRoom.Protocol.Documents;
using CleanRoom.TestKit.Collaborations;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Org.BouncyCastle.Tls;

namespace CleanRoom.Node.Tests.Cluster;

/// <summary>Members of a cluster in this process: who may ask whom what, and who gets in.</summary>
public sealed class ClusterTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly string _nonce = new('a', 64);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Gateway_serves_the_API_through_a_silo_which_has_health_alone()
    {
        using var scene = new ClusterScene(postgres.Required);
        await using var silo = await scene.StartAsync(NodeRole.Silo, Cancel);
        await using var gateway = await scene.StartAsync(NodeRole.Gateway, Cancel);
        using var http = new HttpClient();

        (await http.GetAsync(new Uri(gateway.Address, "health/ready"), Cancel)).StatusCode.Should().Be(HttpStatusCode.OK);
        var attestation = await http.GetByteArrayAsync(new Uri(gateway.Address, $"v1/attestation?nonce={_nonce}"), Cancel);
        DocumentCodec.ParseAttestation(attestation).Value.Binding.Nonce.ToString().Should().NotBeEmpty();

        (await http.GetAsync(new Uri(silo.Address, "health/ready"), Cancel)).StatusCode.Should().Be(HttpStatusCode.OK);
        foreach (var path in (string[])[$"v1/attestation?nonce={_nonce}", "v1/openapi.json", "portal/"])
        {
            (await http.GetAsync(new Uri(silo.Address, path), Cancel)).StatusCode.Should().Be(HttpStatusCode.NotFound, path);
        }
    }

    [Fact]
    public async Task Gateway_may_ask_what_members_may_ask_and_nothing_internal()
    {
        using var scene = new ClusterScene(postgres.Required);
        await using var silo = await scene.StartAsync(NodeRole.Silo, Cancel);
        await using var gateway = await scene.StartAsync(NodeRole.Gateway, Cancel);
        var grains = gateway.Services.GetRequiredService<IGrainFactory>();
        var room = new string('0', 64);

        (await grains.GetGrain<ICollaborationGrain>(room).StatusAsync()).Refusals.Should().NotBeEmpty("there is no such room, and the question is allowed");
        await FluentActions.Awaiting(() => grains.GetGrain<ICollaborationInternalGrain>(room).IngestOfAsync(room)).Should().ThrowAsync<SilosOnlyException>();
        await FluentActions.Awaiting(() => silo.Services.GetRequiredService<IGrainFactory>().GetGrain<ICollaborationInternalGrain>(room).IngestOfAsync(room))
            .Should().ThrowAsync<SilosOnlyException>("a silo's own code that is no grain is no silo either");
    }

    [Fact]
    public async Task Gateway_has_no_ledger_and_no_keys_of_rooms()
    {
        using var scene = new ClusterScene(postgres.Required);
        await using var silo = await scene.StartAsync(NodeRole.Silo, Cancel);
        await using var gateway = await scene.StartAsync(NodeRole.Gateway, Cancel);

        foreach (var type in (Type[])[typeof(CleanRoom.Storage.Ledger.ILedgerStore), typeof(Grains.Keys.CollaborationKeyring), typeof(Engine.Running.EngineRunner)])
        {
            gateway.Services.GetService(type).Should().BeNull(type.Name);
            silo.Services.GetService(type).Should().NotBeNull(type.Name);
        }
    }

    [Fact]
    public async Task Two_silos_are_members_of_each_other()
    {
        using var scene = new ClusterScene(postgres.Required);
        await using var first = await scene.StartAsync(NodeRole.All, Cancel);
        await using var second = await scene.StartAsync(NodeRole.Silo, Cancel);

        foreach (var member in (NodeApplication[])[first, second])
        {
            (await MembersAsync(member.Services)).Should().HaveCount(2);
        }
    }

    [Theory]
    [InlineData(NodeRole.Silo)]
    [InlineData(NodeRole.Gateway)]
    public async Task Member_of_other_code_does_not_get_in(NodeRole role)
    {
        using var scene = new ClusterScene(postgres.Required);
        var lines = new WrittenLines<PeerTransport>();
        await using var genuine = await MemberAsync(scene, TestContracts.Build, NodeRole.Silo, lines, Cancel);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);

        var joining = MemberAsync(scene, "other", role, new WrittenLines<PeerTransport>(), stop.Token);

        var (id, _, text) = await lines.First.WaitAsync(PeerIntruder.Patience, Cancel);
        await stop.CancelAsync();
        await joining.Awaiting(task => task).Should().ThrowAsync<Exception>();
        id.Should().Be(4102);
        text.Should().Contain("measurement");
        (await MembersAsync(genuine.Services)).Should().ContainSingle();
    }

    [Fact]
    public async Task Both_ports_of_a_silo_give_a_stranger_no_byte()
    {
        using var scene = new ClusterScene(postgres.Required);
        await using var silo = await scene.StartAsync(NodeRole.Silo, Cancel);
        using var genuine = await PeerTransportTests.IssuedAsync(InsecureSimulatedMachine.OfBuild(TestContracts.Build));
        using var other = await PeerTransportTests.IssuedAsync(InsecureSimulatedMachine.OfBuild("other"));
        var details = silo.Services.GetRequiredService<Orleans.Runtime.ILocalSiloDetails>();

        foreach (var port in (int[])[details.SiloAddress.Endpoint.Port, details.GatewayAddress.Endpoint.Port])
        {
            // A silo speaks first at the one port and listens first at the other: at both it shakes hands, or the rest would show nothing.
            var member = Shows(genuine);
            _ = member.GetsInAsync(port, Cancel);
            await member.Greeted.WaitAsync(PeerIntruder.Patience, Cancel);
            (await Shows(other).GetsInAsync(port, Cancel)).Should().BeFalse();
            (await new PeerIntruder(certificate: null, key: null, ProtocolVersion.TLSv13).GetsInAsync(port, Cancel)).Should().BeFalse();
        }
    }

    private static PeerIntruder Shows(X509Certificate2 certificate) =>
        new(certificate.RawData, PeerTransportTests.KeyOf(certificate), ProtocolVersion.TLSv13);

    private static async Task<IEnumerable<int>> MembersAsync(IServiceProvider services)
    {
        var management = services.GetRequiredService<IGrainFactory>().GetGrain<IManagementGrain>(0);
        return (await management.GetHosts(onlyActive: true)).Keys.Select(silo => silo.Endpoint.Port);
    }

    /// <summary>Starts a member whose transport's lines can be read: Orleans alone, with the same transport and tables as a node's.</summary>
    private static async Task<BareMember> MemberAsync(ClusterScene scene, string build, NodeRole role, ILogger<PeerTransport> lines, CancellationToken cancellationToken)
    {
        var identity = await PeerSilo.IdentityAsync(InsecureSimulatedMachine.OfBuild(build));
        var options = scene.Options();
        var parts = await ClusterParts.OpenAsync(options, identity, scene.Trust(build), lines, cancellationToken);
        var builder = Microsoft.Extensions.Hosting.Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(TimeProvider.System);
        if (role is NodeRole.Gateway)
        {
            builder.UseClusterClient(options.Cluster!, parts);
        }
        else
        {
            builder.UseClusterSilo(options.Cluster!, parts);
        }

        var member = new BareMember(builder.Build(), parts, identity);
        try
        {
            await member.Host.StartAsync(cancellationToken);
            return member;
        }
        catch
        {
            await member.DisposeAsync();
            throw;
        }
    }

    private sealed record BareMember(IHost Host, ClusterParts Parts, Grains.Keys.NodeIdentity Identity) : IAsyncDisposable
    {
        public IServiceProvider Services => Host.Services;

        public async ValueTask DisposeAsync()
        {
            await Host.StopAsync(CancellationToken.None);
            Host.Dispose();
            await Parts.DisposeAsync();
            Identity.Dispose();
        }
    }
}
