using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using CleanRoom.Node.Portal;
using CleanRoom.Portal.Tests.Support;
using CleanRoom.TestKit.Storage;

namespace CleanRoom.Portal.Tests.Serving;

/// <summary>What is sent with the page, by a node and by the command line, and whose pages a node answers.</summary>
[Collection(BrowserTests.Name)]
public sealed partial class ServingTests(Chromium chromium, ServedNode served) : IClassFixture<ServedNode>, IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false });

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private Uri Node => served.Address;

    public void Dispose() => _http.Dispose();

    [Fact]
    public async Task Page_comes_with_a_strict_policy_from_node_and_command_line_alike()
    {
        using var fromNode = await _http.GetAsync(new Uri(Node, "/portal/"), Cancel);
        using var fromCommand = await _http.GetAsync(chromium.Portal.Address, Cancel);

        var page = await fromNode.Content.ReadAsStringAsync(Cancel);
        var map = Inline().Matches(page).Should().ContainSingle("no script is inline but the import map").Which;
        map.Groups[1].Value.Should().Be("type=\"importmap\"");
        var source = $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(map.Groups[2].Value)))}'";
        foreach (var (answer, connect) in new[] { (fromNode, "'self'"), (fromCommand, "'self' https: http://127.0.0.1:* http://localhost:*") })
        {
            answer.StatusCode.Should().Be(HttpStatusCode.OK);
            answer.Headers.GetValues("Content-Security-Policy").Single().Split("; ").Should().BeEquivalentTo(
                "default-src 'none'", $"script-src 'self' 'wasm-unsafe-eval' {source}", "style-src 'self' 'unsafe-inline'", "img-src 'self' data: blob:", "font-src 'self'",
                $"connect-src {connect}", "worker-src 'self'", "manifest-src 'self'", "base-uri 'self'", "form-action 'none'", "frame-ancestors 'none'", "object-src 'none'");
            answer.Headers.GetValues("X-Content-Type-Options").Should().Equal("nosniff");
        }

        page.Should().Be(await fromCommand.Content.ReadAsStringAsync(Cancel));
        page.Should().NotContain("://", "nothing comes from another origin");
    }

    [Theory]
    [InlineData("/portal/contract", HttpStatusCode.OK)]
    [InlineData("/portal/js/none.js", HttpStatusCode.NotFound)]
    [InlineData("/portal/%2e%2e/cleanroom.dll", HttpStatusCode.NotFound)]
    [InlineData("/portal/..%2fcleanroom.dll", HttpStatusCode.NotFound)]
    public async Task Only_files_of_the_list_are_served_and_addresses_of_the_page_are_the_page(string path, HttpStatusCode status)
    {
        using var answer = await _http.GetAsync(new Uri(Node, path), Cancel);

        answer.StatusCode.Should().Be(status);
    }

    [Fact]
    public async Task What_has_not_changed_is_not_sent_again()
    {
        var module = new Uri(chromium.Portal.Address, "js/cleanroom.js");
        using var first = await _http.GetAsync(module, Cancel);
        using var again = new HttpRequestMessage(HttpMethod.Get, module);
        again.Headers.IfNoneMatch.Add(first.Headers.ETag!);

        using var second = await _http.SendAsync(again, Cancel);

        second.StatusCode.Should().Be(HttpStatusCode.NotModified);
    }

    [Fact]
    public async Task Same_files_have_the_same_digest_and_another_byte_another()
    {
        var built = Path.Combine(BuiltProgram.Folder, PortalFiles.FolderName);
        PortalFiles.Open(built)!.Digest.ToString().Should().Be(chromium.Portal.Facts["digest"]!.GetValue<string>());
        using var other = new TemporaryDirectory();
        PortalFiles.Open(other.Path).Should().BeNull("there is no page in it");
        await File.WriteAllTextAsync(other.File("index.html"), "a page", Cancel);
        var digest = PortalFiles.Open(other.Path)!.Digest;
        await File.WriteAllTextAsync(other.File("index.html"), "A page", Cancel);
        PortalFiles.Open(other.Path)!.Digest.Should().NotBe(digest);
    }

    [Theory]
    [InlineData("http://127.0.0.1:8480", true)]
    [InlineData("http://localhost:1", true)]
    [InlineData("https://example.org", false)]
    [InlineData("http://127.0.0.1.example.org", false)]
    [InlineData("null", false)]
    public async Task Calls_from_pages_are_answered_to_loopback_alone_and_without_credentials(string origin, bool isAllowed)
    {
        using var asks = new HttpRequestMessage(HttpMethod.Options, new Uri(Node, "/v1/collaborations"));
        asks.Headers.Add("Origin", origin);
        asks.Headers.Add("Access-Control-Request-Method", "POST");
        asks.Headers.Add("Access-Control-Request-Headers", "cleanroom-method,content-type");
        using var gets = new HttpRequestMessage(HttpMethod.Get, new Uri(Node, $"/v1/attestation?nonce={new string('a', 64)}"));
        gets.Headers.Add("Origin", origin);

        using var asked = await _http.SendAsync(asks, Cancel);
        using var got = await _http.SendAsync(gets, Cancel);

        foreach (var answer in new[] { asked, got })
        {
            answer.Headers.TryGetValues("Access-Control-Allow-Origin", out var allowed);
            (allowed ?? []).Should().Equal(isAllowed ? [origin] : []);
            answer.Headers.Contains("Access-Control-Allow-Credentials").Should().BeFalse();
        }
    }

    [GeneratedRegex("<script(?![^>]* src=) ?([^>]*)>(.*?)</script>", RegexOptions.Singleline)]
    private static partial Regex Inline();
}
