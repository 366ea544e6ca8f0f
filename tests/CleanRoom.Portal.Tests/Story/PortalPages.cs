using CleanRoom.Portal.Tests.Accessibility;
using Microsoft.Playwright;

namespace CleanRoom.Portal.Tests.Story;

/// <summary>A person in a browser, who sees and clicks what is there.</summary>
internal sealed class PortalPages
{
    private const string Broken = "#blazor-error-ui:visible";

    private readonly IPage _page;
    private readonly Uri _address;
    private readonly List<string> _errors = [];

    public PortalPages(IPage page, Uri address)
    {
        (_page, _address) = (page, address);
        page.Console += (_, message) => _errors.AddRange(message.Type is "error" && !IsOfAnotherServer(message) ? [message.Text] : []);
        page.PageError += (_, error) => _errors.Add(error);
    }

    /// <summary>Gets what the page complained of.</summary>
    public IReadOnlyList<string> Errors => _errors;

    /// <summary>A room that answers with an error, or not at all, is none of the page's: the browser says so by itself.</summary>
    private bool IsOfAnotherServer(IConsoleMessage message) =>
        message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal) && !message.Location.StartsWith(_address.AbsoluteUri, StringComparison.Ordinal);

    /// <summary>Gets the page itself.</summary>
    public IPage Page => _page;

    /// <summary>Opens one of the portal's addresses and waits until it is shown.</summary>
    public async Task OpenAsync(string path)
    {
        await _page.GotoAsync(new Uri(_address, path).AbsoluteUri);
        await _page.Locator("h1:not(.boot h1)").WaitForAsync();
    }

    /// <summary>Follows a link of the menu, without loading the page again.</summary>
    public async Task FollowAsync(string path)
    {
        await _page.Locator($"nav a[href='{path}']").First.ClickAsync();
        await _page.WaitForURLAsync(new Uri(_address, path).AbsoluteUri);
    }

    /// <summary>Types into a field.</summary>
    public Task TypeAsync(string id, string text) => _page.Locator($"#{id}").FillAsync(text);

    /// <summary>Sets a checkbox, and waits until it shows that.</summary>
    public async Task CheckAsync(string box)
    {
        await _page.Locator(box).ClickAsync();
        await SeenAsync(_page.Locator($"{box}:checked"));
    }

    /// <summary>Chooses a file, and waits until the page has read it.</summary>
    public async Task ChooseAsync(string id, string path)
    {
        await _page.Locator($"#{id}").SetInputFilesAsync(path);
        await SeenAsync(_page.Locator($"[data-file='{Path.GetFileName(path)}']"));
    }

    /// <summary>Clicks an action and waits until it says that it is done; one that says nothing is done when it has not refused.</summary>
    public async Task DoAsync(string action) =>
        (await EndAsync(action)).Should().NotStartWith("refused:");

    /// <summary>Clicks an action that must be refused, and returns what the page says.</summary>
    public async Task<string> RefusedAsync(string action)
    {
        var said = await EndAsync(action);
        said.Should().StartWith("refused:");
        return said;
    }

    /// <summary>Clicks an action, and returns what it says when it has ended.</summary>
    public Task<string> SaidAsync(string action) => EndAsync(action);

    /// <summary>Clicks an action that hands out a file, and keeps the file.</summary>
    public async Task SaveAsync(string action, string path)
    {
        var saved = await _page.RunAndWaitForDownloadAsync(() => DoAsync(action));
        await saved.SaveAsAsync(path);
    }

    /// <summary>Clicks an action and waits for what it brings onto the _page.</summary>
    public async Task DoAsync(string action, string brings)
    {
        await _page.Locator($"[data-action='{action}']").ClickAsync();
        var outcome = _page.Locator($"{brings}, .action:has([data-action='{action}']) .refusals, {Broken}").First;
        await SeenAsync(outcome);
        _errors.Should().BeEmpty();
        (await _page.Locator(brings).CountAsync()).Should().BePositive("the page said: {0}", await outcome.InnerTextAsync());
    }

    /// <summary>Clicks an action, waits until it has ended, and returns what it says.</summary>
    private async Task<string> EndAsync(string action)
    {
        var place = $".action:has([data-action='{action}'])";
        var before = int.Parse((await _page.Locator(place).GetAttributeAsync("data-attempts"))!, System.Globalization.CultureInfo.InvariantCulture);
        await _page.Locator($"[data-action='{action}']").ClickAsync();
        await SeenAsync(_page.Locator($"{place}[data-attempts='{before + 1}'], {Broken}").First);
        _errors.Should().BeEmpty();
        var refusals = _page.Locator($"{place} .refusals");
        return await refusals.CountAsync() > 0 ? $"refused: {await refusals.First.InnerTextAsync()}" : await _page.Locator(place).InnerTextAsync();
    }

    /// <summary>Waits until something is shown.</summary>
    public async Task SeeAsync(string wanted)
    {
        await SeenAsync(_page.Locator($"{wanted}, {Broken}").First);
        _errors.Should().BeEmpty();
    }

    /// <summary>Waits for something; what the page shows instead is the failure's text.</summary>
    private async Task SeenAsync(ILocator wanted)
    {
        try
        {
            await wanted.WaitForAsync();
        }
        catch (TimeoutException)
        {
            var text = await _page.Locator("#content").InnerTextAsync();
            Assert.Fail($"wanted {wanted}; got a page with: {text}\nerrors: {string.Join('\n', _errors)}");
        }
    }

    /// <summary>Returns the badge's colour.</summary>
    public async Task<string> LightAsync() => (await _page.Locator("[data-light]").GetAttributeAsync("data-light"))!;

    /// <summary>Audits the page for accessibility, and takes a picture of it at both widths, where pictures are wanted.</summary>
    public async Task PictureAsync(string name)
    {
        await PageAudit.RunAsync(_page, name);
        if (Environment.GetEnvironmentVariable("CLEANROOM_PORTAL_PICTURES") is not { Length: > 0 } folder)
        {
            return;
        }

        foreach (var width in (int[])[1280, 390])
        {
            await _page.SetViewportSizeAsync(width, 900);
            await _page.EvaluateAsync("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");
            await _page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, $"{name}-{width}.png"), FullPage = false, Animations = ScreenshotAnimations.Disabled });
        }

        await _page.SetViewportSizeAsync(1280, 900);
    }
}
