using System.Text;
using System.Text.Json.Nodes;
using CleanRoom.Portal.Features.Contracts;
using CleanRoom.Portal.Tests.Support;
using CleanRoom.TestKit;
using CleanRoom.TestKit.Network;
using CleanRoom.TestKit.Storage;

namespace CleanRoom.Portal.Tests.Story;

/// <summary>A server that answers something else, a room that changes under an open page, and papers that do not fit: each says what happened and what to do.</summary>
[Collection(BrowserTests.Name)]
public sealed class BadServerTests(Chromium chromium) : IDisposable
{
    private const string Page = "<html><body>Sign in to the guest network</body></html>";

    private static readonly string _html =
        $"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nAccess-Control-Allow-Origin: *\r\nAccess-Control-Allow-Headers: *\r\nContent-Length: {Page.Length}\r\nConnection: close\r\n\r\n{Page}";

    private readonly TemporaryDirectory _folder = new();
    private readonly TemporaryDirectory _node = new();
    private readonly TemporaryDirectory _other = new();

    [Fact]
    public async Task Each_says_what_happened_and_what_to_do_and_nothing_is_lost()
    {
        Assert.SkipUnless(Tier.IsLong, "part of the full tier: the quick one has twenty minutes");
        await using var node = await BuiltProgram.ServeAsync(_node.Path);
        await using var wire = WireTap.Before(node.Address);
        await using var registry = await Institution.OpenAsync(chromium, "registry", "ada");
        var (browser, page) = (registry.Browser, registry.Browser.Page);
        await registry.MakeKeysAsync();

        // A page of a guest network instead of a room.
        wire.Answer(_html);
        await browser.FollowAsync("room");
        await browser.TypeAsync("room-url", wire.Address);
        (await browser.RefusedAsync("connect")).Should().Contain("Wanted").And.NotContain("guest network", "its words are anyone's");
        (await browser.LightAsync()).Should().Be("Red");
        wire.Answer(null);
        await browser.DoAsync("connect");

        // A room of one's own. The laboratory of the example stands for people who are not here.
        await using var hospital = await Institution.OpenAsync(chromium, "hospital", "eve");
        await browser.FollowAsync("propose");
        await browser.CheckAsync("input[data-example='nafld']");
        await browser.TypeAsync("root-hospital", await hospital.MakeKeysAsync());
        await browser.TypeAsync("root-laboratory", "not a key");
        (await browser.RefusedAsync("draft")).Should().Contain("the root key of laboratory in base64");
        await browser.TypeAsync("root-laboratory", ContractExamples.Read("nafld").Value.Collaborators.Single(one => one.Id == "laboratory").RootKey.ToString());
        await browser.CheckAsync("input[data-insecure='allow']");
        await browser.DoAsync("draft", brings: "[data-action='propose']");
        await registry.TakeAllRolesAsync();
        await browser.CheckAsync("input[data-read='draft']");
        await browser.DoAsync("propose", brings: "[data-signer='registry'][data-signed='yes']");
        await browser.FollowAsync("join");
        await browser.SaveAsync("invite", _folder.File("invitation"));

        // An invitation with another contract: the room's ledger decides, and the right one can still be taken.
        await AltersAsync(hospital);

        // The room turns into something else in the middle of the session, and comes back.
        await browser.FollowAsync("ledger");
        await browser.DoAsync("audit");
        await using (var other = await BuiltProgram.ServeAsync(_other.Path))
        {
            wire.TurnTo(other.Address);
            wire.Break();
            var refused = await browser.RefusedAsync("audit");
            refused.Should().Contain("an answer that the attested node sealed").And.MatchRegex("try again|verify the room again|Sign and send nothing");
            await page.Locator("[data-light='Red']").WaitForAsync();
        }

        wire.TurnTo(node.Address);
        wire.Break();
        await browser.DoAsync("audit");
        await browser.DoAsync("reaudit");
        (await page.Locator("[data-done='reaudit']").InnerTextAsync()).Should().Contain("rows hold");
        await page.Locator("[data-prove='0']").ClickAsync();
        await page.Locator("[data-proof='holds']").WaitForAsync();
        await browser.FollowAsync("room");
        await browser.DoAsync("verify");
        (await browser.LightAsync()).Should().Be("Amber");

        // One who is revoked is told so, and what it would change stands there before.
        await RevokesAsync(browser);
    }

    public void Dispose()
    {
        _folder.Dispose();
        _node.Dispose();
        _other.Dispose();
    }

    private async Task AltersAsync(Institution hospital)
    {
        var altered = JsonNode.Parse(await File.ReadAllTextAsync(_folder.File("invitation"), TestContext.Current.CancellationToken))!;
        var contract = Encoding.UTF8.GetString(Convert.FromBase64String(altered["contract"]!.GetValue<string>()));
        altered["contract"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(contract.Replace("three institutions", "four institutions", StringComparison.Ordinal)));
        await File.WriteAllTextAsync(_folder.File("altered"), altered.ToJsonString(), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(_folder.File("no-invitation"), "{}", TestContext.Current.CancellationToken);
        var browser = hospital.Browser;
        await browser.FollowAsync("join");
        await browser.ChooseAsync("invitation", _folder.File("no-invitation"));
        (await browser.RefusedAsync("join")).Should().Contain("an invitation as member invite --out writes it");
        await browser.ChooseAsync("invitation", _folder.File("altered"));
        await browser.DoAsync("join");
        (await browser.RefusedAsync("sign-in")).Should().Contain("signature-unknown-key").And.Contain("root key delegate to it");
        await hospital.TakeAllRolesAsync();
        await browser.DoAsync("delegate");
        (await browser.RefusedAsync("sign-in")).Should().Contain("contract-conflict").And.Contain("another contract than the one that you were shown");

        await browser.ChooseAsync("invitation", _folder.File("invitation"));
        await browser.DoAsync("join");
        (await browser.Page.Locator("[data-joined]").InnerTextAsync()).Should().NotContain("four institutions", "what no ledger has confirmed gives way");
        await browser.DoAsync("sign-in");
    }

    private static async Task RevokesAsync(PortalPages browser)
    {
        await browser.FollowAsync("admin");
        await browser.Page.Locator("[data-revoke='registry/ada']").ClickAsync();
        (await browser.Page.Locator("[data-effect='registry/ada']").InnerTextAsync()).Should().Contain("Nobody of registry would have the role");
        await browser.TypeAsync("revoke-reason", "has left");
        await browser.DoAsync("revoke", brings: ":text('Sign in to a room first')");
        await browser.FollowAsync("join");
        (await browser.RefusedAsync("sign-in")).Should().Contain("member-revoked").And.Contain("has to delegate anew");
    }
}
