using System.Text;
using CleanRoom.Portal.Tests.Support;
using CleanRoom.TestKit.Storage;
using Microsoft.Playwright;

namespace CleanRoom.Portal.Tests.Story;

/// <summary>Two institutions at the command line and one in a browser agree on a contract, at a real node, by clicks.</summary>
[Collection(BrowserTests.Name)]
public sealed class ThreeInstitutionsTests(Chromium chromium)
{
    private static readonly string[] _roles = ["--roles", "admin", "owner", "analyst", "approver", "receiver", "auditor"];

    [Fact]
    public async Task Hospital_joins_and_signs_in_its_browser()
    {
        using var folder = new TemporaryDirectory();
        using var registry = new CliPerson();
        using var laboratory = new CliPerson();
        await using var profile = await chromium.ProfileAsync();
        await using var node = await BuiltProgram.ServeAsync(folder.Path);
        var url = node.Address.GetLeftPart(UriPartial.Authority);
        var page = await profile.NewPageAsync();
        var sent = new StringBuilder();
        page.Request += (_, request) => sent.Append(request.Url).AppendLine(request.PostData);
        var broken = new List<string>();
        page.Console += (_, message) => broken.AddRange(message.Type is "error" ? [message.Text] : []);
        page.PageError += (_, error) => broken.Add(error);
        var hospital = new PortalPages(page, chromium.Portal.Address);

        // Keys are made in the browser; the root key's public side goes to whoever writes the contract.
        await hospital.OpenAsync("");
        await hospital.PictureAsync("start");
        (await hospital.LightAsync()).Should().Be("None");
        await hospital.FollowAsync("keys");
        await hospital.TypeAsync("new-collaborator", "hospital");
        await hospital.TypeAsync("new-member", "eve");
        await hospital.DoAsync("new-member");
        await hospital.DoAsync("new-root");
        (await hospital.RefusedAsync("new-root")).Should().Contain("no keys of hospital (root key) in this browser yet");
        await hospital.PictureAsync("keys");
        var rootKey = (await page.Locator("[data-key='hospital root'] dd .mono").Nth(1).InnerTextAsync()).Trim();

        // Without a contract a simulated room is shown, and red.
        await hospital.FollowAsync("room");
        await hospital.TypeAsync("room-url", url);
        await hospital.DoAsync("connect");
        (await hospital.LightAsync()).Should().Be("Red");
        await hospital.PictureAsync("room-alone");

        var invitation = await ProposeAsync(registry, laboratory, url, rootKey);

        // The invitation is taken only after the room was checked under its contract.
        await hospital.FollowAsync("join");
        await hospital.ChooseAsync("invitation", invitation);
        await hospital.DoAsync("join");
        (await hospital.LightAsync()).Should().Be("Amber", "the contract allows a simulated TEE, which proves nothing");
        (await hospital.RefusedAsync("sign-in")).Should().Contain("signature-unknown-key");
        await hospital.DoAsync("delegate");
        await hospital.DoAsync("sign-in");
        (await page.Locator("[data-roles='hospital/eve']").InnerTextAsync()).Should().Contain("owner");
        await hospital.PictureAsync("join");

        await hospital.FollowAsync("contract");
        (await page.Locator("[data-contract-state]").GetAttributeAsync("data-contract-state")).Should().Be("inactive");
        (await page.Locator("[data-signer='registry']").GetAttributeAsync("data-signed")).Should().Be("yes");
        (await page.Locator("[data-signer='hospital']").GetAttributeAsync("data-signed")).Should().Be("no");
        (await page.Locator("[data-action='sign']").IsDisabledAsync()).Should().BeTrue("what was not read is not signed");
        await hospital.PictureAsync("contract");
        await page.Locator("[data-read='contract'] input, input[data-read='contract']").First.CheckAsync();
        await page.Locator("[data-action='sign']").ClickAsync();
        await page.Locator("[data-contract-state='active']").WaitForAsync();
        (await registry.DoAsync("query", "list")).AsArray().Should().BeEmpty("the command line finds the contract in force");

        await hospital.FollowAsync("room");
        await hospital.DoAsync("verify");
        (await hospital.LightAsync()).Should().Be("Amber");
        await hospital.PictureAsync("room");

        // A reload finds keys, room and member again, and verifies afresh.
        await hospital.OpenAsync("contract");
        await page.Locator("[data-actor='hospital/eve']").WaitForAsync();
        (await page.Locator("[data-contract-state]").GetAttributeAsync("data-contract-state")).Should().Be("active");
        broken.Should().BeEmpty();
        sent.ToString().Should().NotContain("hospital/eve", "what is said to the room goes through the channel");
    }

    private static async Task<string> ProposeAsync(CliPerson registry, CliPerson laboratory, string url, string hospitalRoot)
    {
        List<string> rootKeys = [$"hospital={hospitalRoot}"];
        foreach (var (person, name) in new[] { (registry, "registry"), (laboratory, "laboratory") })
        {
            rootKeys.Add($"{name}={(await person.DoAsync("keys", "new", "--collaborator", name))["sign"]}");
            await person.DoAsync("keys", "new", "--collaborator", name, "--member", "ada");
        }

        await registry.RunAsync(5, "room", "verify", url, "--save", "@node.evidence");
        await registry.ShowAsync("attest", "policy", "new", "--from", "@node.evidence", "--out", "@policy.json");
        await registry.ShowAsync(
            ["contract", "new", "--from", "nafld", "--policy", "@policy.json", "--allow-insecure", "--out", "@contract.json", "--root-key", .. rootKeys]);
        await registry.DoAsync(["member", "delegate", "--collaborator", "registry", "--member", "ada", "--out", "@ada.delegation", .. _roles]);
        await registry.DoAsync("contract", "propose", "@contract.json", "--to", url, "--delegation", "@ada.delegation");
        await registry.ShowAsync("member", "invite", "--out", "@invitation");
        await laboratory.ShowAsync("member", "invite", "--accept", registry.PathOf("invitation"));
        await laboratory.DoAsync(["member", "delegate", "--collaborator", "laboratory", "--member", "ada", "--send", .. _roles]);
        await laboratory.DoAsync("contract", "sign", registry.PathOf("contract.json"));
        return registry.PathOf("invitation");
    }
}
