using System.Text.Json;
using System.Text.Json.Nodes;
using CleanRoom.Portal.Tests.Story;
using CleanRoom.Portal.Tests.Support;
using CleanRoom.TestKit;
using CleanRoom.TestKit.Storage;
using Microsoft.Playwright;

namespace CleanRoom.Portal.Tests.Uploads;

/// <summary>A room of two, whose hospital sits in a browser, may bring <c>hospital.notes</c>, and has brought nothing yet.</summary>
internal sealed class UploadScene : IAsyncDisposable
{
    /// <summary>The field that takes the file.</summary>
    public const string Field = "file-hospital-notes";

    private readonly TemporaryDirectory _folder;
    private readonly CliPerson _registry = new();
    private readonly BuiltProgram _node;
    private readonly IBrowserContext _profile;

    private UploadScene(TemporaryDirectory folder, BuiltProgram node, IBrowserContext profile, PortalPages hospital) =>
        (_folder, _node, _profile, Hospital) = (folder, node, profile, hospital);

    /// <summary>Gets the hospital's browser, at the page that takes data.</summary>
    public PortalPages Hospital { get; }

    /// <summary>Sets the scene.</summary>
    /// <param name="chromium">The browser.</param>
    /// <param name="patience">An end for a hang; nothing waits so long on a working machine.</param>
    public static async Task<UploadScene> OpenAsync(Chromium chromium, TimeSpan patience) => await OpenAsync(chromium, await chromium.ProfileAsync(), patience);

    /// <summary>Sets the scene in a given profile, which it closes in the end.</summary>
    public static async Task<UploadScene> OpenAsync(Chromium chromium, IBrowserContext profile, TimeSpan patience)
    {
        profile.SetDefaultTimeout((float)patience.TotalMilliseconds);
        var folder = new TemporaryDirectory();
        var node = await BuiltProgram.ServeAsync(folder.Path);
        var scene = new UploadScene(folder, node, profile, new PortalPages(await profile.NewPageAsync(), chromium.Portal.Address));
        try
        {
            await scene.SetAsync();
            return scene;
        }
        catch
        {
            await scene.DisposeAsync();
            throw;
        }
    }

    /// <summary>Returns the path of a file of the hospital.</summary>
    public string PathOf(string name) => _folder.File(name);

    /// <summary>Writes a CSV of <c>hospital.notes</c> with rows of some 1,000 bytes, and returns how many rows it has.</summary>
    /// <param name="path">Where.</param>
    /// <param name="bytes">At least so many.</param>
    public static int Write(string path, long bytes)
    {
        using var file = new StreamWriter(path);
        file.NewLine = "\n";
        file.WriteLine("id,note");
        var note = string.Concat(Enumerable.Repeat("what was said; ", 66));
        var rows = 0;
        for (var written = 0L; written < bytes; written += note.Length + 9)
        {
            file.WriteLine($"{10_000_000 + rows++},{note}");
        }

        return rows;
    }

    public async ValueTask DisposeAsync()
    {
        await _profile.DisposeAsync();
        await _node.DisposeAsync();
        _registry.Dispose();
        _folder.Dispose();
    }

    internal static string Contract()
    {
        var contract = JsonNode.Parse(File.ReadAllText(RepositoryFiles.Committed("contracts", "examples", "nafld", "contract.json")))!;
        var collaborators = contract["collaborators"]!.AsArray();
        collaborators.RemoveAt(1);
        contract["templates"] = new JsonArray();
        contract["approval"]!["standing"] = new JsonArray();
        contract["datasets"] = JsonNode.Parse(
            """
            [{
              "name": "notes", "owner": "hospital",
              "schema": [{"name": "id", "nullable": false, "unique": true}, {"name": "note", "nullable": true, "unique": false}],
              "policy": {
                "unit": {"column": "id", "domain": "person-v1"}, "tier": "threshold",
                "columns": {"id": {"type": "int64", "uses": ["join", "count-distinct"]}, "note": {"type": "string", "uses": []}},
                "join": {"required": [], "with": [], "maxRowsPerUnit": 1, "maxFanout": 1},
                "threshold": {"minUnits": 50, "dominancePercent": null, "history": "enforce", "maxCells": 2000},
                "dp": null, "access": {"queriesPerDay": 50, "queriesLifetime": 1000},
                "receivers": ["registry", "hospital"], "analysts": ["registry", "hospital"], "approval": "each"
              }
            }]
            """);
        return contract.ToJsonString(JsonSerializerOptions.Default);
    }

    private async Task SetAsync()
    {
        var url = _node.Address.GetLeftPart(UriPartial.Authority);
        var page = Hospital.Page;
        await Hospital.OpenAsync("keys");
        await Hospital.TypeAsync("new-collaborator", "hospital");
        await Hospital.TypeAsync("new-member", "eve");
        await Hospital.DoAsync("new-member");
        await Hospital.DoAsync("new-root");
        var rootKey = (await page.Locator("[data-key='hospital root'] dd .mono").Nth(1).InnerTextAsync()).Trim();

        await File.WriteAllTextAsync(_registry.PathOf("example.json"), Contract(), TestContext.Current.CancellationToken);
        var own = (await _registry.DoAsync("keys", "new", "--collaborator", "registry"))["sign"];
        await _registry.DoAsync("keys", "new", "--collaborator", "registry", "--member", "ada");
        await _registry.RunAsync(5, "room", "verify", url, "--save", "@node.evidence");
        await _registry.ShowAsync("attest", "policy", "new", "--from", "@node.evidence", "--out", "@policy.json");
        await _registry.ShowAsync(
            "contract", "new", "--from", "@example.json", "--policy", "@policy.json", "--allow-insecure", "--out", "@contract.json",
            "--root-key", $"registry={own}", $"hospital={rootKey}");
        await _registry.DoAsync("member", "delegate", "--collaborator", "registry", "--member", "ada", "--out", "@ada.delegation", "--roles", "admin");
        await _registry.DoAsync("contract", "propose", "@contract.json", "--to", url, "--delegation", "@ada.delegation");
        await _registry.ShowAsync("member", "invite", "--out", "@invitation");

        await Hospital.FollowAsync("join");
        await Hospital.ChooseAsync("invitation", _registry.PathOf("invitation"));
        await Hospital.DoAsync("join");
        foreach (var role in (string[])["Admin", "Owner"])
        {
            await Hospital.CheckAsync($"input[data-role='{role}']");
        }

        await Hospital.DoAsync("delegate");
        await Hospital.DoAsync("sign-in");
        await Hospital.FollowAsync("contract");
        await Hospital.CheckAsync("input[data-read='contract']");
        await Hospital.DoAsync("sign", brings: "[data-contract-state='active']");
        await Hospital.FollowAsync("data");
    }
}
