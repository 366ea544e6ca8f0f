using CleanRoom.Portal.Features.Drafting.Fields;
using CleanRoom.Portal.Tests.Accessibility;
using CleanRoom.Portal.Tests.Support;
using CleanRoom.Protocol.Documents;
using CleanRoom.TestKit.Storage;
using CleanRoom.TestKit;

namespace CleanRoom.Portal.Tests.Story;

/// <summary>Somebody writes a contract in the form, in a browser, and begins a room with it.</summary>
[Collection(BrowserTests.Name)]
public sealed class WriteContractTests(Chromium chromium, ServedNode node) : IClassFixture<ServedNode>, IDisposable
{
    private readonly TemporaryDirectory _folder = new();

    [Fact]
    public async Task Contract_from_the_form_outlives_a_reload_and_begins_a_room()
    {
        await using var registry = await Institution.OpenAsync(chromium, "registry", "ada");
        await using var hospital = await Institution.OpenAsync(chromium, "hospital", "eve");
        await using var laboratory = await Institution.OpenAsync(chromium, "laboratory", "kim");
        var (browser, page) = (registry.Browser, registry.Browser.Page);
        await registry.MakeKeysAsync();
        await browser.FollowAsync("room");
        await browser.TypeAsync("room-url", node.Address.GetLeftPart(UriPartial.Authority));
        await browser.DoAsync("connect");
        await browser.FollowAsync("write");
        await browser.PictureAsync("write-begin");
        await page.Locator("[data-begin='nafld']").ClickAsync();
        await browser.SeeAsync("[data-problems='5']");
        await browser.PictureAsync("write");

        await PartAsync(browser, "collaborators");
        await page.Locator("[data-collaborator='0'] button").First.ClickAsync();
        await SetAsync(browser, "/collaborators/1/rootKey", await laboratory.MakeKeysAsync());
        await SetAsync(browser, "/collaborators/2/rootKey", await hospital.MakeKeysAsync());
        await PartAsync(browser, "/datasets/0");
        await SetAsync(browser, "/datasets/0/policy/threshold/minUnits", "60");
        await page.Locator("[data-column='weight'] [data-use='sum']").ClickAsync();
        await browser.PictureAsync("write-data");
        await PartAsync(browser, "templates");
        await browser.PictureAsync("write-templates");
        await PartAsync(browser, "approval");
        await browser.PictureAsync("write-approval");
        await PartAsync(browser, "code");
        await browser.DoAsync("learn");
        await page.Locator($"#{DraftField.IdOf("/allowInsecure")}").ClickAsync();
        await browser.SeeAsync("[data-problems='0']");
        await browser.PictureAsync("write-code");
        await page.Locator("#compare-with").SelectOptionAsync("nafld");
        await browser.SeeAsync("[data-change='Tightens']");
        await browser.PictureAsync("write-compare");

        await page.ReloadAsync();
        await browser.SeeAsync("[data-problems='0']");
        await browser.SaveAsync("save-draft", _folder.File("contract.json"));
        var saved = DocumentCodec.Parse<Contract>(await File.ReadAllBytesAsync(_folder.File("contract.json"), TestContext.Current.CancellationToken)).Value;
        saved.Datasets[0].Policy.Threshold.MinUnits.Should().Be(60);
        saved.Datasets[0].Policy.Columns["weight"].Uses.Should().Equal(ColumnUse.Avg, ColumnUse.Sum);

        await registry.TakeAllRolesAsync();
        await browser.CheckAsync("input[data-read='draft']");
        await browser.DoAsync("propose", brings: "[data-signer='registry'][data-signed='yes']");
        browser.Errors.Should().BeEmpty();
    }

    [Fact]
    public async Task Form_is_gone_through_by_tab()
    {
        Assert.SkipUnless(Tier.IsLong, "part of the full tier: the quick one has twenty minutes");
        await using var profile = await chromium.ProfileAsync();
        var page = await profile.NewPageAsync();
        var portal = new PortalPages(page, chromium.Portal.Address);
        await portal.OpenAsync("write");
        await page.Locator("[data-begin='nafld']").ClickAsync();
        await PartAsync(portal, "/datasets/0");

        await KeyboardAudit.RunAsync(page, "write");
    }

    public void Dispose() => _folder.Dispose();

    private static async Task PartAsync(PortalPages browser, string part)
    {
        await browser.Page.Locator($"[data-part='{part}']").ClickAsync();
        await browser.SeeAsync($"[data-part='{part}'][aria-current='true']");
    }

    private static async Task SetAsync(PortalPages browser, string place, string text)
    {
        var field = browser.Page.Locator($"#{DraftField.IdOf(place)}");
        await field.FillAsync(text);
        await field.BlurAsync();
    }
}
