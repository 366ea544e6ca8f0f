using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using CleanRoom.TestKit;
using CleanRoom.TestKit.Storage;

namespace CleanRoom.Attestation.Tests.Browser;

/// <summary>Serves the page of CleanRoom.BrowserVerifier on loopback, gives it the cases, and waits for the results that it sends back.</summary>
internal sealed class BrowserPage : IAsyncDisposable
{
    private readonly byte[] _cases;
    private readonly HttpListener _listener = new();
    private readonly TaskCompletionSource<JsonArray> _results = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _serving;
    private readonly Uri _address;

    public BrowserPage(byte[] cases)
    {
        _cases = cases;
        _address = Listen();
        _serving = ServeAsync();
    }

    private static string Configuration { get; } = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));

    /// <summary>Opens the page and returns what it found.</summary>
    public async Task<JsonArray> RunAsync(CancellationToken cancellationToken)
    {
        using var profile = new TemporaryDirectory();
        using var browser = Chromium.Open(_address, profile.Path);
        try
        {
            return await _results.Task.WaitAsync(TimeSpan.FromMinutes(30), cancellationToken);
        }
        finally
        {
            browser.Kill(entireProcessTree: true);
            await browser.WaitForExitAsync(CancellationToken.None);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _serving;
        _listener.Close();
    }

    /// <summary>The system picks a free port; should another program take it in between, the next one is tried.</summary>
    private Uri Listen()
    {
        for (var attempt = 0; ; attempt++)
        {
            using var probe = new TcpListener(IPAddress.Loopback, 0);
            probe.Start();
            var address = new Uri($"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}/");
            probe.Stop();
            _listener.Prefixes.Clear();
            _listener.Prefixes.Add(address.AbsoluteUri);
            try
            {
                _listener.Start();
                return address;
            }
            catch (HttpListenerException) when (attempt < 10)
            {
            }
        }
    }

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            try
            {
                await AnswerAsync(await _listener.GetContextAsync());
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
            {
                // The test is over, or the browser went away; RunAsync says which.
            }
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        var path = context.Request.Url!.AbsolutePath.TrimStart('/');
        if (path is "results" or "failure")
        {
            using var reader = new StreamReader(context.Request.InputStream);
            var sent = await reader.ReadToEndAsync();
            _ = path == "results" ? _results.TrySetResult(JsonNode.Parse(sent)!.AsArray()) : _results.TrySetException(new InvalidOperationException(sent));
        }
        else if ((path == "cases" ? _cases : await FileAsync(path)) is { } body)
        {
            context.Response.ContentType = Path.GetExtension(path) switch
            {
                ".js" => "text/javascript",
                ".wasm" => "application/wasm",
                ".json" => "application/json",
                "" when path == "cases" => "application/json",
                _ => "text/html",
            };
            await context.Response.OutputStream.WriteAsync(body);
        }
        else
        {
            context.Response.StatusCode = (int)HttpStatusCode.NotFound;
        }

        context.Response.Close();
    }

    private static async Task<byte[]?> FileAsync(string path)
    {
        var name = path.Length == 0 ? "index.html" : path;
        string[] folders =
        [
            RepositoryFiles.Committed("tests", "CleanRoom.BrowserVerifier", "wwwroot"),
            RepositoryFiles.Committed("artifacts", "bin", "CleanRoom.BrowserVerifier", Configuration, "wwwroot"),
        ];
        var found = folders.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
        return found is null ? null : await File.ReadAllBytesAsync(found);
    }
}
