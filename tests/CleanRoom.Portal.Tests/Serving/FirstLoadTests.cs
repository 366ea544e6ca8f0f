using System.Globalization;
using CleanRoom.Portal.Tests.Story;
using CleanRoom.Portal.Tests.Support;

namespace CleanRoom.Portal.Tests.Serving;

/// <summary>What a first visit costs. The bytes are held to; the time until a click acts is told and never asserted.</summary>
/// <remarks>Part of the full tier, whose build is trimmed and compressed. With the time of each visit: <c>--output Detailed</c>.</remarks>
[Collection(BrowserTests.Name)]
public sealed class FirstLoadTests(Chromium chromium)
{
    private const int MostBytes = 8_000_000;
    private const int Visits = 5;

    [Fact]
    public async Task First_load_is_below_eight_megabytes()
    {
        Assert.SkipUnless(Path.GetFileName(BuiltProgram.Folder) == "release", "a Debug build is not compressed");
        var visits = new List<(long Bytes, double Seconds)>();
        for (var visit = 0; visit < Visits; visit++)
        {
            visits.Add(await VisitAsync());
        }

        var seconds = visits.Select(visit => visit.Seconds).Order().ToArray();
        TestContext.Current.TestOutputHelper!.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{visits.Max(visit => visit.Bytes) / 1e6:F2} MB; a click acts after {seconds[Visits / 2]:F2} s (median of {Visits}; {seconds[0]:F2} to {seconds[^1]:F2})"));
        visits.Should().OnlyContain(visit => visit.Bytes > MostBytes / 10 && visit.Bytes < MostBytes);
    }

    /// <summary>Visits with an empty cache, and clicks: counted is all that came, with its headers, until the click had acted.</summary>
    private async Task<(long Bytes, double Seconds)> VisitAsync()
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
        var seconds = await page.EvaluateAsync<double>("() => performance.now()") / 1000;
        pages.Errors.Should().BeEmpty();
        return ((long)bytes, seconds);
    }
}
