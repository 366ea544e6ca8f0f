using System.Text.Json;
using CleanRoom.Portal.Browser;
using Microsoft.JSInterop;
using Microsoft.Playwright;

namespace CleanRoom.Portal.Tests.Support;

/// <summary>Runs the portal's calls of JavaScript in a real page, from the test's own process: bytes go as base64, keys as numbers.</summary>
internal sealed class PageRuntime(IPage page) : IJSRuntime, IJSInProcessObjectReference
{
    private const string Setup =
        """
        async path => {
          window.module = await import(path);
          window.held = [];
          window.left = {};
          const back = value => value instanceof Uint8Array ? { bytes: btoa(String.fromCharCode(...value)) }
            : value && typeof value === "object" && value.key ? { held: window.held.push(value) - 1 } : { value: value ?? null };
          const forth = value => value?.bytes !== undefined ? Uint8Array.from(atob(value.bytes), c => c.charCodeAt(0))
            : value?.held !== undefined ? window.held[value.held] : value?.value ?? null;
          window.call = async (name, values) => {
            const given = values.map(forth);
            const result = back(await window.module[name](...given));
            // What a call was handed, as it left it: a secret must be zero by then.
            window.left[name] = given.filter(one => one instanceof Uint8Array).map(one => one.every(byte => byte === 0));
            return result;
          };
        }
        """;

    private int _id;

    /// <summary>Makes the portal's module, running in a page.</summary>
    public static async Task<BrowserModule> LoadAsync(IPage page)
    {
        await page.EvaluateAsync(Setup, "/portal/js/cleanroom.js");
        return new BrowserModule(new PageRuntime(page));
    }

    public ValueTask<TValue> InvokeAsync<TValue>(string identifier, object?[]? args) => InvokeAsync<TValue>(identifier, CancellationToken.None, args);

    public async ValueTask<TValue> InvokeAsync<TValue>(string identifier, CancellationToken cancellationToken, object?[]? args)
    {
        if (identifier == "import")
        {
            return (TValue)(object)this;
        }

        var sent = (args ?? []).Select(Send).ToArray();
        var answer = await page.EvaluateAsync<JsonElement>("([name, values]) => window.call(name, values)", new object[] { identifier, sent });
        return (TValue)Receive(answer)!;
    }

    public TValue Invoke<TValue>(string identifier, params object?[]? args) => throw new NotSupportedException("the portal calls asynchronously alone");

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    public void Dispose()
    {
    }

    private static object Send(object? value) => value switch
    {
        byte[] bytes => new { bytes = Convert.ToBase64String(bytes) },
        PageRuntime held => new { held = held._id },
        _ => new { value },
    };

    private object? Receive(JsonElement answer)
    {
        if (answer.TryGetProperty("bytes", out var bytes))
        {
            return bytes.GetBytesFromBase64();
        }

        if (answer.TryGetProperty("held", out var held))
        {
            return new PageRuntime(page) { _id = held.GetInt32() };
        }

        var value = answer.GetProperty("value");
        return value.ValueKind switch
        {
            JsonValueKind.String => value.GetString(),
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => null,
        };
    }
}
