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

    /// <summary>Asks the page one question: a method of the browser's protocol that turns nothing on.</summary>
    public async Task<JsonElement> AskAsync(string method, JsonObject parameters, CancellationToken cancellationToken)
    {
        using var http = new HttpClient();
        var pages = JsonDocument.Parse(await http.GetStringAsync(new Uri($"http://127.0.0.1:{_port}/json"), cancellationToken)).RootElement;
        var address = pages.EnumerateArray()
            .First(one => one.GetProperty("type").GetString() == "page" && one.GetProperty("url").GetString() != "about:blank").GetProperty("webSocketDebuggerUrl").GetString()!;
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new Uri(address), cancellationToken);
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

        return JsonDocument.Parse(answer.ToArray()).RootElement.GetProperty("result");
    }

    /// <summary>Evaluates a script in the page, and awaits what it promises.</summary>
    public async Task<JsonElement> EvaluateAsync(string expression, CancellationToken cancellationToken) =>
        (await AskAsync("Runtime.evaluate", new JsonObject { ["expression"] = expression, ["awaitPromise"] = true, ["returnByValue"] = true }, cancellationToken))
            .GetProperty("result").GetProperty("value");

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
        _profile.Dispose();
    }
}
