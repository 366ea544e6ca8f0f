using System.Text.Json.Nodes;
using CleanRoom.Portal.Tests.Story;
using CleanRoom.Portal.Tests.Support;
using CleanRoom.TestKit.Storage;

namespace CleanRoom.Portal.Tests.Invitations;

/// <summary>A link from the command line, opened in a browser; and one from a browser, opened by the command line.</summary>
[Collection(BrowserTests.Name)]
public sealed class InvitationLinkTests(Chromium chromium) : IDisposable
{
    private readonly CliPerson _registry = new();
    private readonly CliPerson _stranger = new();
    private readonly CliPerson _laboratory = new();
    private readonly TemporaryDirectory _folder = new();
    private readonly TemporaryDirectory _other = new();

    [Fact]
    public async Task Nothing_is_joined_before_the_fingerprint_was_told_and_the_fragment_reaches_no_server()
    {
        await using var node = await BuiltProgram.ServeAsync(_folder.Path);
        await using var hospital = await Institution.OpenAsync(chromium, "hospital", "eve");
        var browser = hospital.Browser;
        var root = await hospital.MakeKeysAsync();
        var made = await InviteAsync(_registry, node.Address, root);
        var (link, fingerprint) = (made["link"]!.GetValue<string>(), made["fingerprint"]!.GetValue<string>());

        // The page is opened with the fragment, as a click on the link does.
        await browser.OpenAsync($"invited#{link.Split('#')[1]}");
        await browser.SeeAsync("[data-invited]");
        await browser.PictureAsync("invited");
        var shown = (await browser.Page.Locator("[data-invited]").InnerTextAsync()).Replace(" ", string.Empty, StringComparison.Ordinal);
        shown.Should().Contain(fingerprint).And.Contain("registry/ada").And.Contain(made["collaboration"]!.GetValue<string>());
        (await browser.Page.Locator("[data-action='accept-link']").IsDisabledAsync()).Should().BeTrue("nothing was told yet");

        await browser.TypeAsync("invited-told", fingerprint[..19]);
        (await browser.RefusedAsync("accept-link")).Should().Contain("the first 20 digits");
        await browser.TypeAsync("invited-told", new string('0', 64));
        (await browser.RefusedAsync("accept-link")).Should().Contain("somebody else made the link");
        (await StoredAsync(browser)).Should().BeEmpty("nothing was confirmed");

        // Somebody else's link to somebody else's room: its own fingerprint is shown, and what the inviter told does not fit it.
        await using var elsewhere = await BuiltProgram.ServeAsync(_other.Path);
        var foreign = (await InviteAsync(_stranger, elsewhere.Address, root))["link"]!.GetValue<string>();
        await browser.TypeAsync("invited-link", foreign);
        await browser.DoAsync("read-link");
        await browser.TypeAsync("invited-told", fingerprint);
        (await browser.RefusedAsync("accept-link")).Should().Contain("somebody else made the link");
        await browser.TypeAsync("invited-link", link[..^4] + "AAAA");
        (await browser.RefusedAsync("read-link")).Should().ContainAny("changed on the way", "a part of one");
        (await browser.Page.Locator("[data-invited]").CountAsync()).Should().Be(0, "what was shown before is not meant any more");
        (await StoredAsync(browser)).Should().BeEmpty();

        await browser.TypeAsync("invited-link", link);
        await browser.DoAsync("read-link");
        await browser.TypeAsync("invited-told", $"{fingerprint[..4]} {fingerprint[4..24]}");
        await browser.DoAsync("accept-link");
        (await StoredAsync(browser)).Should().Equal(made["collaboration"]!.GetValue<string>());
        hospital.Requests.Should().NotContain(request => request.Address.OriginalString.Contains("invitation=", StringComparison.Ordinal));
        browser.Errors.Should().BeEmpty();

        // The browser invites in its turn, and the command line asks for the same.
        await browser.FollowAsync("join");
        await hospital.TakeAllRolesAsync();
        await browser.DoAsync("delegate");
        await browser.DoAsync("sign-in");
        await browser.DoAsync("invite-link", brings: "#invitation-link");
        await browser.PictureAsync("invite-link");
        var own = await browser.Page.Locator("#invitation-link").InputValueAsync();
        var told = (await browser.Page.Locator("dl:has(+ .mud-input-control #invitation-link) .fingerprint, .fingerprint:near(#invitation-link)").First.InnerTextAsync()).Replace(" ", string.Empty, StringComparison.Ordinal);
        await _laboratory.RunAsync(2, "member", "invite", "--open", own, "--fingerprint", fingerprint);
        await _laboratory.RunAsync(1, "member", "invite", "--open", own);
        (await _laboratory.ShowAsync("member", "invite", "--open", own, "--fingerprint", told))["collaboration"]!.GetValue<string>().Should().Be(made["collaboration"]!.GetValue<string>());
    }

    public void Dispose()
    {
        _registry.Dispose();
        _stranger.Dispose();
        _laboratory.Dispose();
        _folder.Dispose();
        _other.Dispose();
    }

    private static async Task<string[]> StoredAsync(PortalPages browser) => await browser.Page.EvaluateAsync<string[]>(
        "async () => (await (await import('/portal/js/cleanroom.js')).listRooms()).map(room => room.id)");

    /// <summary>Begins a room of two, and signs a link to it.</summary>
    private static async Task<JsonNode> InviteAsync(CliPerson person, Uri node, string hospital)
    {
        await RoomOfTwo.BeginAsync(person, node, hospital);
        return await person.DoAsync("member", "invite", "--link");
    }
}
