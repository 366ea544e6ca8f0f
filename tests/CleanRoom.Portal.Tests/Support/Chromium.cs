using Microsoft.Playwright;

namespace CleanRoom.Portal.Tests.Support;

/// <summary>Headless Chromium under Playwright, shared by the tests of a collection. Where it is not installed, tests skip, except in CI, where they fail.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private static readonly string? _path = Environment.GetEnvironmentVariable("PATH")?.Split(Path.PathSeparator)
        .SelectMany(folder => new[] { "chromium", "chromium-browser", "google-chrome" }.Select(name => Path.Combine(folder, name)))
        .FirstOrDefault(File.Exists);

    private static readonly string[] _arguments =
    [
        "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync",
    ];

    private BuiltProgram? _portal;
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>Gets the portal as it runs on a collaborator's own machine.</summary>
    internal BuiltProgram Portal => _portal ?? throw new InvalidOperationException("the portal has not started");

    public async ValueTask InitializeAsync()
    {
        _portal = await BuiltProgram.StartAsync("portal", "--port", "0");
        if (_path is null)
        {
            return;
        }

        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = _path, Args = _arguments });
    }

    /// <summary>Opens a profile of its own: another person's browser.</summary>
    internal async Task<IBrowserContext> ProfileAsync(int width = 1280)
    {
        Assert.SkipWhen(_browser is null && Environment.GetEnvironmentVariable("CI") != "true", "chromium is not installed");
        _browser.Should().NotBeNull("CI installs chromium");
        var profile = await _browser!.NewContextAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = 900 },
            ColorScheme = ColorScheme.Light,
            ReducedMotion = ReducedMotion.Reduce,
        });
        profile.SetDefaultTimeout((float)TimeSpan.FromMinutes(2).TotalMilliseconds);
        return profile;
    }

    /// <summary>Starts another browser, which can be let go of.</summary>
    internal Task<LooseChromium> LooseAsync(CancellationToken cancellationToken)
    {
        Assert.SkipWhen(_path is null && Environment.GetEnvironmentVariable("CI") != "true", "chromium is not installed");
        return LooseChromium.StartAsync(_path!, _arguments, cancellationToken); // Looked for above; CI installs it.
    }

    /// <summary>Takes hold of it.</summary>
    internal Task<IBrowser> HoldAsync(LooseChromium browser) => browser.HoldAsync(_playwright!); // There with the browser.

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
        if (_portal is not null)
        {
            await _portal.DisposeAsync();
        }
    }
}

/// <summary>Tests that share one browser.</summary>
[CollectionDefinition(Name)]
public sealed class BrowserTests : ICollectionFixture<Chromium>
{
    public const string Name = "browser";
}
