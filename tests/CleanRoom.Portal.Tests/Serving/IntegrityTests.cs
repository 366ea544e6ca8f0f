using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CleanRoom.Node.Portal;
using CleanRoom.Portal.Tests.Support;
using Microsoft.Playwright;

namespace CleanRoom.Portal.Tests.Serving;

/// <summary>What the page loads is what the build made, or the browser refuses it; and one digest names all of it.</summary>
[Collection(BrowserTests.Name)]
public sealed partial class IntegrityTests(Chromium chromium)
{
    private const string Program = "_framework/program.dat";

    private const string BootBegin = "/*json-start*/";

    private static readonly string _built = Path.Combine(BuiltProgram.Folder, PortalFiles.FolderName);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_script_and_style_of_the_page_carries_the_digest_of_the_published_bytes()
    {
        var page = await File.ReadAllTextAsync(Path.Combine(_built, "index.html"), Cancel);

        var loaded = Loaded().Matches(page);
        loaded.Count.Should().BeGreaterThan(8);
        foreach (Match tag in loaded)
        {
            var path = Address().Match(tag.Value).Groups[1].Value;
            var digest = SHA384.HashData(await File.ReadAllBytesAsync(Path.Combine(_built, path), Cancel));
            tag.Value.Should().Contain($"integrity=\"sha384-{Convert.ToBase64String(digest)}\"", "{0} is loaded", path);
        }

        var modules = Directory.GetFiles(Path.Combine(_built, "js"), "*.js").Select(Path.GetFileName).Where(name => name != "upload-worker.js");
        loaded.Select(tag => Address().Match(tag.Value).Groups[1].Value).Should().Contain(modules.Select(name => $"js/{name}"), "a worker alone has no integrity of its own");
    }

    /// <summary>A browser that has refused a module's preload may ask for the module again, and without the map takes whatever comes.</summary>
    [Fact]
    public async Task Every_module_is_in_the_import_map_with_the_digest_of_its_tag()
    {
        var page = await File.ReadAllTextAsync(Path.Combine(_built, "index.html"), Cancel);
        var map = JsonNode.Parse(page[(page.IndexOf("importmap\">", StringComparison.Ordinal) + 11)..page.IndexOf("</script>", StringComparison.Ordinal)])!["integrity"]!;

        map.AsObject().Select(one => $"<link rel=\"modulepreload\" href=\"{one.Key[2..]}\" integrity=\"{one.Value!.GetValue<string>()}\">").Order(StringComparer.Ordinal)
            .Should().Equal(Loaded().Matches(page).Select(tag => tag.Value).Where(tag => tag.Contains("modulepreload", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Runtime_is_preloaded_under_the_digest_that_its_loader_names()
    {
        var digest = "sha256-" + Convert.ToBase64String(SHA256.HashData(await File.ReadAllBytesAsync(Path.Combine(_built, "_framework", "dotnet.native.wasm"), Cancel)));

        (await File.ReadAllTextAsync(Path.Combine(_built, "index.html"), Cancel)).Should().Contain($"href=\"_framework/dotnet.native.wasm\" integrity=\"{digest}\"");
        (await File.ReadAllTextAsync(Path.Combine(_built, "_framework", "dotnet.js"), Cancel)).Should().Contain(digest, "under another it would be loaded twice");
    }

    [Fact]
    public async Task Program_is_one_file_with_every_assembly_that_the_loader_names()
    {
        var program = await File.ReadAllBytesAsync(Path.Combine(_built, "_framework", "program.dat"), Cancel);
        var index = JsonNode.Parse(program.AsSpan(4, BinaryPrimitives.ReadInt32LittleEndian(program)))!.AsObject();
        var loader = await File.ReadAllTextAsync(Path.Combine(_built, "_framework", "dotnet.js"), Cancel);
        var boot = JsonNode.Parse(loader[(loader.IndexOf(BootBegin, StringComparison.Ordinal) + BootBegin.Length)..loader.IndexOf("/*json-end*/", StringComparison.Ordinal)])!["resources"]!;

        var named = boot["coreAssembly"]!.AsArray().Concat(boot["assembly"]!.AsArray())
            .ToDictionary(one => one!["name"]!.GetValue<string>(), one => one!["hash"]!.GetValue<string>(), StringComparer.Ordinal);
        index.ToDictionary(
            one => one.Key,
            one => "sha256-" + Convert.ToBase64String(SHA256.HashData(program.AsSpan(one.Value![0]!.GetValue<int>()..one.Value[1]!.GetValue<int>()))),
            StringComparer.Ordinal)
            .Should().BeEquivalentTo(named);
        (await File.ReadAllTextAsync(Path.Combine(_built, "index.html"), Cancel)).Should()
            .Contain($"data-program=\"sha384-{Convert.ToBase64String(SHA384.HashData(program))}\"");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Changed_program_is_refused_by_the_page_or_without_WebCrypto_by_the_browser(bool hasCrypto)
    {
        var page = await OpenAsync(Program, hasCrypto ? null : "Object.defineProperty(Crypto.prototype, 'subtle', { value: undefined })");

        await page.Locator("#blazor-error-ui").WaitForAsync();
        (await page.Locator("h1:not(.boot h1)").CountAsync()).Should().Be(0, "the page does not come to life");
    }

    [Theory]
    [InlineData("_framework/blazor.webassembly.js")]
    [InlineData("js/start.js")]
    [InlineData("_framework/dotnet.js")]
    [InlineData("_framework/dotnet.runtime.js")]
    [InlineData("_framework/dotnet.native.js")]
    public async Task Changed_script_of_the_runtime_is_refused_by_the_browser(string path)
    {
        var page = await OpenAsync(path);

        (await IsImportedAsync(page, path)).Should().Be(
            path.EndsWith("blazor.webassembly.js", StringComparison.Ordinal), "what is no module is refused as the script that it is");
        (await page.Locator("h1:not(.boot h1)").CountAsync()).Should().Be(0, "the page does not come to life");
    }

    /// <summary>The page may draw itself before it needs them; what it does with keys, rooms and files needs them all.</summary>
    [Theory]
    [InlineData("js/cleanroom.js")]
    [InlineData("js/sealing.js")]
    public async Task Changed_module_of_the_page_is_refused_by_the_browser(string path)
    {
        var page = await OpenAsync(path);

        (await IsImportedAsync(page, path)).Should().BeFalse();
        await page.Locator("#blazor-error-ui").WaitForAsync();
        (await page.Locator("#blazor-error-ui").InnerTextAsync()).Should().Contain("was refused by this browser");
    }

    [Theory]
    [InlineData("css/portal.css")]
    [InlineData("_content/MudBlazor/MudBlazor.min.css")]
    public async Task Changed_style_is_refused_by_the_browser(string path)
    {
        var page = await OpenAsync(path);

        (await page.EvaluateAsync<bool>("path => [...document.styleSheets].some(sheet => sheet.href.endsWith(path) && sheet.cssRules.length > 0)", path)).Should().BeFalse();
    }

    [Fact]
    public async Task Page_and_command_line_come_to_the_same_digest_and_a_changed_file_is_named()
    {
        await using var printed = await BuiltProgram.StartAsync("portal", "--digest");
        await using var profile = await chromium.ProfileAsync();
        var page = await profile.NewPageAsync();
        await page.GotoAsync(chromium.Portal.Address.AbsoluteUri);
        await page.Locator("[data-action='digest']").ClickAsync();
        await page.Locator("[data-served]").WaitForAsync();

        (await page.Locator("[data-served]").GetAttributeAsync("data-served")).Should().Be(printed.Facts["digest"]!.GetValue<string>());
        printed.Facts["files"]!.GetValue<int>().Should().Be(PortalFiles.Open(_built)!.Count);

        await page.RouteAsync("**/icon.svg", FlipAsync);
        await page.Locator("[data-action='digest']").ClickAsync();
        var refused = page.Locator(".action:has([data-action='digest']) .refusals");
        await refused.WaitForAsync();
        (await refused.InnerTextAsync()).Should().Contain("1 that did not come or came as others: icon.svg");
        (await page.Locator("[data-served]").CountAsync()).Should().Be(0);
    }

    /// <summary>Opens the page with one file changed, and waits until the browser has refused it.</summary>
    private async Task<IPage> OpenAsync(string path, string? before = null)
    {
        var profile = await chromium.ProfileAsync();
        var page = await profile.NewPageAsync();
        if (before is not null)
        {
            await page.AddInitScriptAsync(before);
        }

        var refused = new TaskCompletionSource();
        page.Console += (_, message) =>
        {
            if (message.Text.Contains("integrity", StringComparison.OrdinalIgnoreCase) && message.Text.Contains(path, StringComparison.Ordinal))
            {
                refused.TrySetResult();
            }
        };
        await page.RouteAsync($"**/{path}", FlipAsync);
        await page.GotoAsync(chromium.Portal.Address.AbsoluteUri);
        await refused.Task.WaitAsync(TimeSpan.FromMinutes(2), Cancel);
        return page;
    }

    private static Task<bool> IsImportedAsync(IPage page, string path) =>
        page.EvaluateAsync<bool>("path => import(new URL(path, document.baseURI).href).then(() => true, () => false)", path);

    /// <summary>Changes one byte, and not what the file does: blank space at its end. The program becomes another, since a Debug build's is too large for the driver.</summary>
    private static async Task FlipAsync(IRoute route)
    {
        if (route.Request.Url.EndsWith(Program, StringComparison.Ordinal))
        {
            await route.FulfillAsync(new RouteFulfillOptions { ContentType = "application/octet-stream", BodyBytes = new byte[1024] });
            return;
        }

        var answer = await route.FetchAsync();
        await route.FulfillAsync(new RouteFulfillOptions { Response = answer, BodyBytes = [.. await answer.BodyAsync(), (byte)'\n'] });
    }

    [GeneratedRegex("""<(script src|link rel="(stylesheet|modulepreload)")[^>]*>""")]
    private static partial Regex Loaded();

    [GeneratedRegex("""(?:href|src)="([^"]+)""")]
    private static partial Regex Address();
}
