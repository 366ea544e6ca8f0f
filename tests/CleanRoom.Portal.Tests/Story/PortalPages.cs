using CleanRoom.Portal.Tests.Support;
using Microsoft.Playwright;

namespace CleanRoom.Portal.Tests.Story;

/// <summary>A person in a browser, who sees and clicks what is there.</summary>
internal sealed class PortalPages(IPage page, Uri address)
{
    /// <summary>Gets the page itself.</summary>
    public IPage Page => page;

    /// <summary>Opens one of the portal's addresses and waits until it is shown.</summary>
    public async Task OpenAsync(string path)
    {
        await page.GotoAsync(new Uri(address, path).AbsoluteUri);
        await page.Locator("h1:not(.boot h1)").WaitForAsync();
    }

    /// <summary>Follows a link of the menu, without loading the page again.</summary>
    public async Task FollowAsync(string path)
    {
        await page.Locator($"nav a[href='{path}']").First.ClickAsync();
        await page.WaitForURLAsync(new Uri(address, path).AbsoluteUri);
    }

    /// <summary>Types into a field.</summary>
    public Task TypeAsync(string id, string text) => page.Locator($"#{id}").FillAsync(text);

    /// <summary>Chooses a file.</summary>
    public Task ChooseAsync(string id, string path) => page.Locator($"#{id}").SetInputFilesAsync(path);

    /// <summary>Clicks an action and waits until it says that it is done.</summary>
    public async Task DoAsync(string action)
    {
        await page.Locator($"[data-action='{action}']").ClickAsync();
        var outcome = page.Locator($".action:has([data-action='{action}'])").Locator("[data-done], .refusals").First;
        await outcome.WaitForAsync();
        (await outcome.GetAttributeAsync("data-done")).Should().Be(action, "the page said: {0}", await outcome.InnerTextAsync());
    }

    /// <summary>Clicks an action that must be refused, and returns what the page says.</summary>
    public async Task<string> RefusedAsync(string action)
    {
        await page.Locator($"[data-action='{action}']").ClickAsync();
        var outcome = page.Locator($".action:has([data-action='{action}'])").Locator("[data-done], .refusals").First;
        await outcome.WaitForAsync();
        (await outcome.GetAttributeAsync("data-done")).Should().BeNull();
        return await outcome.InnerTextAsync();
    }

    /// <summary>Returns the badge's colour.</summary>
    public async Task<string> LightAsync() => (await page.Locator("[data-light]").GetAttributeAsync("data-light"))!;

    /// <summary>Takes a picture of the page at both widths, where pictures are wanted.</summary>
    public async Task PictureAsync(string name)
    {
        if (Environment.GetEnvironmentVariable("CLEANROOM_PORTAL_PICTURES") is not { Length: > 0 } folder)
        {
            return;
        }

        foreach (var width in (int[])[1280, 390])
        {
            await page.SetViewportSizeAsync(width, 900);
            await page.EvaluateAsync("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");
            await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, $"{name}-{width}.png"), FullPage = false, Animations = ScreenshotAnimations.Disabled });
        }

        await page.SetViewportSizeAsync(1280, 900);
    }
}
