using System.Diagnostics;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CleanRoom.TestKit.Storage;
using Microsoft.Playwright;

namespace CleanRoom.Portal.Tests.Support;

/// <summary>A browser that Playwright takes to a page and then lets go of: what it does afterwards, nobody watches but by single questions.</summary>
/// <remarks>As long as Playwright holds a page, the browser copies to it every byte that the page sends, which slows an upload several times over.</remarks>
internal sealed class LooseChromium : IAsyncDisposable
{
    // A new profile keeps a browser busy for a second or so; nothing tells when it has ended, and nothing is asserted of what comes after it.
    private const string Rest = "new Promise(rested => setTimeout(rested, 2000))";

    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(2);

    private readonly TemporaryDirectory _profile;
    private readonly Process _process;
    private readonly int _port;

    private LooseChromium(TemporaryDirectory profile, Process process, int port) => (_profile, _process, _port) = (profile, process, port);

    /// <summary>Starts it with a profile of its own.</summary>
    public static async Task<LooseChromium> StartAsync(string path, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        var profile = new TemporaryDirectory();
        var process = Process.Start(new ProcessStartInfo(
            path, [.. arguments, "--headless=new", "--remote-debugging-port=0", "--window-size=1280,900", $"--user-data-dir={profile.Path}", "about:blank"])
        {
            RedirectStandardError = true,
        })!; // Started, or an exception says why not.
        var listening = process.StandardError;
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        waiting.CancelAfter(_patience);
        while (await listening.ReadLineAsync(waiting.Token) is { } line)
        {
            if (line.StartsWith("DevTools listening on ", StringComparison.Ordinal))
            {
                _ = listening.ReadToEndAsync(CancellationToken.None); // A pipe that nobody empties would stop it one day.
                return new LooseChromium(profile, process, new Uri(line["DevTools listening on ".Length..]).Port);
            }
        }

        throw new InvalidOperationException("wanted a browser that listens, got one that ended");
    }

    /// <summary>Takes hold of it; closing what is returned lets it go, and leaves it as it is.</summary>
    public Task<IBrowser> HoldAsync(IPlaywright playwright) => playwright.Chromium.ConnectOverCDPAsync($"http://127.0.0.1:{_port}");

    /// <summary>Opens an empty tab that shares nothing with any other, and then goes to a page in it: what a first visit is, in a browser that is open.</summary>
    /// <returns>The tab's id.</returns>
    public async Task<string> VisitAsync(Uri page, CancellationToken cancellationToken)
    {
        var browser = new Uri((await ListAsync("version", cancellationToken)).GetProperty("webSocketDebuggerUrl").GetString()!);
        var store = await AskAsync(browser, "Target.createBrowserContext", [], cancellationToken);
        var empty = new JsonObject { ["url"] = "about:blank", ["browserContextId"] = store.GetProperty("browserContextId").GetString() };
        var tab = (await AskAsync(browser, "Target.createTarget", empty, cancellationToken)).GetProperty("targetId").GetString()!;
        await EvaluateAsync(Rest, tab, cancellationToken);
        await EvaluateAsync($"location.href = '{page.AbsoluteUri}'", tab, cancellationToken);
        return tab;
    }

    /// <summary>Evaluates a script in a tab, and awaits what it promises; nothing else is watched.</summary>
    /// <param name="expression">The script.</param>
    /// <param name="tab">The tab's id; null for the one with a page that this browser was held with.</param>
    /// <param name="cancellationToken">Stops the wait, not the script.</param>
    /// <returns>The value; an undefined one when the page went elsewhere meanwhile.</returns>
    public async Task<JsonElement> EvaluateAsync(string expression, string? tab, CancellationToken cancellationToken)
    {
        tab ??= (await ListAsync("list", cancellationToken)).EnumerateArray()
            .First(one => one.GetProperty("type").GetString() == "page" && one.GetProperty("url").GetString() != "about:blank").GetProperty("id").GetString();
        var question = new JsonObject { ["expression"] = expression, ["awaitPromise"] = true, ["returnByValue"] = true };
        var answer = await AskAsync(new Uri($"ws://127.0.0.1:{_port}/devtools/page/{tab}"), "Runtime.evaluate", question, cancellationToken);
        return answer.TryGetProperty("result", out var result) && result.TryGetProperty("value", out var value) ? value : default;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
        _profile.Dispose();
    }

    private async Task<JsonElement> ListAsync(string what, CancellationToken cancellationToken)
    {
        using var http = new HttpClient();
        return JsonDocument.Parse(await http.GetStringAsync(new Uri($"http://127.0.0.1:{_port}/json/{what}"), cancellationToken)).RootElement;
    }

    /// <summary>Asks one question of the browser's protocol on a connection of its own; methods that turn nothing on leave nothing behind.</summary>
    /// <returns>The result; or the whole answer when it is an error, as when a page goes elsewhere meanwhile.</returns>
    private static async Task<JsonElement> AskAsync(Uri address, string method, JsonObject parameters, CancellationToken cancellationToken)
    {
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(address, cancellationToken);
        var question = new JsonObject { ["id"] = 1, ["method"] = method, ["params"] = parameters };
        await socket.SendAsync(Encoding.UTF8.GetBytes(question.ToJsonString()), WebSocketMessageType.Text, endOfMessage: true, cancellationToken);
        using var answer = new MemoryStream();
        var buffer = new byte[64 * 1024];
        WebSocketReceiveResult read;
        do
        {
            read = await socket.ReceiveAsync(buffer, cancellationToken);
            answer.Write(buffer, 0, read.Count);
        }
        while (!read.EndOfMessage);

        var said = JsonDocument.Parse(answer.ToArray()).RootElement;
        return said.TryGetProperty("result", out var result) ? result : said;
    }
}
