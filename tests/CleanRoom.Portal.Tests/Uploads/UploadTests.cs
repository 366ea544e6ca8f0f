using System.Globalization;
using System.Text.Json;
using CleanRoom.Portal.Tests.Accessibility;
using CleanRoom.Portal.Tests.Support;
using CleanRoom.TestKit;
using Microsoft.Playwright;

namespace CleanRoom.Portal.Tests.Uploads;

/// <summary>A file goes from a browser into a room: in parts, in bounded memory, past a reload, and not at all when it is not what it was.</summary>
[Collection(BrowserTests.Name)]
public sealed class UploadTests(Chromium chromium)
{
    private const long MostHeap = 300_000_000;
    private const int PartBytes = 8 << 20;

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

    /// <summary>Keeps from the worker every part behind so many, so that an upload stands still in its middle, on any machine.</summary>
    private const string Hold =
        """
        allowed => {
          const post = Worker.prototype.postMessage;
          Worker.prototype.postMessage = function (message, ...more) {
            if (message.kind === "carry" && allowed-- <= 0) window.isHeld = true;
            else post.call(this, message, ...more);
          };
        }
        """;

    private const string IsHeld = "() => window.isHeld === true";

    /// <summary>So many parts get through before the page is loaded again.</summary>
    private static readonly int _allowed = Tier.IsLong ? 60 : 3;

    [Fact]
    public async Task File_is_sent_past_a_reload_in_bounded_memory_or_refused_in_a_sentence()
    {
        Assert.SkipUnless(Tier.IsLong || Environment.GetEnvironmentVariable("CLEANROOM_UPLOADS") == "small", "part of the full tier; with 36 MB where CLEANROOM_UPLOADS is small");
        await using var scene = await UploadScene.OpenAsync(chromium, TimeSpan.FromMinutes(Tier.IsLong ? 20 : 2));
        await RefuseAsync(scene);
        var memory = await PageMemory.OfAsync(scene.Hospital.Page);
        var (file, rows) = (scene.PathOf("notes.csv"), UploadScene.Write(scene.PathOf("notes.csv"), Tier.IsLong ? 1_000_000_000 : 36_000_000));

        await BreakOffAsync(scene, file, memory);
        await RefuseChangedAsync(scene, file);
        await GoOnAsync(scene, file, memory);

        var report = scene.Hospital.Page.Locator("[data-report]");
        (await report.GetAttributeAsync("data-report")).Should().Be("accepted");
        (await report.InnerTextAsync()).Should().Contain($"{rows} rows");
        memory.MostOfWorkers.Should().BePositive("the worker was looked at");
        TestContext.Current.TestOutputHelper!.WriteLine($"most held: {memory.Most / 1_000_000} MB, of that by workers at most {memory.MostOfWorkers / 1_000_000} MB");
        memory.Most.Should().BeLessThan(MostHeap);
        await CancelAsync(scene);
        scene.Hospital.Errors.Should().BeEmpty();
    }

    /// <summary>A cell of 30 MB, and a file that is another when it is read.</summary>
    private static async Task RefuseAsync(UploadScene scene)
    {
        var (hospital, huge, moved) = (scene.Hospital, scene.PathOf("huge.csv"), scene.PathOf("moved.csv"));
        await File.WriteAllTextAsync(huge, $"id,note\n1,\"{new string('x', 30_000_000)}\"\n", TestContext.Current.CancellationToken);
        await hospital.ChooseAsync(UploadScene.Field, huge);
        (await hospital.RefusedAsync("upload")).Should().Contain("at most 1048576 bytes in a cell").And.Contain("row 1").And.Contain("dataset-rejected");

        UploadScene.Write(moved, 10_000);
        await hospital.ChooseAsync(UploadScene.Field, moved);
        await File.AppendAllTextAsync(moved, "1,more\n", TestContext.Current.CancellationToken);
        (await hospital.RefusedAsync("upload")).Should().Contain("source-changed");
        await PageAudit.RunAsync(hospital.Page, "data, refused");
    }

    /// <summary>Begins, and loads the page again when some parts are sent. Parts behind them are held back: so it is the middle, on any machine.</summary>
    private static async Task BreakOffAsync(UploadScene scene, string file, PageMemory memory)
    {
        var (hospital, page) = (scene.Hospital, scene.Hospital.Page);
        await page.EvaluateAsync(Hold, _allowed);
        await hospital.ChooseAsync(UploadScene.Field, file);
        await page.EvaluateAsync(Watch);
        await page.Locator("[data-action='upload']").ClickAsync();
        await memory.WatchAsync(page.WaitForFunctionAsync(IsHeld));
        await page.Locator("[data-action='pause']").ClickAsync();
        await page.GetByText("Paused.").WaitForAsync();
        await PageAudit.RunAsync(page, "data, paused");
        await SeenAsync(page, "check", "read", "send");

        await hospital.OpenAsync("data");
        (await SentAsync(page)).Should().BeInRange(1, _allowed);
    }

    /// <summary>Returns how many parts the page knows to be in the room.</summary>
    private static async Task<int> SentAsync(IPage page) =>
        int.Parse((await page.Locator("[data-unfinished]").GetAttributeAsync("data-unfinished"))!, CultureInfo.InvariantCulture);

    /// <summary>Other bytes under the same name, length and time, in a part that was acknowledged.</summary>
    private static async Task RefuseChangedAsync(UploadScene scene, string file)
    {
        var time = File.GetLastWriteTimeUtc(file);
        Change(file, time, 'X');
        await scene.Hospital.ChooseAsync(UploadScene.Field, file);
        (await scene.Hospital.RefusedAsync("upload")).Should().Contain("part 0 as it was when the upload began").And.Contain("source-changed");
        Change(file, time, 'w');

        static void Change(string file, DateTime time, char letter)
        {
            using (var stream = File.OpenWrite(file))
            {
                stream.Position = "id,note\n10000000,".Length;
                stream.WriteByte((byte)letter);
            }

            File.SetLastWriteTimeUtc(file, time);
        }
    }

    /// <summary>The same file goes on where it stopped.</summary>
    private static async Task GoOnAsync(UploadScene scene, string file, PageMemory memory)
    {
        var (hospital, page, puts) = (scene.Hospital, scene.Hospital.Page, 0);
        var sent = await SentAsync(page);
        page.Request += Count;
        await hospital.ChooseAsync(UploadScene.Field, file);
        await page.EvaluateAsync(Watch);
        var done = hospital.DoAsync("upload");
        await memory.WatchAsync(done);
        await done;
        page.Request -= Count;
        var parts = (int)((new FileInfo(file).Length + PartBytes - 1) / PartBytes);
        puts.Should().Be(parts - sent, "what was acknowledged is not sent again");
        (await page.Locator("[data-unfinished]").CountAsync()).Should().Be(0);
        await SeenAsync(page, "send", "ingest");

        void Count(object? sender, Microsoft.Playwright.IRequest request) => puts += request.Method == "PUT" ? 1 : 0;
    }

    /// <summary>A cancelled upload leaves nothing to go on with.</summary>
    private static async Task CancelAsync(UploadScene scene)
    {
        var (hospital, page, file) = (scene.Hospital, scene.Hospital.Page, scene.PathOf("second.csv"));
        UploadScene.Write(file, 10_000);
        await page.EvaluateAsync(Hold, 0);
        await hospital.ChooseAsync(UploadScene.Field, file);
        var cancelled = hospital.SaidAsync("upload");
        await page.WaitForFunctionAsync(IsHeld);
        await page.Locator("[data-action='cancel']").ClickAsync();
        (await cancelled).Should().Contain("is cancelled. Nothing was signed");
        (await page.Locator("[data-unfinished]").CountAsync()).Should().Be(0);
        (await page.Locator("[data-dataset='hospital.notes']").GetAttributeAsync("data-version")).Should().Be("1");
    }

    /// <summary>The page showed these steps, and said of a large file many times how far it was.</summary>
    private static async Task SeenAsync(IPage page, params string[] steps)
    {
        var seen = (await page.EvaluateAsync<JsonElement>("() => window.seen")).EnumerateArray()
            .Select(one => (Now: one.GetProperty("now").GetString()!, At: one.GetProperty("at").GetDouble())).ToList();
        seen.Select(one => one.Now.Split(' ')[0]).Distinct().Should().Contain(steps);
        TestContext.Current.TestOutputHelper!.WriteLine(string.Join(", ", seen.GroupBy(one => one.Now.Split(' ')[0]).Select(step => string.Create(
            CultureInfo.InvariantCulture,
            $"{step.Key}: {step.Count()} times in {(step.Last().At - step.First().At) / 1000:F1} s, longest silence {step.Zip(step.Skip(1), (a, b) => b.At - a.At).DefaultIfEmpty().Max() / 1000:F1} s"))));
        if (Tier.IsLong)
        {
            seen.Should().HaveCountGreaterThan(20);
        }
    }
}
