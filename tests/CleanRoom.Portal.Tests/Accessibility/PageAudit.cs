using System.Globalization;
using System.Text.Json;
using CleanRoom.TestKit;
using Microsoft.Playwright;

namespace CleanRoom.Portal.Tests.Accessibility;

/// <summary>Audits what a page shows with axe-core, wide and narrow, light and dark: nothing serious or critical may be found.</summary>
/// <remarks>The package is in <c>package-lock.json</c> with its integrity; the test command installs it. In CI it must be there.</remarks>
internal static class PageAudit
{
    /// <summary>Contrast alone differs between light and dark: the other rules are asked once at each width.</summary>
    private const string Run =
        """
        async rules => {
          await Promise.all(document.getAnimations().filter(one => one.effect?.getComputedTiming().endTime !== Infinity).map(one => one.finished.catch(() => null)));
          const found = await axe.run(document, {
            resultTypes: ["violations"],
            ...(rules.length > 0 ? { runOnly: { type: "rule", values: rules } } : {}),
          });
          return found.violations.filter(one => one.impact === "serious" || one.impact === "critical")
            .map(one => `${one.id}: ${one.help}: ${one.nodes.slice(0, 5).map(node => `${node.target.join(" ")} ${node.html.slice(0, 160)} ${node.failureSummary}`).join(" | ")}`);
        }
        """;

    private static readonly string _script =
        RepositoryFiles.Committed("tests", "CleanRoom.Portal.Tests", "Accessibility", "node_modules", "axe-core", "axe.min.js");

    private static readonly string[] _contrast = ["color-contrast"];

    /// <summary>Gets a value that says whether axe-core is installed.</summary>
    public static bool IsInstalled => File.Exists(_script);

    /// <summary>Audits the page as it stands, at both widths and in both colour schemes, and leaves it wide and light. The quick tier leaves out the dark ones.</summary>
    /// <param name="page">A page of the portal.</param>
    /// <param name="name">What it shows, for the message.</param>
    public static async Task RunAsync(IPage page, string name)
    {
        if (!IsInstalled && Environment.GetEnvironmentVariable("CI") != "true")
        {
            return;
        }

        IsInstalled.Should().BeTrue("CI installs axe-core: npm ci in tests/CleanRoom.Portal.Tests/Accessibility");
        if (!await page.EvaluateAsync<bool>("() => 'axe' in window"))
        {
            await page.EvaluateAsync(await File.ReadAllTextAsync(_script, TestContext.Current.CancellationToken));
        }

        List<string> found = [];
        foreach (var (width, isDark) in Tier.IsLong ? [(1280, false), (1280, true), (390, true), (390, false)] : ((int, bool)[])[(1280, false), (390, false)])
        {
            await ShowAsync(page, width, isDark);
            var answer = await page.EvaluateAsync<JsonElement>(Run, isDark ? _contrast : []);
            found.AddRange(answer.EnumerateArray().Select(one => string.Create(CultureInfo.InvariantCulture, $"{name} at {width}, {(isDark ? "dark" : "light")}: {one}")));
        }

        await ShowAsync(page, 1280, isDark: false);
        found.Should().BeEmpty();
        (await page.TitleAsync()).Should().Be($"{await page.Locator("h1").InnerTextAsync()} - CleanRoom", "a tab and a screen reader say which page it is (WCAG 2.4.2)");
    }

    private static async Task ShowAsync(IPage page, int width, bool isDark)
    {
        if (page.ViewportSize?.Width != width)
        {
            await page.SetViewportSizeAsync(width, 900);
        }

        var toggle = page.Locator("[data-scheme]");
        if (await toggle.GetAttributeAsync("data-scheme") != (isDark ? "dark" : "light"))
        {
            await toggle.ClickAsync();
            await page.Locator($"[data-scheme='{(isDark ? "dark" : "light")}']").WaitForAsync();
        }
    }
}
