using CleanRoom.Portal.Tests.Support;
using Microsoft.Playwright;

namespace CleanRoom.Portal.Tests.Story;

/// <summary>One institution of the story: a browser profile with storage of its own, and the person who sits before it.</summary>
internal sealed class Institution : IAsyncDisposable
{
    private readonly IBrowserContext _profile;

    private Institution(string name, string member, IBrowserContext profile, IPage page, KeyTap keys, Uri portal)
    {
        (Name, Member, _profile, Keys) = (name, member, profile, keys);
        Browser = new PortalPages(page, portal);
    }

    /// <summary>Gets the collaborator's id.</summary>
    public string Name { get; }

    /// <summary>Gets the person's name.</summary>
    public string Member { get; }

    /// <summary>Gets the browser.</summary>
    public PortalPages Browser { get; }

    /// <summary>Gets the secret keys that its pages have handled.</summary>
    public KeyTap Keys { get; }

    /// <summary>Gets every request, to any address: method, address and body.</summary>
    public List<(string Method, Uri Address, byte[] Body)> Requests { get; } = [];

    /// <summary>Opens a profile and its first page.</summary>
    public static async Task<Institution> OpenAsync(Chromium chromium, string name, string member)
    {
        var profile = await chromium.ProfileAsync();
        var keys = await KeyTap.InAsync(profile);
        var opened = new Institution(name, member, profile, await profile.NewPageAsync(), keys, chromium.Portal.Address);
        profile.Request += (_, request) => opened.Requests.Add((request.Method, new Uri(request.Url), request.PostDataBuffer ?? []));
        await opened.Browser.OpenAsync("");
        return opened;
    }

    /// <summary>Opens a second tab of the same profile at one of the portal's addresses.</summary>
    public async Task<PortalPages> SecondTabAsync(Uri portal, string path)
    {
        var tab = new PortalPages(await _profile.NewPageAsync(), portal);
        await tab.OpenAsync(path);
        return tab;
    }

    /// <summary>Reads the rows that the others have written.</summary>
    public async Task LookAsync()
    {
        await Browser.FollowAsync("ledger");
        await Browser.DoAsync("audit");
    }

    /// <summary>Makes the member's keys and the root key.</summary>
    /// <returns>The root's public key, as it is told to the others.</returns>
    public async Task<string> MakeKeysAsync()
    {
        await Browser.FollowAsync("keys");
        await Browser.TypeAsync("new-collaborator", Name);
        await Browser.TypeAsync("new-member", Member);
        await Browser.DoAsync("new-member");
        await Browser.DoAsync("new-root");
        return (await Browser.Page.Locator($"[data-key='{Name} root'] dd .mono").Nth(1).InnerTextAsync()).Trim();
    }

    /// <summary>Checks every role.</summary>
    public async Task TakeAllRolesAsync()
    {
        foreach (var role in (string[])["Admin", "Owner", "Analyst", "Approver", "Receiver", "Auditor"])
        {
            await Browser.CheckAsync($"input[data-role='{role}']");
        }
    }

    /// <summary>Takes an invitation, has the root key delegate, and signs in.</summary>
    public async Task JoinAsync(string invitation)
    {
        await Browser.FollowAsync("join");
        await Browser.ChooseAsync("invitation", invitation);
        await Browser.DoAsync("join");
        await TakeAllRolesAsync();
        await Browser.DoAsync("delegate");
        await Browser.DoAsync("sign-in");
    }

    /// <summary>Reads the contract and signs it.</summary>
    public async Task SignAsync(string brings)
    {
        await Browser.FollowAsync("contract");
        await Browser.CheckAsync("input[data-read='contract']");
        await Browser.DoAsync("sign", brings);
    }

    /// <summary>Uploads a file to a dataset.</summary>
    public async Task UploadAsync(string dataset, string path)
    {
        await Browser.FollowAsync("data");
        await Browser.ChooseAsync($"file-{dataset.Replace('.', '-')}", path);
        await Browser.DoAsync("upload");
        (await Browser.Page.Locator($"[data-dataset='{dataset}']").GetAttributeAsync("data-version")).Should().Be("1");
    }

    /// <summary>Finds a query in the inbox and opens it.</summary>
    public async Task OpenFromInboxAsync(string query)
    {
        await Browser.FollowAsync("approvals");
        await Browser.DoAsync("look");
        await Browser.Page.Locator($"[data-query='{query}'] a").ClickAsync();
        await Browser.SeeAsync("[data-verdict-decision='NeedsApproval']");
    }

    public ValueTask DisposeAsync() => _profile.DisposeAsync();
}
