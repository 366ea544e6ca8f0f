using CleanRoom.Portal.Tests.Story;
using CleanRoom.Portal.Tests.Support;
using CleanRoom.TestKit;

namespace CleanRoom.Portal.Tests.Accessibility;

/// <summary>The portal without a mouse.</summary>
[Collection(BrowserTests.Name)]
public sealed class KeyboardTests(Chromium chromium)
{
    [Fact]
    public async Task Every_page_is_gone_through_by_tab_a_link_skips_the_menu_and_keys_are_made()
    {
        Assert.SkipUnless(Tier.IsLong, "part of the full tier: the quick one has twenty minutes");
        await using var profile = await chromium.ProfileAsync();
        var page = await profile.NewPageAsync();
        var portal = new PortalPages(page, chromium.Portal.Address);
        await portal.OpenAsync("");
        var paths = await page.Locator("nav a").EvaluateAllAsync<string[]>("links => links.map(link => link.getAttribute('href')).filter(path => path)");
        paths.Length.Should().BeGreaterThan(7);
        foreach (var path in paths)
        {
            await portal.FollowAsync(path);
            await page.Locator("h1").First.WaitForAsync();
            await KeyboardAudit.RunAsync(page, path);
        }

        // A page that was opened has its heading in focus; whoever goes back finds the way past the menu, and sees it then.
        var skip = page.Locator("a.skip");
        (await skip.BoundingBoxAsync())!.X.Should().BeNegative("it is shown to those who reach it");
        await skip.FocusAsync();
        (await skip.BoundingBoxAsync())!.X.Should().BeGreaterThanOrEqualTo(0);
        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.PressAsync("Tab");
        (await page.EvaluateAsync<bool>("() => document.querySelector('#content').contains(document.activeElement)")).Should().BeTrue("the menu is skipped");

        // Something is done without a mouse.
        await portal.FollowAsync("keys");
        await page.Locator("#new-collaborator").FocusAsync();
        await page.Keyboard.TypeAsync("hospital");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.TypeAsync("eve");
        await page.Keyboard.PressAsync("Tab");
        (await page.EvaluateAsync<string>("() => document.activeElement.dataset.action")).Should().Be("new-member");
        await page.Keyboard.PressAsync("Enter");

        await page.Locator("[data-key='hospital/eve']").WaitForAsync();
        portal.Errors.Should().BeEmpty();
    }
}
