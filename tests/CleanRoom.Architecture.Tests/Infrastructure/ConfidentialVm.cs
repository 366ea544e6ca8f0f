using System.Text.Json.Nodes;
using CleanRoom.Attestation;

namespace CleanRoom.Architecture.Tests.Infrastructure;

/// <summary>infra/confidential-vm: its folders, those that are applied (roots), and all that these call.</summary>
internal static class ConfidentialVm
{
    public const string Folder = "infra/confidential-vm";

    /// <summary>The resources that are machines, each with the TEE that one starts with, by the node's name for it; null when it starts without.</summary>
    public static readonly IReadOnlyDictionary<string, Func<TerraformInstance, JsonObject, string?>> Machines = new Dictionary<string, Func<TerraformInstance, JsonObject, string?>>
    {
        ["google_compute_instance"] = (instance, machine) => Block(machine, "confidential_instance_config") is { } config
            && config["enable_confidential_compute"]?.GetValue<bool>() == true
            && Text(instance, Block(machine, "scheduling")?["on_host_maintenance"]) == "TERMINATE"
                ? Text(instance, config["confidential_instance_type"]) switch { "SEV_SNP" => TeeNames.AmdSevSnp, "TDX" => TeeNames.IntelTdx, _ => null }
                : null,
        ["azurerm_linux_virtual_machine"] = (instance, machine) => machine["vtpm_enabled"]?.GetValue<bool>() == true
            && machine["secure_boot_enabled"]?.GetValue<bool>() == true
            && Text(instance, Block(machine, "os_disk")?["security_encryption_type"]) == "DiskWithVMGuestState"
                ? TeeNames.AzureVtpm
                : null,
        ["aws_instance"] = (instance, machine) => Text(instance, Block(machine, "cpu_options")?["amd_sev_snp"]) == "enabled" ? TeeNames.AmdSevSnp
            : Block(machine, "enclave_options")?["enabled"]?.GetValue<bool>() == true ? TeeNames.AwsNitro
            : null,
    };

    private static readonly Lazy<IReadOnlyList<TerraformFolder>> _folders = new(() => TerraformFolder.Load(Repository.Files(Folder, ".tf")));

    public static IReadOnlyList<TerraformFolder> Folders => _folders.Value;

    public static IReadOnlyList<TerraformInstance> Roots =>
        [.. Folders.Where(folder => !folder.Name.StartsWith("modules/", StringComparison.Ordinal)).Select(folder => new TerraformInstance(folder, null, [], Folders))];

    public static IReadOnlyList<TerraformInstance> Instances => [.. Roots.SelectMany(root => root.Tree())];

    /// <summary>Returns the one block of a kind inside another; null when there is none.</summary>
    public static JsonObject? Block(JsonObject outer, string kind) => outer[kind] is JsonArray blocks ? blocks.Single()!.AsObject() : null;

    public static string? Text(TerraformInstance instance, JsonNode? value) => instance.Value(value)?.ToString();
}
