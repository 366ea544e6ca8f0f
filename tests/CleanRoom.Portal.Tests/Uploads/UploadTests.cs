using System.Text.Json;
using CleanRoom.Portal.Tests.Accessibility;
using CleanRoom.Portal.Tests.Support;

namespace CleanRoom.Portal.Tests.Uploads;

/// <summary>A file goes from a browser into a room: in parts, in bounded memory, past a reload, and not at all when it is not what it was.</summary>
[Collection(BrowserTests.Name)]
public sealed class UploadTests(Chromium chromium)
{
    private const long MostHeap = 300_000_000;
    private const int PartBytes = 8 << 20;
    private const int Allowed = 3;

    private static readonly bool _isFull = Environment.GetEnvironmentVariable("CLEANROOM_TIER") is "full" or "soak";

    /// <summary>Notes when the page shows another number of bytes: what a person sees.</summary>
    private const string Watch =
        """
        () => {
          window.seen = [];
          const look = () => {
            const panel = document.querySelector("[data-bytes]");
            const now = panel ? `${panel.dataset.step} ${panel.dataset.bytes}` : "";
            if (now && window.seen.at(-1)?.now !== now) window.seen.push({ now, at: performance.now() });
          };
          new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributes: true });
        }
        """;

    [Fact]
    public async Task Large_file_is_sent_past_a_reload_in_bounded_memory()
    {
        await using var scene = await UploadScene.OpenAsync(chromium);
        var (hospital, page) = (scene.Hospital, scene.Hospital.Page);
        var file = scene.PathOf("notes.csv");
        var rows = UploadScene.Write(file, _isFull ? 1_000_000_000 : 100_000_000);
        var parts = (int)((new FileInfo(file).Length + PartBytes - 1) / PartBytes);
        var memory = await PageMemory.OfAsync(page);

        // The node's answers to the parts behind the third are held back: so the reload is in the middle, whatever the machine.
        var (puts, held) = (0, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        await page.RouteAsync("**/v1/uploads/**", async route =>
        {
            if (Interlocked.Increment(ref puts) > Allowed)
            {
                held.TrySetResult();
                return;
            }

            await route.ContinueAsync();
        });
        await hospital.ChooseAsync(UploadScene.Field, file);
        await page.EvaluateAsync(Watch);
        await page.Locator("[data-action='upload']").ClickAsync();
        await memory.WatchAsync(held.Task);
        await page.UnrouteAllAsync();
        await hospital.OpenAsync("data");
        var sent = int.Parse((await page.Locator("[data-unfinished]").GetAttributeAsync("data-unfinished"))!, System.Globalization.CultureInfo.InvariantCulture);
        sent.Should().BeInRange(1, Allowed);
        await PageAudit.RunAsync(page, "data, unfinished");

        page.Request += (_, request) => _ = request.Method == "PUT" ? Interlocked.Increment(ref puts) : 0;
        Interlocked.Exchange(ref puts, 0);
        await hospital.ChooseAsync(UploadScene.Field, file);
        await page.EvaluateAsync(Watch);
        var done = hospital.DoAsync("upload");
        await memory.WatchAsync(done);
        await done;
        puts.Should().Be(parts - sent, "what was acknowledged is not sent again");
        (await page.Locator("[data-report]").GetAttributeAsync("data-report")).Should().Be("accepted");
        (await page.Locator("[data-report]").InnerTextAsync()).Should().Contain($"{rows} rows");
        var seen = await page.EvaluateAsync<JsonElement>("() => window.seen");
        seen.GetArrayLength().Should().BeGreaterThan(_isFull ? 10 : 1);
        memory.MostOfWorkers.Should().BePositive("the worker was looked at");
        TestContext.Current.TestOutputHelper!.WriteLine($"most held: {memory.Most / 1_000_000} MB, workers {memory.MostOfWorkers / 1_000_000} MB; seen: {seen}");
        memory.Most.Should().BeLessThan(MostHeap);
    }
}
