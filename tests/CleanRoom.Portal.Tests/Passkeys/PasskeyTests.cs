using CleanRoom.Portal.Tests.Story;
using CleanRoom.Portal.Tests.Support;
using CleanRoom.TestKit.Storage;
using Microsoft.Playwright;

namespace CleanRoom.Portal.Tests.Passkeys;

/// <summary>A member whose signing key is a passkey, in Chromium with an authenticator of its own making.</summary>
[Collection(BrowserTests.Name)]
public sealed class PasskeyTests(Chromium chromium) : IDisposable
{
    private readonly CliPerson _registry = new();
    private readonly TemporaryDirectory _folder = new();

    [Fact]
    public async Task Passkey_is_delegated_signs_in_and_signs_the_contract_and_without_it_nothing_is_signed()
    {
        await using var node = await BuiltProgram.ServeAsync(_folder.Path);
        await using var profile = await chromium.ProfileAsync();
        var page = await profile.NewPageAsync();
        var authenticator = await Authenticator.InAsync(page);
        var browser = new PortalPages(page, new UriBuilder(chromium.Portal.Address) { Host = "localhost" }.Uri);
        await browser.OpenAsync("keys");
        await browser.TypeAsync("new-collaborator", "hospital");
        await browser.TypeAsync("new-member", "eve");

        await authenticator.VerifyAsync(isVerified: false);
        (await browser.RefusedAsync("new-passkey")).Should().Contain("a passkey that the person confirmed");
        await authenticator.VerifyAsync(isVerified: true);
        await browser.DoAsync("new-passkey");
        (await page.Locator("[data-key='hospital/eve']").InnerTextAsync()).Should().Contain($"at http://localhost:{chromium.Portal.Address.Port} alone");
        await browser.PictureAsync("passkey");
        await browser.DoAsync("new-root");
        var root = (await page.Locator("[data-key='hospital root'] dd .mono").Nth(1).InnerTextAsync()).Trim();
        await RoomOfTwo.BeginAsync(_registry, node.Address, root);
        await _registry.ShowAsync("member", "invite", "--out", "@invitation");

        await browser.FollowAsync("join");
        await browser.ChooseAsync("invitation", _registry.PathOf("invitation"));
        await browser.DoAsync("join");
        foreach (var role in (string[])["Admin", "Owner"])
        {
            await browser.CheckAsync($"input[data-role='{role}']");
        }

        await browser.DoAsync("delegate");
        await authenticator.VerifyAsync(isVerified: false);
        (await browser.SaidAsync("sign-in")).Should().StartWith("refused:", "the person was not verified");
        await authenticator.VerifyAsync(isVerified: true);
        await browser.DoAsync("sign-in");

        // Notices: the contract waits for this key, and for no longer than it is looked at.
        await browser.FollowAsync("notices");
        await browser.SeeAsync("[data-notice='Contract']");
        (await page.Locator("nav a[href='notices'] .unseen").InnerTextAsync()).Should().Be(", 1 new");
        await browser.PictureAsync("notices");
        await browser.DoAsync("seen");
        (await page.Locator("[data-new]").CountAsync()).Should().Be(0);

        await browser.FollowAsync("contract");
        await browser.CheckAsync("input[data-read='contract']");
        await browser.DoAsync("sign", brings: "[data-contract-state='active']");
        browser.Errors.Should().BeEmpty();

        // The registry's own copy of the ledger, folded by the command line, says the same.
        var audit = await _registry.DoAsync("log", "audit", node.Address.GetLeftPart(UriPartial.Authority), "--out", "@log");
        audit["active"]!.GetValue<bool>().Should().BeTrue();
        (await File.ReadAllTextAsync(_registry.PathOf("log"), TestContext.Current.CancellationToken)).Length.Should().BePositive();
    }

    [Fact]
    public async Task Page_without_a_host_name_says_where_passkeys_work()
    {
        await using var profile = await chromium.ProfileAsync();
        var browser = new PortalPages(await profile.NewPageAsync(), chromium.Portal.Address);
        await browser.OpenAsync("keys");
        await browser.TypeAsync("new-collaborator", "hospital");
        await browser.TypeAsync("new-member", "eve");

        (await browser.RefusedAsync("new-passkey")).Should().Contain($"http://localhost:{chromium.Portal.Address.Port}/portal/").And.Contain("127.0.0.1, for which browsers make no passkey");
    }

    public void Dispose()
    {
        _registry.Dispose();
        _folder.Dispose();
    }

    /// <summary>Chromium's virtual authenticator, by its debugging protocol.</summary>
    private sealed class Authenticator(ICDPSession session, string id)
    {
        public static async Task<Authenticator> InAsync(IPage page)
        {
            var session = await page.Context.NewCDPSessionAsync(page);
            await session.SendAsync("WebAuthn.enable");
            var added = await session.SendAsync("WebAuthn.addVirtualAuthenticator", new Dictionary<string, object>
            {
                ["options"] = new Dictionary<string, object>
                {
                    ["protocol"] = "ctap2",
                    ["transport"] = "internal",
                    ["hasResidentKey"] = true,
                    ["hasUserVerification"] = true,
                    ["isUserVerified"] = true,
                    ["automaticPresenceSimulation"] = true,
                },
            });
            return new Authenticator(session, added!.Value.GetProperty("authenticatorId").GetString()!);
        }

        /// <summary>Says whether the person that the authenticator asks is the right one.</summary>
        public async Task VerifyAsync(bool isVerified) => await session.SendAsync(
            "WebAuthn.setUserVerified", new Dictionary<string, object> { ["authenticatorId"] = id, ["isUserVerified"] = isVerified });
    }
}
