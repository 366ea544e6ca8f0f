using System.Diagnostics;
using System.Text.Json.Nodes;
using CleanRoom.Attestation;
using CleanRoom.Node.Configuration;
using CleanRoom.TestKit;
using static CleanRoom.Architecture.Tests.Infrastructure.ConfidentialVm;

namespace CleanRoom.Architecture.Tests.Infrastructure;

/// <summary>What the machines of clouds are told: every configuration is read by the node's own reader, so that a misspelt member fails here.</summary>
public sealed class ConfidentialVmConfigurationTests : IDisposable
{
    private const string SecretsFolder = "/run/cleanroom-secrets/";

    private readonly NodeConfigurations _configurations = new();

    private static IReadOnlyList<TerraformInstance> Nodes => [.. Instances.Where(instance => instance.Folder.Name == "modules/node")];

    public void Dispose() => _configurations.Dispose();

    [Fact]
    public void Configuration_of_every_cloud_is_one_that_a_silo_and_a_gateway_take()
    {
        var read = Nodes.Select(node => (node.Root.Folder.Name, Options: _configurations.Read(Configuration(node)))).ToDictionary(one => one.Name, one => one.Options);

        read.Keys.Should().BeEquivalentTo("aws-sev-snp", "azure", "google-sev-snp", "google-tdx");
        read.Values.Should().AllSatisfy(options =>
        {
            NodeOptionsFile.CheckRole(options, NodeRole.Silo).IsAccepted.Should().BeTrue();
            NodeOptionsFile.CheckRole(options, NodeRole.Gateway).IsAccepted.Should().BeTrue();
            options.Cluster!.SiloPort.Should().Be(11111);
            options.Cluster.GatewayPort.Should().Be(30000);
        });
        read.ToDictionary(one => one.Key, one => one.Value.Tee).Should().BeEquivalentTo(new Dictionary<string, string>
        {
            ["aws-sev-snp"] = TeeNames.AmdSevSnp,
            ["azure"] = TeeNames.AzureVtpm,
            ["google-sev-snp"] = TeeNames.AmdSevSnp,
            ["google-tdx"] = TeeNames.IntelTdx,
        });
        read["azure"].AzureBlobs.Should().NotBeNull();
        read["aws-sev-snp"].S3!.CredentialsFile.Should().BeNull("the machine's own identity may use the bucket");
        read["google-tdx"].S3!.Endpoint.Should().NotBeNull();
    }

    [Fact]
    public void Machine_fetches_exactly_the_secrets_that_its_configuration_names()
    {
        foreach (var node in Nodes)
        {
            var named = NodeConfigurations.Files(Configuration(node));
            var fetched = node.Value("${var.secrets}") as JsonObject;

            // A for-expression over the folder's own secrets keeps their names.
            var files = fetched is not null ? fetched.Select(one => one.Key) : node.Root.Folder.Locals["secrets"]!.AsObject().Select(one => one.Key);
            files.Select(file => SecretsFolder + file).Should().BeEquivalentTo(named, node.Root.Folder.Name);
        }
    }

    [Fact]
    public void Machine_is_told_its_document_and_nothing_else()
    {
        foreach (var (instance, type, machine) in Instances.SelectMany(one => one.Folder.Resources.Where(resource => Machines.ContainsKey(resource.Type)).Select(resource => (one, resource.Type, resource.Block))))
        {
            if (instance.Folder.Name == "aws-nitro")
            {
                continue; // The parent, which is outside of the TEE.
            }

            var told = type == "google_compute_instance" ? machine["metadata"]!["cleanroom"] : machine["user_data"];
            ((string)told!).Should().BeOneOf("${module.node[each.key].document}", "${base64encode(module.node[each.key].document)}");
            machine.Select(member => member.Key).Should().NotContain(["metadata_startup_script", "custom_data", "user_data_base64"]);
            (machine["metadata"] as JsonObject ?? []).Select(member => member.Key).Should().NotContain(key => key.Contains("script") || key == "user-data");
        }
    }

    [Fact]
    public void Terraform_itself_renders_the_same_where_it_is_installed()
    {
        Assert.SkipUnless(Run("terraform", "version").Code == 0, "Terraform is not installed");
        Run("terraform", "fmt", "-check", "-recursive", RepositoryFiles.Committed(Folder)).Code.Should().Be(0, "the files have Terraform's own form");
        var node = Nodes.Single(one => one.Root.Folder.Name == "google-tdx");
        var module = RepositoryFiles.Committed(Folder, "modules", "node").Replace('\\', '/');
        var given = new JsonObject(node.Folder.Variables.Keys.Select(name => KeyValuePair.Create(name, node.Value($"${{var.{name}}}"))))
        {
            // What no root knows before there is a machine.
            ["role"] = "gateway",
        };
        var folder = Path.GetDirectoryName(_configurations.Write("main.tf.json", new JsonObject
        {
            ["module"] = new JsonObject { ["node"] = new JsonObject(given.Select(one => KeyValuePair.Create(one.Key, one.Value?.DeepClone())).Prepend(KeyValuePair.Create("source", (JsonNode?)module))) },
            ["output"] = new JsonObject { ["document"] = new JsonObject { ["value"] = "${module.node.document}" } },
        }.ToJsonString()));

        Run("terraform", $"-chdir={folder}", "init", "-backend=false", "-input=false").Should().Match<(int Code, string Text)>(ran => ran.Code == 0);
        Run("terraform", $"-chdir={folder}", "apply", "-auto-approve", "-input=false").Should().Match<(int Code, string Text)>(ran => ran.Code == 0);
        var document = JsonNode.Parse(Run("terraform", $"-chdir={folder}", "output", "-raw", "document").Text)!;

        ((string)document["role"]!).Should().Be("gateway");
        JsonNode.DeepEquals(document["node"], JsonNode.Parse(Rendered(node))).Should().BeTrue($"the tests render what Terraform does: {document["node"]}");
    }

    [Fact]
    public void Parent_of_an_enclave_is_told_YAML_that_starts_what_it_writes()
    {
        var nitro = Roots.Single(root => root.Folder.Name == "aws-nitro");
        var parent = InfrastructureFiles.Yaml(_configurations.Write("parent.yaml", nitro.Render(nitro.Folder.Templates.Keys.Single())));
        var written = parent["write_files"]!.AsArray().ToDictionary(file => (string)file!["path"]!, file => (string)file!["content"]!);

        foreach (var (name, text) in written.Where(file => file.Key.EndsWith(".yaml", StringComparison.Ordinal)))
        {
            InfrastructureFiles.Yaml(_configurations.Write("inner.yaml", text)).Should().NotBeEmpty(name);
        }

        var units = written.Keys.Where(name => name.EndsWith(".service", StringComparison.Ordinal)).Select(name => Path.GetFileName(name)!);
        parent["runcmd"]!.AsArray().SelectMany(command => command!.AsArray()).Select(word => word!.ToString())
            .Where(word => word.StartsWith("cleanroom-", StringComparison.Ordinal)).Should().BeEquivalentTo(units);
        written.Values.SelectMany(text => text.Split('\n')).Where(line => line.StartsWith("ExecStart=/usr/bin/nitro-cli run-enclave ", StringComparison.Ordinal))
            .Should().ContainSingle().Which.Should().NotContain("--debug-mode", "its PCRs are zeros");
    }

    [Fact]
    public void Configuration_with_a_misspelt_member_is_not_taken()
    {
        var text = Configuration(Nodes[0]).Replace("\"siloPort\"", "\"siloport\"", StringComparison.Ordinal);

        _configurations.TryRead(text).IsAccepted.Should().BeFalse();
    }

    private static string Rendered(TerraformInstance node) => node.Value(node.Folder.Outputs["configuration"]["value"])!.ToString();

    // With an address for the sample, which the reader would not take.
    private static string Configuration(TerraformInstance node) =>
        Rendered(node).Replace($"\"address\": \"{TerraformInstance.Sample}\"", "\"address\": \"10.0.0.7\"", StringComparison.Ordinal)
            .Replace($"\"endpoint\": \"{TerraformInstance.Sample}\"", "\"endpoint\": \"https://objects.example\"", StringComparison.Ordinal);

    private static (int Code, string Text) Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                Environment = { ["CHECKPOINT_DISABLE"] = "1" },
            })!;
            var trouble = process.StandardError.ReadToEndAsync();
            var text = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, process.ExitCode == 0 ? text : text + trouble.GetAwaiter().GetResult());
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return (-1, $"no {program}");
        }
    }
}
