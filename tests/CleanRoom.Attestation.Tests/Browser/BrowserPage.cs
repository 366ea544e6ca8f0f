using System.Net;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using CleanRoom.TestKit;
using CleanRoom.TestKit.Storage;

namespace CleanRoom.Attestation.Tests.Browser;

/// <summary>Serves the page of CleanRoom.BrowserVerifier on loopback (in Release trimmed, as the portal is shipped), gives it the cases, and waits for the result of each, in their order.</summary>
internal sealed class BrowserPage : IAsyncDisposable
{
    /// <summary>A page that has sent nothing for this long hangs: one case takes seconds, in a slow browser on a busy machine a minute.</summary>
    private static readonly TimeSpan s_silence = TimeSpan.FromMinutes(20);

    private readonly byte[] _cases;
    private readonly HttpListener _listener = new();
    private readonly Channel<JsonNode> _results = Channel.CreateUnbounded<JsonNode>();
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
    /// <param name="count">How many cases it has.</param>
    public async Task<List<JsonNode>> RunAsync(int count, CancellationToken cancellationToken)
    {
        using var profile = new TemporaryDirectory();
        using var browser = Chromium.Open(_address, profile.Path);
        List<JsonNode> results = [];
        try
        {
            while (results.Count < count)
            {
                results.Add(await _results.Reader.ReadAsync(cancellationToken).AsTask().WaitAsync(s_silence, cancellationToken));
                TestContext.Current.SendDiagnosticMessage($"{results.Count} of {count} results of {_address}");
            }

            return results;
        }
        catch (TimeoutException silent)
        {
            throw new TimeoutException($"wanted {count} results; got {results.Count}, and then none for {s_silence.TotalMinutes:F0} minutes", silent);
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
            var address = new Uri($"http://127.0.0.1:{FreePort.Find()}/");
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
        if (path is "result" or "failure")
        {
            using var reader = new StreamReader(context.Request.InputStream);
            var sent = await reader.ReadToEndAsync();
            _ = path == "result" ? _results.Writer.TryWrite(JsonNode.Parse(sent)!) : _results.Writer.TryComplete(new InvalidOperationException(sent));
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
        string[] folders = Configuration == "release"
            ? [RepositoryFiles.Committed("artifacts", "publish", "CleanRoom.BrowserVerifier", Configuration, "wwwroot")]
            :
            [
                RepositoryFiles.Committed("tests", "CleanRoom.BrowserVerifier", "wwwroot"),
                RepositoryFiles.Committed("artifacts", "bin", "CleanRoom.BrowserVerifier", Configuration, "wwwroot"),
            ];
        var found = folders.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
        return found is null ? null : await File.ReadAllBytesAsync(found);
    }
}
