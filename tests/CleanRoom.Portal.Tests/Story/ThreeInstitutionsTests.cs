using System.Text;
using CleanRoom.Portal.Tests.Support;
using CleanRoom.TestKit;
using CleanRoom.TestKit.Storage;

namespace CleanRoom.Portal.Tests.Story;

/// <summary>Two institutions at the command line and one in a browser, at a real node: from invitation to verified receipt.</summary>
[Collection(BrowserTests.Name)]
public sealed class ThreeInstitutionsTests(Chromium chromium)
{
    private static readonly string[] _roles = ["--roles", "admin", "owner", "analyst", "approver", "receiver", "auditor"];

    private const int MostLines = 5_001;

    private const string Sql =
        "SELECT e.event, count(DISTINCT r.id) AS people FROM registry.people r JOIN hospital.events e ON r.id = e.id GROUP BY e.event";

    [Fact]
    public async Task Hospital_takes_part_by_clicks_from_invitation_to_verified_receipt()
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
        foreach (var role in (string[])["Admin", "Owner", "Analyst", "Approver", "Receiver", "Auditor"])
        {
            await hospital.CheckAsync($"input[data-role='{role}']");
        }

        await hospital.PictureAsync("join");
        await hospital.DoAsync("delegate");
        await hospital.DoAsync("sign-in");
        (await page.Locator("[data-roles='hospital/eve']").InnerTextAsync()).Should().Contain("owner");

        await hospital.FollowAsync("contract");
        (await page.Locator("[data-contract-state]").GetAttributeAsync("data-contract-state")).Should().Be("inactive");
        (await page.Locator("[data-signer='registry']").GetAttributeAsync("data-signed")).Should().Be("yes");
        (await page.Locator("[data-signer='hospital']").GetAttributeAsync("data-signed")).Should().Be("no");
        (await page.Locator("[data-action='sign']").IsDisabledAsync()).Should().BeTrue("what was not read is not signed");
        await hospital.PictureAsync("contract");
        await hospital.CheckAsync("input[data-read='contract']");
        await hospital.DoAsync("sign", brings: "[data-contract-state='active']");
        (await registry.DoAsync("query", "list")).AsArray().Should().BeEmpty("the command line finds the contract in force");

        await hospital.FollowAsync("room");
        await hospital.DoAsync("verify");
        (await hospital.LightAsync()).Should().Be("Amber");
        await hospital.PictureAsync("room");

        await BringDataAsync(hospital, registry);
        var query = await AskAsync(hospital, registry);
        await DecideAsync(hospital, registry, query);
        await OpenAsync(hospital, query);

        // A reload finds keys, room and member again, and verifies afresh.
        await hospital.OpenAsync("contract");
        await page.Locator("[data-actor='hospital/eve']").WaitForAsync();
        (await page.Locator("[data-contract-state]").GetAttributeAsync("data-contract-state")).Should().Be("active");
        hospital.Errors.Should().BeEmpty();
        foreach (var secret in (string[])["hospital/eve", "hospital.events", "SELECT", "nafld"])
        {
            sent.ToString().Should().NotContain(secret, "what is said to the room goes through the channel");
        }
    }

    private static async Task BringDataAsync(PortalPages hospital, CliPerson registry)
    {
        var page = hospital.Page;
        await hospital.FollowAsync("data");
        var (wrong, file) = (registry.PathOf("wrong.csv"), registry.PathOf("hospital.csv"));
        await File.WriteAllTextAsync(wrong, "id,days,event\n1,zero,nafld\n", TestContext.Current.CancellationToken);
        await hospital.ChooseAsync("file-hospital-events", wrong);
        (await hospital.RefusedAsync("upload")).Should().Contain("dataset-rejected").And.Contain("row 1");

        // The page interprets its code: a part of the records keeps the check short.
        var lines = await File.ReadAllLinesAsync(Example("hospital.csv"), TestContext.Current.CancellationToken);
        await File.WriteAllLinesAsync(file, lines.Take(MostLines), TestContext.Current.CancellationToken);
        await hospital.ChooseAsync("file-hospital-events", file);
        await hospital.DoAsync("upload");
        (await page.Locator("[data-report]").GetAttributeAsync("data-report")).Should().Be("accepted");
        (await page.Locator("[data-dataset='hospital.events']").GetAttributeAsync("data-version")).Should().Be("1");
        await hospital.PictureAsync("data");
        await registry.DoAsync("dataset", "upload", Example("registry.csv"), "--dataset", "registry.people");
    }

    private static async Task<string> AskAsync(PortalPages hospital, CliPerson registry)
    {
        var page = hospital.Page;
        await hospital.FollowAsync("queries");
        await hospital.TypeAsync("sql", "SELECT p.id, count(*) FROM registry.people p GROUP BY p.id");
        await hospital.DoAsync("explain", brings: "[data-verdict-decision='Refuse']");
        (await page.Locator("[data-verdict-decision]").InnerTextAsync()).Should().Contain("What would pass");
        (await page.Locator("[data-action='submit']").IsDisabledAsync()).Should().BeTrue("what the rules refuse is not submitted");
        await hospital.PictureAsync("queries");

        await File.WriteAllTextAsync(registry.PathOf("q.sql"), Sql, TestContext.Current.CancellationToken);
        return (await registry.DoAsync("query", "submit", "--sql", "@q.sql", "--receiver", "hospital", "registry"))["query"]!.GetValue<string>();
    }

    private static async Task DecideAsync(PortalPages hospital, CliPerson registry, string query)
    {
        var page = hospital.Page;
        await hospital.FollowAsync("approvals");
        await hospital.DoAsync("look");
        await page.Locator($"[data-query='{query}'] a").ClickAsync();
        await page.Locator("[data-verdict-decision='NeedsApproval']").WaitForAsync();
        await hospital.PictureAsync("approval");
        await hospital.DoAsync("twin", brings: "[data-twin]");
        await page.Locator("[data-twin]").ScrollIntoViewIfNeededAsync();
        await hospital.PictureAsync("made-up");
        await hospital.TypeAsync("approve-reason", "within our purpose");
        await hospital.DoAsync("approve", brings: "dt:has-text('hospital/eve approved')");

        var verdict = (await registry.DoAsync("query", "status", query))["verdictDigest"]!.GetValue<string>();
        await registry.DoAsync("query", "approve", query, "--verdict", verdict, "--reason", "ours");
        (await registry.DoAsync("query", "status", query, "--follow"))["status"]!.GetValue<string>().Should().Be("completed");
    }

    private static async Task OpenAsync(PortalPages hospital, string query)
    {
        var page = hospital.Page;
        await hospital.DoAsync("refresh");
        await page.Locator("[data-query-status='completed']").WaitForAsync();
        await hospital.FollowAsync("results");
        await page.Locator($"[data-result='{query}']").ClickAsync();
        await hospital.DoAsync("open", brings: "[data-answer] td");
        await hospital.DoAsync("receipt");
        (await page.Locator("[data-receipt]").GetAttributeAsync("data-receipt")).Should().Be("verified");
        await page.EvaluateAsync("() => scrollTo(0, 0)");
        await hospital.PictureAsync("result");
        await hospital.FollowAsync("ledger");
        (await page.Locator("[data-row='0']").InnerTextAsync()).Should().Contain("made the room's keys");
        await hospital.PictureAsync("ledger");
    }

    private static string Example(string name) => RepositoryFiles.Committed("contracts", "examples", "nafld", name);

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
