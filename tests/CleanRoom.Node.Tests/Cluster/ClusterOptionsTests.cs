using System.Net;
using System.Net.NetworkInformation;
using CleanRoom.Node.Configuration;
using CleanRoom.TestKit;
using CleanRoom.TestKit.Storage;

namespace CleanRoom.Node.Tests.Cluster;

/// <summary>What a configuration says of a cluster, and what cannot be.</summary>
public sealed class ClusterOptionsTests : IDisposable
{
    private const string Known = "/proc/self/status";

    private readonly TemporaryDirectory _folder = new();

    [Theory]
    [InlineData("", "127.0.0.1", 1, 2, "cluster.id")]
    [InlineData("a cluster", "127.0.0.1", 1, 2, "cluster.id")]
    [InlineData("c", "host", 1, 2, "cluster.address")]
    [InlineData("c", "0.0.0.0", 1, 2, "cluster.address")]
    [InlineData("c", "::", 1, 2, "cluster.address")]
    [InlineData("c", "127.0.0.1", -1, 2, "cluster.siloPort")]
    [InlineData("c", "127.0.0.1", 1, 65536, "cluster.gatewayPort")]
    [InlineData("c", "127.0.0.1", 2, 2, "cluster.gatewayPort")]
    public void Cluster_that_cannot_be_is_named(string id, string address, int siloPort, int gatewayPort, string named) =>
        NodeOptionsFile.Check(Options(new() { Id = id, Address = address, SiloPort = siloPort, GatewayPort = gatewayPort })).Refusals
            .Should().ContainSingle().Which.Wanted.Should().StartWith(named);

    [Theory]
    [InlineData("/nothing/there", 1, "127.0.0.1:2", "cluster.roll.policyFile")]
    [InlineData(Known, -1, "127.0.0.1:2", "cluster.roll.port")]
    [InlineData(Known, 30000, "127.0.0.1:2", "cluster.roll.port")]
    [InlineData(Known, 1, "127.0.0.1", "cluster.roll.peers")]
    [InlineData(Known, 1, "host:0", "cluster.roll.peers")]
    [InlineData(Known, 1, "host:2/path", "cluster.roll.peers")]
    [InlineData(Known, 1, "user@host:2", "cluster.roll.peers")]
    public void Roll_that_cannot_be_is_named(string policyFile, int port, string peer, string named) =>
        NodeOptionsFile.Check(Options(new() { Roll = new() { PolicyFile = policyFile, Port = port, Peers = [peer], Until = DateTimeOffset.UnixEpoch.AddDays(1) } })).Refusals
            .Should().ContainSingle().Which.Wanted.Should().StartWith(named);

    [Fact]
    public void Roll_without_an_end_and_without_a_build_is_named() =>
        NodeOptionsFile.Check(Options(new() { Roll = new() })).Refusals.Select(refusal => refusal.Wanted).Should().Equal(
            "cluster.roll.policyFile: a file that names the other build", "cluster.roll.until: the moment at which it ends");

    [Theory]
    [InlineData("10.0.0.1:11112", "https://10.0.0.1:11112/")]
    [InlineData("silo-0.silos:443", "https://silo-0.silos/")]
    [InlineData("[::1]:11112", "https://[::1]:11112/")]
    public void Peer_of_a_roll_is_a_host_and_a_port(string peer, string address) => RollOptions.ParsePeer(peer).Should().Be(new Uri(address));

    [Fact]
    public void Auto_takes_an_address_of_this_machine_that_others_can_reach_or_is_refused()
    {
        var cluster = new NodeClusterOptions { Address = "auto" };
        var own = NetworkInterface.GetAllNetworkInterfaces().SelectMany(one => one.GetIPProperties().UnicastAddresses).Select(one => one.Address);

        var checkedOptions = NodeOptionsFile.Check(Options(cluster));

        if (cluster.FindAddress() is { } found)
        {
            own.Should().Contain(found);
            IPAddress.IsLoopback(found).Should().BeFalse();
            checkedOptions.IsAccepted.Should().BeTrue();
        }
        else
        {
            checkedOptions.Refusals.Should().ContainSingle().Which.Wanted.Should().StartWith("cluster.address");
        }
    }

    [Fact]
    public void Cluster_wants_a_database_and_objects_that_all_reach()
    {
        var refusals = NodeOptionsFile.Check(new NodeOptions { Cluster = new() }).Refusals;

        refusals.Select(refusal => (refusal.Wanted, refusal.Got)).Should().BeEquivalentTo(
        [
            ("cluster: postgres, which holds the ledger and who the members are", "no postgres"),
            ("cluster: objects that all members reach: s3, azureBlobs or objectsDirectory", "none of them"),
        ]);
    }

    [Fact]
    public void Schema_leaves_room_for_the_name_of_the_clusters() =>
        NodeOptionsFile.Check(new NodeOptions
        {
            Cluster = new(),
            ObjectsDirectory = "objects",
            Postgres = new() { ConnectionFile = Known, Schema = new string('a', 56) },
        }).Refusals.Should().ContainSingle().Which.Wanted.Should().Be("postgres.schema: at most 55 characters with cluster");

    [Fact]
    public void One_place_for_objects() =>
        NodeOptionsFile.Check(new NodeOptions { ObjectsDirectory = "objects", S3 = new() { Bucket = "b" } }).Refusals
            .Should().ContainSingle().Which.Should().BeEquivalentTo(new { Wanted = "objectsDirectory, s3 or azureBlobs", Got = "two of them" });

    [Theory]
    [InlineData(NodeRole.Silo, "silo")]
    [InlineData(NodeRole.Gateway, "gateway")]
    public void Silo_or_gateway_without_a_cluster_is_refused(NodeRole role, string named) =>
        NodeOptionsFile.CheckRole(new NodeOptions(), role).Refusals
            .Should().ContainSingle().Which.Wanted.Should().Be($"cluster in the configuration, since role {named} is one process of several");

    [Fact]
    public void Every_role_is_possible_with_a_cluster_and_one_without()
    {
        NodeOptionsFile.CheckRole(new NodeOptions(), NodeRole.All).IsAccepted.Should().BeTrue();
        ((NodeRole[])[NodeRole.All, NodeRole.Silo, NodeRole.Gateway]).Should().OnlyContain(role => NodeOptionsFile.CheckRole(Options(new()), role).IsAccepted);
    }

    [Fact]
    public async Task Examples_are_read_and_nothing_but_the_connection_file_is_missing()
    {
        NodeOptionsFile.Read(RepositoryFiles.Committed("contracts", "examples", "node.json")).IsAccepted.Should().BeTrue();

        var path = _folder.File("node-cluster.json");
        await File.WriteAllTextAsync(_folder.File("connection"), "Host=db", TestContext.Current.CancellationToken);
        var example = await File.ReadAllTextAsync(RepositoryFiles.Committed("contracts", "examples", "node-cluster.json"), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(path, example.Replace("\"/etc/cleanroom/postgres\"", $"\"{_folder.File("connection")}\"", StringComparison.Ordinal), TestContext.Current.CancellationToken);

        var options = NodeOptionsFile.Read(path).Value;

        options.Cluster.Should().BeEquivalentTo(new NodeClusterOptions { Name = "node-1", Address = "10.0.0.11" });
        options.ObjectsDirectory.Should().Be("/mnt/cleanroom/objects");
    }

    [Fact]
    public async Task Unknown_member_is_refused_so_that_nobody_believes_to_have_switched_something_off()
    {
        var path = _folder.File("node.json");
        await File.WriteAllTextAsync(path, """{ "cluster": { "attested": false } }""", TestContext.Current.CancellationToken);

        NodeOptionsFile.Read(path).Refusals.Should().ContainSingle().Which.Got.Should().Contain("$.cluster");
    }

    public void Dispose() => _folder.Dispose();

    private static NodeOptions Options(NodeClusterOptions cluster) =>
        new() { Cluster = cluster, ObjectsDirectory = "objects", Postgres = new() { ConnectionFile = Known } };
}
