using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CleanRoom.Attestation;
using static CleanRoom.Architecture.Tests.Infrastructure.ConfidentialVm;

namespace CleanRoom.Architecture.Tests.Infrastructure;

/// <summary>The Terraform text as it was parsed: nobody has applied it, so this is all that holds it to its word.</summary>
public partial class ConfidentialVmTests
{
    private static readonly string[] _folders =
    [
        "aws-nitro", "aws-sev-snp", "azure", "google-sev-snp", "google-tdx", "modules/aws-identity", "modules/google", "modules/node",
    ];

    // Resources with such a name that are no machine.
    private static readonly string[] _noMachines = ["google_compute_instance_group", "aws_iam_instance_profile"];

    private static readonly string[] _everybody = ["0.0.0.0/0", "::/0", "*", "Internet"];

    [Fact]
    public void Every_file_parses_and_every_folder_is_known() => Folders.Select(folder => folder.Name).Should().BeEquivalentTo(_folders);

    [Fact]
    public void Every_folder_pins_Terraform_and_each_provider_that_it_uses()
    {
        foreach (var folder in Folders)
        {
            var settings = folder.Terraform.Should().ContainSingle(folder.Name).Which;
            ((string?)settings["required_version"]).Should().MatchRegex(@"^~> \d+\.\d+$", folder.Name);
            var used = folder.Resources.Select(resource => resource.Type.Replace("data.", "", StringComparison.Ordinal).Split('_')[0])
                .Concat(Calls(folder).SelectMany(called => Providers(called).Select(provider => provider.Key)))
                .Distinct();

            Providers(folder).Select(provider => provider.Key).Should().BeEquivalentTo(used, folder.Name);
            Providers(folder).Where(provider => !Regex.IsMatch((string?)provider.Value!["version"] ?? "", @"^\d+\.\d+\.\d+$")).Select(provider => provider.Key)
                .Should().BeEmpty($"{folder.Name} names one version, not a range");
        }

        Folders.SelectMany(Providers).Select(provider => $"{provider.Key} {provider.Value!["version"]}").Distinct().Should().HaveCount(3, "one version of each");
    }

    [Fact]
    public void Every_reference_leads_to_something_that_is_declared()
    {
        foreach (var folder in Folders)
        {
            var declared = folder.Variables.Keys.Select(name => $"var.{name}")
                .Concat(folder.Locals.Select(local => $"local.{local.Key}"))
                .Concat(folder.Modules.Keys.Select(name => $"module.{name}"))
                .Concat(folder.Resources.Select(resource => $"{resource.Type}.{resource.Name}"))
                .Concat(["each.key", "each.value", "path.module"])
                .ToHashSet();

            folder.References.Where(reference => !declared.Contains(Target(reference.Parts)))
                .Select(reference => $"{folder.Name}, {reference.Place}: {string.Join('.', reference.Parts)}")
                .Should().BeEmpty();
        }
    }

    [Fact]
    public void Every_variable_and_local_is_used_and_every_variable_says_what_it_is()
    {
        foreach (var folder in Folders)
        {
            // A validation speaks of its own variable, which is no use of it.
            var used = folder.References.Where(reference => !reference.Place.StartsWith("variable.", StringComparison.Ordinal))
                .Select(reference => Target(reference.Parts)).ToHashSet();

            folder.Variables.Keys.Select(name => $"var.{name}").Concat(folder.Locals.Select(local => $"local.{local.Key}"))
                .Where(name => !used.Contains(name)).Should().BeEmpty(folder.Name);
            folder.Variables.Concat(folder.Outputs).Where(one => string.IsNullOrEmpty((string?)one.Value["description"]))
                .Select(one => one.Key).Should().BeEmpty(folder.Name);
        }
    }

    [Fact]
    public void Every_call_of_a_module_gives_what_it_wants_and_takes_what_it_has()
    {
        string[] own = ["source", "for_each", "count", "depends_on", "providers"];
        foreach (var folder in Folders)
        {
            foreach (var (name, call) in folder.Modules)
            {
                var module = Called(folder, call);
                var given = call.Select(member => member.Key).Except(own).ToList();
                given.Except(module.Variables.Keys).Should().BeEmpty($"{folder.Name} gives {module.Name} no more than it declares");
                module.Variables.Where(variable => !variable.Value.ContainsKey("default")).Select(variable => variable.Key).Except(given)
                    .Should().BeEmpty($"{folder.Name} gives {module.Name} all that it wants");
                folder.References.Where(reference => reference.Parts is ["module", _, _] && reference.Parts[1] == name).Select(reference => reference.Parts[2])
                    .Should().NotBeEmpty().And.BeSubsetOf(module.Outputs.Keys);
            }
        }

        Folders.Where(folder => folder.Name.StartsWith("modules/", StringComparison.Ordinal)).Select(folder => folder.Path)
            .Should().BeSubsetOf(Folders.SelectMany(Calls).Select(called => called.Path), "no module is left over");
    }

    [Fact]
    public void Every_machine_has_its_TEE_switched_on()
    {
        foreach (var instance in Instances)
        {
            foreach (var (type, name, machine) in instance.Folder.Resources.Where(resource => MachineName().IsMatch(resource.Type) && !_noMachines.Contains(resource.Type)))
            {
                Machines.Keys.Should().Contain(type, "another way to a machine has no check");
                Machines[type](instance, machine).Should().NotBeNull($"{type}.{name} of {instance.Root.Folder.Name} is a confidential machine");
            }
        }

        Roots.Should().AllSatisfy(root => root.Tree().SelectMany(instance => instance.Folder.Resources).Should().Contain(resource => Machines.Keys.Contains(resource.Type)));
    }

    [Theory]
    [InlineData("google-sev-snp", TeeNames.AmdSevSnp)]
    [InlineData("google-tdx", TeeNames.IntelTdx)]
    [InlineData("azure", TeeNames.AzureVtpm)]
    [InlineData("aws-sev-snp", TeeNames.AmdSevSnp)]
    [InlineData("aws-nitro", TeeNames.AwsNitro)]
    public void Each_folder_starts_the_TEE_of_its_name_and_tells_the_node_which(string root, string tee)
    {
        var tree = Roots.Single(one => one.Folder.Name == root).Tree().ToList();
        var started = tree.SelectMany(instance => instance.Folder.Resources.Where(one => Machines.ContainsKey(one.Type)).Select(one => Machines[one.Type](instance, one.Block)));
        var told = tree.SelectMany(instance => instance.Folder.Modules.Where(call => call.Key == "node").Select(call => Text(instance, call.Value["tee"])));

        started.Distinct().Should().Equal(tee);
        told.Distinct().Except([tee]).Should().BeEmpty();
    }

    [Fact]
    public void Machines_have_no_public_address_no_way_to_log_in_and_encrypted_disks()
    {
        foreach (var (instance, type, block) in All(Machines.Keys.Contains))
        {
            var (logins, disk) = type switch
            {
                "google_compute_instance" => (
                    Text(instance, block["metadata"]!["block-project-ssh-keys"]) == "TRUE" && Text(instance, block["metadata"]!["serial-port-enable"]) == "FALSE"
                        && !Block(block, "network_interface")!.ContainsKey("access_config"),
                    Block(block, "boot_disk") is not null),
                "azurerm_linux_virtual_machine" => (
                    block["disable_password_authentication"]!.GetValue<bool>() && !block["provision_vm_agent"]!.GetValue<bool>()
                        && !block["allow_extension_operations"]!.GetValue<bool>() && !block.ContainsKey("boot_diagnostics") && !block.ContainsKey("admin_password"),
                    true), // DiskWithVMGuestState is asked for as a part of the TEE.
                _ => (
                    !block.ContainsKey("key_name") && Text(instance, Block(block, "metadata_options")!["http_tokens"]) == "required"
                        && (block.ContainsKey("primary_network_interface") || block["associate_public_ip_address"]?.GetValue<bool>() == false),
                    Block(block, "root_block_device")!["encrypted"]!.GetValue<bool>()),
            };
            logins.Should().BeTrue($"{type} of {instance.Root.Folder.Name} lets nobody in");
            disk.Should().BeTrue($"the disk of {type} of {instance.Root.Folder.Name} is encrypted");
        }

        All(type => type == "azurerm_network_interface").Select(one => Block(one.Block, "ip_configuration")!).Should().NotBeEmpty()
            .And.AllSatisfy(configuration => configuration.ContainsKey("public_ip_address_id").Should().BeFalse());
        All(type => type is "aws_eip" or "google_compute_global_address").Should().BeEmpty();
    }

    [Fact]
    public void Only_the_gateways_port_is_open_to_addresses_and_only_by_rules_that_are_known()
    {
        var open = Instances.SelectMany(OpenToAddresses).ToList();

        open.Select(rule => rule.Root).Distinct().Should().BeEquivalentTo(Roots.Select(root => root.Folder.Name), "people reach each of them");
        open.Should().AllSatisfy(rule => rule.Ports.Should().Equal("8470"));
    }

    [Fact]
    public void Nothing_else_names_everybody()
    {
        foreach (var (instance, type, block) in All(_ => true))
        {
            var named = Strings(block).Where(_everybody.Contains).ToList();
            var isMeant = type is "aws_vpc_security_group_egress_rule"
                || (type == "google_compute_firewall" && block.ContainsKey("deny") && !block.ContainsKey("allow"))
                || (type == "azurerm_network_security_group" && SecurityRules(block).All(rule =>
                    (string?)rule["access"] == "Deny" || !_everybody.Contains(Text(instance, rule["source_address_prefix"]))));

            (named.Count == 0 || isMeant).Should().BeTrue($"{type} of {instance.Folder.Name} names {string.Join(", ", named)}");
        }
    }

    [Fact]
    public void Silos_and_gateways_refuse_what_no_rule_allows_also_where_the_network_allows_more()
    {
        var last = All(type => type == "google_compute_firewall").Where(one => one.Block.ContainsKey("deny")).ToList();
        last.Should().HaveCount(2).And.AllSatisfy(one =>
        {
            one.Block["target_tags"]!.AsArray().Should().HaveCount(2);
            All(type => type == "google_compute_firewall").Where(other => other.Block.ContainsKey("allow"))
                .Should().AllSatisfy(other => other.Block["priority"]!.GetValue<int>().Should().BeLessThan(one.Block["priority"]!.GetValue<int>()));
        });
        All(type => type == "azurerm_network_security_group").SelectMany(one => SecurityRules(one.Block))
            .MaxBy(rule => rule["priority"]!.GetValue<int>())!["access"]!.GetValue<string>().Should().Be("Deny");
    }

    [Fact]
    public void No_variable_of_a_secret_has_a_default_and_no_attribute_is_one()
    {
        Folders.SelectMany(folder => folder.Variables.Where(variable => SecretName().IsMatch(variable.Key) && variable.Value.ContainsKey("default"))
            .Select(variable => $"{folder.Name}: {variable.Key}")).Should().BeEmpty();
        Folders.SelectMany(folder => folder.Resources.SelectMany(resource => Members(resource.Block).Where(member => SecretValue().IsMatch(member))
            .Select(member => $"{folder.Name}, {resource.Type}: {member}"))).Should().BeEmpty();
    }

    [Fact]
    public void The_README_names_every_folder_and_version_and_says_that_nothing_was_applied()
    {
        var text = Repository.Read($"{Folder}/README.md");

        text.Should().Contain("**Not applied");
        Folders.Select(folder => folder.Name).Where(name => !text.Contains($"({name}/", StringComparison.Ordinal) && !text.Contains($"({name})", StringComparison.Ordinal)).Should().BeEmpty();
        Folders.SelectMany(Providers).Select(provider => $"`{(string?)provider.Value!["source"]}` {provider.Value["version"]}").Distinct()
            .Where(pin => !text.Contains(pin, StringComparison.Ordinal)).Should().BeEmpty();
        Roots.Select(root => Repository.Read($"{root.Folder.Path}/main.tf").Split('\n')[0]).Should().AllSatisfy(line => line.Should().Contain("Not applied"));
    }

    private static IEnumerable<(TerraformInstance Instance, string Type, JsonObject Block)> All(Func<string, bool> isOne) =>
        from instance in Instances
        from resource in instance.Folder.Resources
        where isOne(resource.Type)
        select (instance, resource.Type, resource.Block);

    // Rules that let addresses in, rather than members by name; with the ports, which are numbers or the rule has not been understood.
    private static IEnumerable<(string Root, string[] Ports)> OpenToAddresses(TerraformInstance instance)
    {
        foreach (var (type, _, block) in instance.Folder.Resources)
        {
            IEnumerable<JsonNode?[]> rules = type switch
            {
                "google_compute_firewall" when block.ContainsKey("source_ranges") && block.ContainsKey("allow") =>
                    block["allow"]!.AsArray().Select(allow => allow!["ports"]?.AsArray().ToArray() ?? ["every port"]),
                "aws_vpc_security_group_ingress_rule" when !block.ContainsKey("referenced_security_group_id") => [[block["from_port"], block["to_port"]]],
                "aws_security_group" when block.ContainsKey("ingress") => [["a rule inside of a group"]],
                "aws_security_group_rule" => [["a rule of the older kind"]],
                "azurerm_network_security_group" => SecurityRules(block)
                    .Where(rule => (string?)rule["access"] == "Allow" && (string?)rule["direction"] == "Inbound" && !rule.ContainsKey("source_application_security_group_ids"))
                    .Select(rule => rule["destination_port_ranges"]?.AsArray().ToArray() ?? [rule["destination_port_range"]]),
                "azurerm_network_security_rule" => [["a rule outside of its group"]],
                _ => [],
            };
            foreach (var ports in rules)
            {
                yield return (instance.Root.Folder.Name, [.. ports.Select(port => Text(instance, port) ?? "every port").Distinct()]);
            }
        }
    }

    private static IEnumerable<JsonObject> SecurityRules(JsonObject group) => group["security_rule"]!.AsArray().OfType<JsonObject>();

    private static string Target(string[] parts) => string.Join('.', parts.Take(parts[0] == "data" ? 3 : 2));

    private static IEnumerable<KeyValuePair<string, JsonNode?>> Providers(TerraformFolder folder) =>
        folder.Terraform.SelectMany(settings => settings["required_providers"]?.AsArray().Single()!.AsObject() ?? []);

    private static TerraformFolder Called(TerraformFolder folder, JsonObject call) =>
        Folders.Single(one => one.Path == Path.GetRelativePath(".", Path.Combine(folder.Path, (string)call["source"]!)).Replace('\\', '/'));

    private static IEnumerable<TerraformFolder> Calls(TerraformFolder folder) => folder.Modules.Values.Select(call => Called(folder, call));

    private static IEnumerable<string> Strings(JsonNode? value) => value switch
    {
        JsonObject members => members.SelectMany(member => Strings(member.Value)),
        JsonArray items => items.SelectMany(Strings),
        JsonValue one when one.TryGetValue<string>(out var text) => [text],
        _ => [],
    };

    private static IEnumerable<string> Members(JsonNode? value) => value switch
    {
        JsonObject members => members.SelectMany(member => Members(member.Value).Prepend(member.Key)),
        JsonArray items => items.SelectMany(Members),
        _ => [],
    };

    [GeneratedRegex("instance|launch_template|virtual_machine|scale_set")]
    private static partial Regex MachineName();

    [GeneratedRegex("secret|password|token|credential|connection|private_key|access_key", RegexOptions.IgnoreCase)]
    private static partial Regex SecretName();

    // What would put a secret's content into Terraform's own state.
    [GeneratedRegex("^(.*password|secret_data|secret_string|secret_value|token|private_key.*|access_key|connection_string)$")]
    private static partial Regex SecretValue();
}
