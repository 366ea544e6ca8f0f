using System.Globalization;
using CleanRoom.Portal.Tests.Support;
using CleanRoom.TestKit;
using Microsoft.Playwright;

namespace CleanRoom.Portal.Tests.Uploads;

/// <summary>What a person sees of a large upload: a number that moves at least every second, to its end.</summary>
/// <remarks>The browser is on its own while it uploads: see <see cref="LooseChromium"/>. Memory and reloads are <see cref="UploadTests"/>'.</remarks>
[Collection(BrowserTests.Name)]
public sealed class UploadPaceTests(Chromium chromium)
{
    private const long Bytes = 1_000_000_000;

    private const double LongestSilence = 1_000;

    /// <summary>An end for a hang.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(20);

    /// <summary>Notes each number that the page shows, and presses the button once nobody holds the page any more.</summary>
    private const string Begin =
        """
        () => {
          window.seen = [];
          const look = () => {
            const panel = document.querySelector("[data-bytes]");
            const now = panel ? `${panel.dataset.step} ${panel.dataset.bytes}` : "";
            if (now && window.seen.at(-1)?.now !== now) window.seen.push({ now, at: performance.now() });
          };
          new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributes: true });
          setTimeout(() => document.querySelector("[data-action='upload']").click(), 3000);
        }
        """;

    private const string End =
        """
        new Promise(resolve => {
          const ended = () => document.querySelector("[data-report]")?.dataset.report ?? document.querySelector(".action:has([data-action='upload']) .refusals")?.innerText;
          const look = () => ended() ? resolve(ended()) : setTimeout(look, 1000);
          look();
        })
        """;

    [Fact]
    public async Task Number_moves_every_second_until_a_gigabyte_is_in_the_room()
    {
        Assert.SkipUnless(Tier.IsLong, "part of the full tier");
        var cancel = TestContext.Current.CancellationToken;
        await using var browser = await chromium.LooseAsync(cancel);
        var held = await chromium.HoldAsync(browser);
        await using var scene = await UploadScene.OpenAsync(chromium, held.Contexts[0], _patience);
        var rows = UploadScene.Write(scene.PathOf("notes.csv"), Bytes);
        await PickAsync(scene.Hospital.Page, scene.PathOf("notes.csv"));
        await scene.Hospital.SeeAsync("[data-preview-check='passed']");
        await scene.Hospital.Page.EvaluateAsync(Begin);
        await held.CloseAsync();

        (await browser.EvaluateAsync(End, tab: null, cancel).WaitAsync(_patience, cancel)).GetString().Should().Be("accepted");

        (await browser.EvaluateAsync("document.querySelector('[data-report]').innerText", tab: null, cancel)).GetString().Should().Contain($"{rows} rows");
        var seen = (await browser.EvaluateAsync("window.seen", tab: null, cancel)).EnumerateArray()
            .Select(one => (Step: one.GetProperty("now").GetString()!.Split(' ')[0], At: one.GetProperty("at").GetDouble())).ToList();
        foreach (var step in seen.GroupBy(one => one.Step).Where(step => step.Key is "check" or "read" or "send"))
        {
            var silence = step.Zip(step.Skip(1), (a, b) => b.At - a.At).Max();
            TestContext.Current.TestOutputHelper!.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{step.Key}: {step.Count()} times in {(step.Last().At - step.First().At) / 1000:F1} s, longest silence {silence / 1000:F2} s"));
            silence.Should().BeLessThanOrEqualTo(LongestSilence, "{0} shows that it goes on", step.Key);
        }

        seen.Select(one => one.Step).Distinct().Should().Contain(["check", "read", "send"]);
    }

    /// <summary>By the browser's protocol itself: Playwright would copy the file into a browser that it did not start.</summary>
    private static async Task PickAsync(IPage page, string path)
    {
        var session = await page.Context.NewCDPSessionAsync(page);
        var field = (await session.SendAsync("Runtime.evaluate", new() { ["expression"] = $"document.getElementById('{UploadScene.Field}')" }))!.Value;
        await session.SendAsync("DOM.setFileInputFiles", new()
        {
            ["files"] = new[] { path }, ["objectId"] = field.GetProperty("result").GetProperty("objectId").GetString()!,
        });
        await session.DetachAsync();
    }
}
