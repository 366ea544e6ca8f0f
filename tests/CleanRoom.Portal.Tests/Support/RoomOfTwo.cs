using System.Text.Json.Nodes;
using CleanRoom.Portal.Tests.Uploads;

namespace CleanRoom.Portal.Tests.Support;

/// <summary>A room of registry and hospital, begun by the registry's command line.</summary>
internal static class RoomOfTwo
{
    /// <summary>Makes ada's keys, proposes the contract at a node, and signs it for the registry.</summary>
    /// <param name="registry">Whose profile.</param>
    /// <param name="node">Where.</param>
    /// <param name="hospital">The hospital's root key in base64.</param>
    /// <returns>What <c>keys new</c> said of ada's keys.</returns>
    public static async Task<JsonNode> BeginAsync(CliPerson registry, Uri node, string hospital)
    {
        var url = node.GetLeftPart(UriPartial.Authority);
        await File.WriteAllTextAsync(registry.PathOf("example.json"), UploadScene.Contract(), TestContext.Current.CancellationToken);
        var own = (await registry.DoAsync("keys", "new", "--collaborator", "registry"))["sign"];
        var ada = await registry.DoAsync("keys", "new", "--collaborator", "registry", "--member", "ada");
        await registry.RunAsync(5, "room", "verify", url, "--save", "@node.evidence");
        await registry.ShowAsync("attest", "policy", "new", "--from", "@node.evidence", "--out", "@policy.json");
        await registry.ShowAsync(
            "contract", "new", "--from", "@example.json", "--policy", "@policy.json", "--allow-insecure", "--out", "@contract.json",
            "--root-key", $"registry={own}", $"hospital={hospital}");
        await registry.DoAsync("member", "delegate", "--collaborator", "registry", "--member", "ada", "--out", "@ada.delegation", "--roles", "admin", "owner");
        await registry.DoAsync("contract", "propose", "@contract.json", "--to", url, "--delegation", "@ada.delegation");
        return ada;
    }
}
