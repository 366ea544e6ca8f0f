using System.Collections.Immutable;
using CleanRoom.Attestation.Insecure;
using CleanRoom.Client.Contracts;
using CleanRoom.Client.Datasets;
using CleanRoom.Client.Persistence;
using CleanRoom.Client.Rooms;
using CleanRoom.Cryptography.Bcl;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Fold;
using CleanRoom.TestKit;
using Microsoft.Extensions.Time.Testing;

namespace CleanRoom.Node.Tests.Client.Support;

/// <summary>Three collaborators with the NAFLD contract, their clients, and the node that they reach.</summary>
internal sealed class World
{
    private readonly NodeSwitch _switch;

    private World(FakeTimeProvider time, FakeRoom room, Contract contract, ImmutableArray<FakeMember> members, FakeNode node)
    {
        (Time, Room, Contract, Members) = (time, room, contract, members);
        _switch = new NodeSwitch(node);
        Services = MakeServices(_switch, TimeSpan.Zero);
    }

    public FakeTimeProvider Time { get; }

    public FakeRoom Room { get; }

    public Contract Contract { get; }

    /// <summary>Registry, laboratory, hospital.</summary>
    public ImmutableArray<FakeMember> Members { get; }

    public FakeMember Registry => Members[0];

    public FakeMember Laboratory => Members[1];

    public FakeNode Node => _switch.Node;

    public ClientServices Services { get; }

    /// <summary>A client that reaches the node, whichever it is.</summary>
    public HttpClient Http => new(_switch, disposeHandler: false);

    public static RoomAddress Address { get; } = RoomAddress.Parse("http://room.test").Value;

    public static async Task<World> MakeAsync(Func<Contract, Contract>? change = null)
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 6, 1, 8, 0, 0, TimeSpan.Zero));
        var members = ImmutableArray.CreateBuilder<FakeMember>();
        foreach (var collaborator in new[] { "registry", "laboratory", "hospital" })
        {
            members.Add(await FakeMember.MakeAsync(collaborator, Timestamp.From(time.GetUtcNow())));
        }

        var room = new FakeRoom(time, FoldWith(time));
        var node = await FakeNode.StartAsync(time, room);
        var contract = MakeContract(members.ToImmutable());
        return new World(time, room, change?.Invoke(contract) ?? contract, members.ToImmutable(), node);
    }

    /// <summary>A world whose contract all have signed.</summary>
    public static async Task<World> ActiveAsync(Func<Contract, Contract>? change = null)
    {
        var world = await MakeAsync(change);
        var registry = await world.ProposeAsync();
        foreach (var member in world.Members.Skip(1))
        {
            member.Memory.Record = CleanRoom.Client.Ledger.RoomRecord.Invited(registry.Collaboration, world.Contract);
            var client = (await world.OpenAsync(member)).Value;
            (await new RoomContracts(client).SignAsync(world.Contract, Cancel)).IsAccepted.Should().BeTrue();
        }

        return world;
    }

    public static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async Task<RoomClient> ProposeAsync() => (await ContractProposal.ProposeAsync(
        Services, Address, Contract, Registry.Identity, [.. Members.Select(m => m.Delegation)], Registry.Memory, Cancel)).Value;

    public Task<Result<RoomClient>> OpenAsync(FakeMember member) => OpenAsync(member, TimeSpan.Zero);

    public Task<Result<RoomClient>> OpenAsync(FakeMember member, TimeSpan patience) =>
        RoomClient.OpenAsync(MakeServices(_switch, patience), Address, Room.Log!.Collaboration, member.Identity, member.Memory, Cancel);

    /// <summary>Ends the node and starts it again over a log: keys, sessions and bindings are gone.</summary>
    public async Task RestartAsync(FakeLog? log = null)
    {
        Room.Log = log ?? Room.Log;
        _switch.Node = await FakeNode.StartAsync(Time, Room);
    }

    /// <summary>Returns another world, in which as much has happened as in this: the same room and members, at a node of its own.</summary>
    public async Task<World> CopyAsync()
    {
        var time = new FakeTimeProvider(Time.GetUtcNow());
        var room = new FakeRoom(time, FoldWith(time));
        var node = await FakeNode.StartAsync(time, room);
        room.GoOnFrom(Room);
        return new World(time, room, Contract, Members, node);
    }

    /// <summary>Lets every owner's witness answer.</summary>
    public async Task WitnessAsync()
    {
        foreach (var member in Members)
        {
            (await OpenAsync(member)).IsAccepted.Should().BeTrue();
        }
    }

    private ClientServices MakeServices(HttpMessageHandler handler, TimeSpan patience) => new(
        new BclCryptoBackend(), new HttpClient(handler), Time, [new InsecureSimulatedVerifier()]) { Patience = patience };

    private static FoldServices FoldWith(FakeTimeProvider time) =>
        new ClientServices(new BclCryptoBackend(), new HttpClient(), time, [new InsecureSimulatedVerifier()]).Fold;

    private static Contract MakeContract(ImmutableArray<FakeMember> members)
    {
        var text = File.ReadAllBytes(RepositoryFiles.Committed("contracts", "examples", "nafld", "contract.json"));
        var example = DocumentCodec.FromPerson<Contract>(text).Value;
        return example with
        {
            Collaborators = [.. example.Collaborators.Select((c, i) => c with { RootKey = members[i].Root.PublicKey })],
            Attestation = new AttestationPolicy { Accepted = [FakeNode.Machine.ToReferenceTuple()], CodeEndorsers = [] },
        };
    }

    /// <summary>One address, behind which the node changes.</summary>
    private sealed class NodeSwitch(FakeNode node) : HttpMessageHandler
    {
        public FakeNode Node { get; set; } = node;

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            new HttpMessageInvoker(Node, disposeHandler: false).SendAsync(request, cancellationToken);
    }
}

/// <summary>An owner's upload states, kept in the form in which a file would keep them.</summary>
internal sealed class FakeUploads : IUploadStore
{
    public byte[] Json { get; private set; } = [];

    public int Saves { get; private set; }

    public UploadState State => ClientCodec.ParseUpload(Json).Value;

    public ValueTask<Refusal?> SaveAsync(UploadState state, CancellationToken cancellationToken)
    {
        (Json, Saves) = (ClientCodec.Encode(state), Saves + 1);
        return ValueTask.FromResult<Refusal?>(null);
    }
}
