using System.Globalization;
using System.Text.Json;
using CleanRoom.Portal.Tests.Story;
using CleanRoom.Portal.Tests.Support;

namespace CleanRoom.Portal.Tests.Serving;

/// <summary>What a first visit costs. The bytes are held to; the time until it is interactive is told and never asserted.</summary>
/// <remarks>Part of the full tier, whose build is trimmed and compressed. With the time of each visit: <c>--output Detailed</c>.</remarks>
[Collection(BrowserTests.Name)]
public sealed class FirstLoadTests(Chromium chromium)
{
    private const int MostBytes = 8_000_000;
    private const int Visits = 5;

    /// <summary>Clicks on a link of the menu as soon as the page takes it, and gives the seconds from the beginning of the visit to then and to the heading of its page.</summary>
    private const string ClickAndSee = """
        location.protocol === "about:" ? null : new Promise(seen => {
          let before = null;
          let clicked = null;
          const look = () => {
            const heading = document.querySelector("h1")?.textContent;
            const link = document.querySelector(".menu-link[href=keys]");
            if (before === null && link !== null) {
              before = heading;
              setTimeout(() => { clicked = performance.now() / 1000; link.click(); }, 0);
            } else if (before !== null && heading !== before) {
              watch.disconnect();
              seen([clicked, performance.now() / 1000]);
            }
          };
          const watch = new MutationObserver(look);
          watch.observe(document, { childList: true, subtree: true, characterData: true });
          look();
        })
        """;

    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(1);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task First_load_is_below_eight_megabytes()
    {
        Assert.SkipUnless(Path.GetFileName(BuiltProgram.Folder) == "release", "a Debug build is not compressed");
        var bytes = await BytesAsync();
        await using var browser = await chromium.LooseAsync(Cancel);
        var visits = new List<(double Interactive, double Acted)>();
        while (visits.Count < Visits)
        {
            visits.Add(await SecondsAsync(browser));
        }

        TestContext.Current.TestOutputHelper!.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{bytes / 1e6:F2} MB; interactive after {Median(visits.Select(visit => visit.Interactive))}, and the page of the first click stands after {Median(visits.Select(visit => visit.Acted))}"));
        bytes.Should().BeInRange(MostBytes / 10, MostBytes);
    }

    /// <summary>Visits with an empty cache, and clicks: counted is all that came, with its headers, until the click had acted.</summary>
    private async Task<double> BytesAsync()
    {
        await using var profile = await chromium.ProfileAsync();
        var page = await profile.NewPageAsync();
        var session = await profile.NewCDPSessionAsync(page);
        var bytes = 0.0;
        session.Event("Network.loadingFinished").OnEvent += (_, args) => bytes += args!.Value.GetProperty("encodedDataLength").GetDouble();
        await session.SendAsync("Network.enable");
        var pages = new PortalPages(page, chromium.Portal.Address);
        await pages.OpenAsync("");
        await pages.FollowAsync("keys");
        await page.Locator("#new-member").WaitForAsync();
        pages.Errors.Should().BeEmpty();
        return bytes;
    }

    /// <summary>Visits with an empty store in a browser that nobody watches: one that is held tells its driver of each request, and takes half as long again.</summary>
    private async Task<(double Interactive, double Acted)> SecondsAsync(LooseChromium browser)
    {
        var tab = await browser.VisitAsync(chromium.Portal.Address, Cancel);
        JsonElement seen;
        do
        {
            seen = await browser.EvaluateAsync(ClickAndSee, tab, Cancel).WaitAsync(_patience, Cancel);
        }
        while (seen.ValueKind != JsonValueKind.Array); // The tab may stand at nothing yet.

        return (seen[0].GetDouble(), seen[1].GetDouble());
    }

    private static string Median(IEnumerable<double> seconds)
    {
        var sorted = seconds.Order().ToArray();
        return string.Create(CultureInfo.InvariantCulture, $"{sorted[sorted.Length / 2]:F2} s (median of {sorted.Length}; {sorted[0]:F2} to {sorted[^1]:F2})");
    }
}
