using System.Text.Json.Nodes;

namespace CleanRoom.Architecture.Tests.Infrastructure;

/// <summary>The files that start a cluster on Kubernetes or with compose: nobody has run them, so they are held to the node's own reader and to each other.</summary>
public sealed class ClusterFilesTests : IDisposable
{
    private readonly NodeConfigurations _configurations = new();

    public void Dispose() => _configurations.Dispose();

    [Fact]
    public void Configuration_of_the_Kubernetes_manifests_is_one_that_they_mount()
    {
        var documents = Repository.Files("infra/kubernetes", ".yaml").SelectMany(InfrastructureFiles.Documents).ToList();
        var text = (string)documents.Single(document => (string?)document["kind"] == "ConfigMap")["data"]!["node.json"]!;
        var workloads = documents.Where(document => (string?)document["kind"] is "StatefulSet" or "Deployment").Select(document => document["spec"]!["template"]!["spec"]!.AsObject()).ToList();

        _configurations.Read(WithAddress(text)).Cluster!.Address.Should().Be("10.0.0.1");
        workloads.Should().HaveCount(2).And.AllSatisfy(pod =>
        {
            var mounted = pod["containers"]!.AsArray().Single()!["volumeMounts"]!.AsArray().Select(mount => (string)mount!["mountPath"]!).ToList();
            NodeConfigurations.Files(text).Select(file => Path.GetDirectoryName(file)!)
                .Should().BeSubsetOf(mounted);
        });
    }

    [Fact]
    public void Compose_cluster_is_two_silos_and_a_gateway_that_read_one_configuration()
    {
        const string Mounted = "/etc/cleanroom-cluster/node.json";
        var file = InfrastructureFiles.Yaml("infra/compose/cluster.yml");
        var services = file["services"]!.AsObject();
        var nodes = services.Where(service => service.Key != "postgres").ToDictionary(service => service.Key, service => service.Value!.AsObject());
        var text = Repository.Read("infra/compose/node.json");
        var options = _configurations.Read(WithAddress(text));

        nodes.ToDictionary(node => node.Key, node => string.Join(' ', node.Value["command"]!.AsArray())).Should().BeEquivalentTo(new Dictionary<string, string>
        {
            ["silo-1"] = $"serve --role silo --config {Mounted}",
            ["silo-2"] = $"serve --role silo --config {Mounted}",
            ["gateway"] = $"serve --role gateway --config {Mounted}",
        });
        services.Where(service => service.Value!.AsObject().ContainsKey("ports")).Should().ContainSingle().Which.Key.Should().Be("gateway");
        nodes["gateway"]["ports"]!.AsArray().Select(port => (string)port!).Should().Equal($"127.0.0.1:{new Uri(options.Listen).Port}:{new Uri(options.Listen).Port}");
        nodes.Values.Should().AllSatisfy(node =>
        {
            var volumes = node["volumes"]!.AsArray().Select(volume => ((string)volume!).Split(':')).ToList();
            volumes.Should().ContainSingle(volume => volume[0] == "./node.json" && volume[1] == Mounted);
            volumes.Should().ContainSingle(volume => volume[0] == "objects" && volume[1] == options.ObjectsDirectory, "members share the objects");
            volumes.Should().ContainSingle(volume => volume[1] == options.DataDirectory && volume[0] != "objects", "and nothing else");
            Secrets(node).Select(name => $"/run/secrets/{name}").Should().BeEquivalentTo(NodeConfigurations.Files(text));
            ((bool)node["read_only"]!).Should().BeTrue();
        });
        nodes.Values.Select(node => (string)node["hostname"]!).Should().OnlyHaveUniqueItems();
        services.SelectMany(service => Secrets(service.Value!.AsObject())).Distinct().Should().BeEquivalentTo(file["secrets"]!.AsObject().Select(secret => secret.Key));
        file["secrets"]!.AsObject().Should().AllSatisfy(secret => ((string)secret.Value!["file"]!).Should().StartWith("./secrets/"));
        services.SelectMany(service => (service.Value!["environment"] as JsonObject ?? []).Select(variable => variable.Key))
            .Where(name => name.Contains("PASSWORD", StringComparison.Ordinal) && !name.EndsWith("_FILE", StringComparison.Ordinal)).Should().BeEmpty();
        Repository.Read("infra/images/Dockerfile").Should().Contain(options.ObjectsDirectory!, "a volume has the owner of the directory in the image");
        Repository.Read("infra/images/Dockerfile.dockerignore").Should().Contain("infra/compose/secrets\n");
        Repository.Read(".gitignore").Should().Contain("infra/compose/secrets/\n");
    }

    [Theory]
    [InlineData("docker-compose.yml")]
    [InlineData("infra/compose/cluster.yml")]
    public void Compose_files_say_that_the_TEE_is_simulated(string path)
    {
        var services = InfrastructureFiles.Yaml(path)["services"]!.AsObject();

        Repository.Read(path).Should().Contain("NEVER BRING REAL DATA").And.Contain("Not run when this file was written");
        services.Select(service => service.Value!["build"]?["args"]?["CleanRoomInsecure"]).OfType<JsonNode>().Should().NotBeEmpty();
    }

    // auto wants a machine whose name has an address, which this one may not have.
    private static string WithAddress(string text) => text.Replace("\"address\": \"auto\"", "\"address\": \"10.0.0.1\"", StringComparison.Ordinal);

    private static IEnumerable<string> Secrets(JsonObject service) => (service["secrets"] as JsonArray ?? []).Select(secret => (string)secret!);
}
