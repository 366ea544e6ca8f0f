using CleanRoom.Portal.Tests.Support;
using CleanRoom.TestKit;

namespace CleanRoom.Portal.Tests.Story;

/// <summary>A key file of the command line comes into the browser.</summary>
[Collection(BrowserTests.Name)]
public sealed class KeyImportTests(Chromium chromium)
{
    [Fact]
    public async Task Key_file_is_opened_with_its_passphrase_alone_and_gives_the_same_keys()
    {
        Assert.SkipUnless(Tier.IsLong, "part of the full tier: the quick one has twenty minutes");
        using var ada = new CliPerson();
        var made = await ada.DoAsync("keys", "new", "--collaborator", "registry", "--member", "ada");
        await ada.ShowAsync("keys", "export", "--collaborator", "registry", "--member", "ada", "--out", "@ada.key");
        await using var profile = await chromium.ProfileAsync();
        var page = await profile.NewPageAsync();
        var browser = new PortalPages(page, chromium.Portal.Address);

        await browser.OpenAsync("keys");
        await File.WriteAllTextAsync(ada.PathOf("no.key"), "{\"type\":\"something else\"}", TestContext.Current.CancellationToken);
        await browser.ChooseAsync("key-file", ada.PathOf("no.key"));
        await browser.TypeAsync("import-collaborator", "registry");
        (await browser.RefusedAsync("import")).Should().Contain("Wanted");
        await browser.ChooseAsync("key-file", ada.PathOf("ada.key"));
        await browser.TypeAsync("import-collaborator", "registry");
        await browser.TypeAsync("import-member", "ada");
        await browser.TypeAsync("import-passphrase", "another");
        (await browser.RefusedAsync("import")).Should().Contain("seal-invalid").And.Contain("Try the passphrase again");
        await browser.TypeAsync("import-passphrase", "correct horse battery");
        await browser.DoAsync("import");

        (await page.Locator("[data-key='registry/ada'] dd .mono").Nth(1).InnerTextAsync()).Trim().Should().Be(made["sign"]!.GetValue<string>());
        (await page.Locator("#import-passphrase").InputValueAsync()).Should().BeEmpty("a passphrase does not stay on the page");
    }
}
