using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using CleanRoom.Attestation.Insecure;
using CleanRoom.Grains.Collaboration;
using CleanRoom.Grains.Keys;
using CleanRoom.Grains.Messages;
using CleanRoom.Node.Configuration;
using CleanRoom.Node.Hosting;
using CleanRoom.Node.Rolls;
using CleanRoom.Node.Tests.Cluster;
using CleanRoom.Node.Tests.Harness;
using CleanRoom.Node.Tests.Peers;
using CleanRoom.Node.Tests.Storage;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Api;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Dsse;
using CleanRoom.TestKit.Collaborations;
using Microsoft.Extensions.DependencyInjection;

namespace CleanRoom.Node.Tests.Rolls;

/// <summary>Two clusters of two builds over one database, with real silos and connections: what passes between them, and who does not get in.</summary>
public sealed class RollClusterTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const string Third = "0.3.0+third";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Room_moves_when_it_has_endorsed_and_until_then_works_where_it_was()
    {
        using var scene = new ClusterScene(postgres.Required);
        await using var old = await OldAsync(scene);
        await using var later = await LaterAsync(scene, PortOf(old));
        var collaboration = await FoundAsync(old);
        var silent = await FoundAsync(old);

        Codes(await AskAsync(later, collaboration)).Should().Contain(RefusalCode.EvidenceNotAccepted, "the transport lets the build in, and the room does not");
        later.Services.GetRequiredService<CollaborationKeyring>().FindHeld(collaboration).Should().BeNull();
        await AppendAsync(old, collaboration, room => TestPeople.Ada.Sign(room.Bring(room.Endorsement().ByBoth())));

        var arrived = (await AskAsync(later, collaboration)).Value;
        arrived.Mode.Should().Be(RoomMode.AwaitingWitnesses);
        (await WitnessAsync(later, collaboration, arrived)).Mode.Should().Be(RoomMode.Active);
        await AppendAsync(later, collaboration, room => TestPeople.Ada.Sign(room.Suspend()));

        (await AskAsync(old, collaboration)).Value.Checkpoint.Should().Be((await AskAsync(later, collaboration)).Value.Checkpoint, "the old build reads what the new one wrote");
        Codes(await AskAsync(later, silent)).Should().Contain(RefusalCode.EvidenceNotAccepted);
        await AppendAsync(old, silent, room => TestPeople.Ada.Sign(room.Suspend()));
    }

    [Fact]
    public async Task Third_build_and_the_old_one_after_it_was_removed_do_not_get_in()
    {
        using var scene = new ClusterScene(postgres.Required);
        await using var old = await OldAsync(scene);
        await using var third = await StartAsync(scene, "third", Third, scene.Roll(TestContracts.Build, PortOf(old)));
        var collaboration = await FoundAsync(old);

        Codes(await AskAsync(third, collaboration)).Should().Contain(RefusalCode.Unavailable).And.NotContain(RefusalCode.EvidenceNotAccepted, "it got no answer at all");

        // The old build asks one whose configuration names it no more.
        await using var after = await StartAsync(scene, "after", TestEndorsements.Build, scene.Roll(Third));
        using var removed = await ShownAsync(TestContracts.Build);
        await RefusesAsync(after, removed);
    }

    [Fact]
    public async Task Stranger_a_member_of_this_build_and_older_firmware_do_not_get_in()
    {
        using var scene = new ClusterScene(postgres.Required);
        await using var old = await OldAsync(scene);
        var next = InsecureSimulatedMachine.OfBuild(TestEndorsements.Build);
        using var genuine = await PeerTransportTests.IssuedAsync(next);
        (await PostAsync(genuine, PortOf(old), RollMessages.Wire)).Should().NotBeEmpty("or the rest would show nothing");

        foreach (var machine in (InsecureSimulatedMachine[])[InsecureSimulatedMachine.OfBuild(TestContracts.Build), next with { TcbVersion = 0 }, next with { Debug = true }])
        {
            using var other = await PeerTransportTests.IssuedAsync(machine);
            await RefusesAsync(old, other);
        }

        await RefusesAsync(old, null);
    }

    [Theory]
    [InlineData("2", "version 2")]
    [InlineData(null, "no version")]
    public async Task Message_of_another_version_is_refused_with_what_was_wanted_and_got(string? wire, string got)
    {
        using var scene = new ClusterScene(postgres.Required);
        await using var old = await OldAsync(scene);
        using var shown = await ShownAsync(TestEndorsements.Build);

        var answer = JsonSerializer.Deserialize(await PostAsync(shown, PortOf(old), wire, "not even json"), RollContext.Default.RollAnswer)!;

        answer.Refusals.Should().ContainSingle().Which.ToRefusal().Should().Be(new Refusal(RefusalCode.DocumentInvalid, "handover messages of version 1", got));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"log":"a","document":null,"more":1}""")]
    [InlineData("""{"log":"a","document":"no base64!"}""")]
    public async Task Question_of_another_form_is_refused(string body)
    {
        using var scene = new ClusterScene(postgres.Required);
        await using var old = await OldAsync(scene);
        using var shown = await ShownAsync(TestEndorsements.Build);

        var answer = JsonSerializer.Deserialize(await PostAsync(shown, PortOf(old), RollMessages.Wire, body), RollContext.Default.RollAnswer)!;

        answer.Refusals.Should().ContainSingle().Which.ToRefusal().Code.Should().Be(RefusalCode.DocumentInvalid);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(31)]
    public async Task Roll_that_is_over_or_lasts_too_long_starts_no_node(int days)
    {
        using var scene = new ClusterScene(postgres.Required);
        var roll = scene.Roll(TestEndorsements.Build);
        var other = new RollOptions { PolicyFile = roll.PolicyFile, Port = 0, Until = TimeProvider.System.GetUtcNow().AddDays(days) };

        (await FluentActions.Awaiting(() => StartAsync(scene, "old", TestContracts.Build, other)).Should().ThrowAsync<RollException>())
            .Which.Message.Should().Contain("cluster.roll.until");
    }

    [Fact]
    public async Task Roll_to_this_nodes_own_build_starts_no_node()
    {
        using var scene = new ClusterScene(postgres.Required);

        (await FluentActions.Awaiting(() => StartAsync(scene, "old", TestContracts.Build, scene.Roll(TestContracts.Build))).Should().ThrowAsync<RollException>())
            .Which.Message.Should().Contain("another build than this node's");
    }

    private static Task<NodeApplication> OldAsync(ClusterScene scene) => StartAsync(scene, "old", TestContracts.Build, scene.Roll(TestEndorsements.Build));

    private static Task<NodeApplication> LaterAsync(ClusterScene scene, int port) =>
        StartAsync(scene, "later", TestEndorsements.Build, scene.Roll(TestContracts.Build, port));

    /// <summary>Starts a silo of a build in a cluster of its own.</summary>
    private static Task<NodeApplication> StartAsync(ClusterScene scene, string name, string build, RollOptions roll) =>
        NodeApplication.StartAsync(scene.Options(name, $"cluster-{name}", roll), NodeRole.Silo, scene.Trust(build, name), Cancel);

    private static int PortOf(NodeApplication node) => node.Services.GetRequiredService<RollServer>().Port;

    /// <summary>Founds a room whose contract names the old build and two code endorsers, in force.</summary>
    private static async Task<string> FoundAsync(NodeApplication node)
    {
        var grains = node.Services.GetRequiredService<IGrainFactory>();
        var contract = TestEndorsements.With(Scene.Contract with { Title = Guid.NewGuid().ToString("n") });
        var proposed = await grains.GetGrain<IKeyringGrain>(Guid.NewGuid()).ProposeAsync(
            EnvelopeCodec.Encode(TestPeople.Ada.Sign(contract)), [.. TestPeople.All.Select(member => EnvelopeCodec.Encode(member.Delegate()))]);
        var collaboration = proposed.ToResult().Value.Collaboration;
        foreach (var member in (TestMember[])[TestPeople.Lea, TestPeople.Leo, TestPeople.Hal])
        {
            await AppendAsync(node, collaboration, _ => member.Sign(contract));
        }

        return collaboration;
    }

    private static async Task<Result<RoomStatus>> AskAsync(NodeApplication node, string collaboration) =>
        (await node.Services.GetRequiredService<IGrainFactory>().GetGrain<ICollaborationGrain>(collaboration).StatusAsync()).ToResult();

    private static IEnumerable<RefusalCode> Codes(Result<RoomStatus> status) => status.Refusals.Select(refusal => refusal.Code);

    /// <summary>Has a room take a statement, which is made for the room as it stands.</summary>
    private static async Task AppendAsync(NodeApplication node, string collaboration, Func<TestRoom, Envelope> statement)
    {
        var seen = (await CollaborationRoom.OpenAsync(collaboration, node.Services.GetRequiredService<RoomServices>(), Cancel)).Value;
        var appended = await node.Services.GetRequiredService<IGrainFactory>().GetGrain<ICollaborationGrain>(collaboration)
            .AppendAsync(EnvelopeCodec.Encode(statement(Scene.Of(seen))));
        appended.ToResult().IsAccepted.Should().BeTrue(string.Join("; ", appended.Refusals));
    }

    /// <summary>Lets the witnesses of all owners answer; where the room stands then.</summary>
    private static async Task<RoomStatus> WitnessAsync(NodeApplication node, string collaboration, RoomStatus status)
    {
        var room = node.Services.GetRequiredService<IGrainFactory>().GetGrain<ICollaborationGrain>(collaboration);
        foreach (var member in (TestMember[])[TestPeople.Ada, TestPeople.Lea, TestPeople.Hal])
        {
            var (witness, signature) = Scene.Answer(member, collaboration, status.BootNonce, status.Checkpoint, Timestamp.From(TimeProvider.System.GetUtcNow()));
            status = (await room.WitnessAsync(DocumentCodec.Encode(witness), signature)).ToResult().Value;
        }

        return status;
    }

    private static Task<X509Certificate2> ShownAsync(string build) => PeerTransportTests.IssuedAsync(InsecureSimulatedMachine.OfBuild(build));

    private static async Task RefusesAsync(NodeApplication node, X509Certificate2? shown) =>
        await FluentActions.Awaiting(() => PostAsync(shown, PortOf(node), RollMessages.Wire)).Should().ThrowAsync<HttpRequestException>();

    /// <summary>Asks with any certificate, and trusts anybody.</summary>
    private static async Task<string> PostAsync(X509Certificate2? shown, int port, string? wire, string body = """{"log":"a","document":null}""")
    {
        using var handler = new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions
            {
                EnabledSslProtocols = SslProtocols.Tls13,
#pragma warning disable CA5359 // It is the stranger who trusts anybody.
                RemoteCertificateValidationCallback = (_, _, _, _) => true,
#pragma warning restore CA5359
                LocalCertificateSelectionCallback = (_, _, _, _, _) => shown!,
            },
        };
        using var http = new HttpClient(handler) { BaseAddress = new Uri($"https://127.0.0.1:{port}/") };
        using var message = new HttpRequestMessage(HttpMethod.Post, RollMessages.Offer) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (wire is not null)
        {
            message.Headers.Add(RollMessages.WireHeader, wire);
        }

        using var response = await http.SendAsync(message, Cancel);
        response.StatusCode.Should().Be(HttpStatusCode.OK);
        return await response.Content.ReadAsStringAsync(Cancel);
    }
}
