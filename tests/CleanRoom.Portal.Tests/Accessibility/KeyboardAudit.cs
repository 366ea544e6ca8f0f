using System.Text.Json;
using Microsoft.Playwright;

namespace CleanRoom.Portal.Tests.Accessibility;

/// <summary>Goes through a page by Tab alone: everything that can be done is reached, and what has the focus shows it.</summary>
internal static class KeyboardAudit
{
    /// <summary>What a person can act on, each once; of the radio buttons of a group one, as a browser does.</summary>
    private const string Begin =
        """
        () => {
          const name = one => `${one.tagName.toLowerCase()}#${one.id} ${(one.getAttribute("aria-label") ?? one.getAttribute("data-action") ?? one.getAttribute("href") ?? one.textContent ?? "").trim().slice(0, 40)}`;
          const groups = new Set();
          window.wanted = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")].filter(one => {
            if (one.disabled || one.tabIndex < 0 || one.closest("[inert]") || !one.checkVisibility({ visibilityProperty: true })) return false;
            if (one.type !== "radio" || !one.name) return true;
            const isNew = !groups.has(one.name);
            groups.add(one.name);
            return isNew;
          });
          window.reached = new Set();
          window.dull = [];
          document.addEventListener("focusin", event => {
            const one = event.target;
            window.reached.add(one);
            if (one.type === "radio") for (const other of window.wanted) if (other.name === one.name && one.name) window.reached.add(other);
            let shows = false;
            for (let at = one, up = 0; at && up < 4 && !shows; at = at.parentElement, up++) {
              const style = getComputedStyle(at);
              shows = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
            }
            if (!shows) window.dull.push(name(one));
          });
          window.named = name;
          document.activeElement?.blur();
          return window.wanted.length;
        }
        """;

    private const int DateStops = 4;

    private const string End = "() => ({ missed: window.wanted.filter(one => one.isConnected && !window.reached.has(one)).map(window.named), dull: window.dull })";

    /// <summary>Goes through the page as it stands.</summary>
    /// <param name="page">A page of the portal.</param>
    /// <param name="name">What it shows, for the message.</param>
    public static async Task RunAsync(IPage page, string name)
    {
        var count = await page.EvaluateAsync<int>(Begin);
        count.Should().BeGreaterThan(5, "{0} has a menu at least", name);

        // A date has a stop for day, month, year and its calendar each; and the document itself is one when the end was reached.
        var stops = count + 1 + (DateStops * await page.Locator("input[type='date']").CountAsync());
        for (var i = 0; i <= stops; i++)
        {
            await page.Keyboard.PressAsync("Tab");
        }

        var found = await page.EvaluateAsync<JsonElement>(End);
        found.GetProperty("missed").EnumerateArray().Select(one => one.GetString()).Should().BeEmpty("{0}: each is reached by Tab", name);
        found.GetProperty("dull").EnumerateArray().Select(one => one.GetString()).Should().BeEmpty("{0}: what has the focus shows it", name);
    }
}
