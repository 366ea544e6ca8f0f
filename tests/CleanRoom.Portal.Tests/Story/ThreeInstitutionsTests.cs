using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using CleanRoom.Client.Results;
using CleanRoom.Portal.Tests.Support;
using CleanRoom.TestKit;
using CleanRoom.TestKit.Network;
using CleanRoom.TestKit.Storage;

namespace CleanRoom.Portal.Tests.Story;

/// <summary>Three institutions in three browsers, at a real node: from the first contract to verified receipt, all by clicks; and what others saw of it.</summary>
[Collection(BrowserTests.Name)]
public sealed class ThreeInstitutionsTests(Chromium chromium) : IAsyncDisposable
{
    // The pages interpret their code: a part of the records keeps the checks short.
    private const int Records = 2_000;
    private const int OfTheLaboratory = 500;

    private const string Sql =
        "SELECT e.event, count(DISTINCT r.id) AS people FROM registry.people r JOIN hospital.events e ON r.id = e.id GROUP BY e.event";

    private readonly TemporaryDirectory _folder = new();
    private readonly TemporaryDirectory _node = new();

    [Fact]
    public async Task Three_browsers_come_from_the_first_contract_to_verified_receipts_and_nobody_else_sees_a_cell_a_question_or_a_key()
    {
        await using var node = await BuiltProgram.ServeAsync(_node.Path);
        await using var wire = WireTap.Before(node.Address);
        await using var registry = await Institution.OpenAsync(chromium, "registry", "ada");
        await using var hospital = await Institution.OpenAsync(chromium, "hospital", "eve");
        await using var laboratory = await Institution.OpenAsync(chromium, "laboratory", "kim");
        Institution[] all = [registry, hospital, laboratory];

        await BeginAsync(registry, hospital, laboratory, wire.Address);
        await SignAsync(hospital, laboratory);
        await BringDataAsync(all);
        var query = await AskAsync(registry);
        await DecideAsync(registry, hospital, query);
        await DecideTogetherAsync(laboratory);
        await OpenAsync(registry, hospital, query);
        await KeepAsync(hospital);
        await StopAsync(all);

        all.SelectMany(one => one.Browser.Errors).Should().BeEmpty();
        WhatOthersSaw(all, wire);
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        _node.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task BeginAsync(Institution registry, Institution hospital, Institution laboratory, string url)
    {
        var browser = registry.Browser;
        await browser.PictureAsync("start");
        (await browser.LightAsync()).Should().Be("None");
        await registry.MakeKeysAsync();
        (await browser.RefusedAsync("new-root")).Should().Contain("no keys of registry (root key) in this browser yet");
        await browser.PictureAsync("keys");

        // Without a contract a simulated room is shown, and red.
        await browser.FollowAsync("room");
        await browser.TypeAsync("room-url", url);
        await browser.DoAsync("connect");
        (await browser.LightAsync()).Should().Be("Red");
        await browser.PictureAsync("room-alone");

        // The others tell their root keys, and the registry makes a contract of the example.
        await browser.FollowAsync("propose");
        await browser.CheckAsync("input[data-example='nafld']");
        await browser.TypeAsync("root-hospital", await hospital.MakeKeysAsync());
        (await browser.RefusedAsync("draft")).Should().Contain("a root key for 'laboratory'").And.Contain("none");
        await browser.TypeAsync("root-laboratory", await laboratory.MakeKeysAsync());
        (await browser.RefusedAsync("draft")).Should().Contain("unless allowInsecure", "nobody has said that a simulated TEE will do");
        await browser.CheckAsync("input[data-insecure='allow']");
        await browser.DoAsync("draft", brings: "[data-action='propose']");
        await browser.PictureAsync("propose");
        await registry.TakeAllRolesAsync();
        (await browser.Page.Locator("[data-action='propose']").IsDisabledAsync()).Should().BeTrue("what was not read is not signed");
        await browser.CheckAsync("input[data-read='draft']");
        await browser.DoAsync("propose", brings: "[data-signer='registry'][data-signed='yes']");
        (await browser.LightAsync()).Should().Be("Amber", "the contract allows a simulated TEE, which proves nothing");
        await browser.FollowAsync("join");
        await browser.SaveAsync("invite", _folder.File("invitation"));
    }

    private async Task SignAsync(Institution hospital, Institution laboratory)
    {
        await laboratory.JoinAsync(_folder.File("invitation"));
        await laboratory.SignAsync(brings: "[data-signer='laboratory'][data-signed='yes']");

        // The invitation is taken only after the room was checked under its contract.
        var (browser, page) = (hospital.Browser, hospital.Browser.Page);
        await browser.FollowAsync("join");
        await browser.ChooseAsync("invitation", _folder.File("invitation"));
        await browser.DoAsync("join");
        (await browser.LightAsync()).Should().Be("Amber");
        (await browser.RefusedAsync("sign-in")).Should().Contain("signature-unknown-key");
        await hospital.TakeAllRolesAsync();
        await browser.PictureAsync("join");
        await browser.DoAsync("delegate");
        await browser.DoAsync("sign-in");
        (await page.Locator("[data-roles='hospital/eve']").InnerTextAsync()).Should().Contain("owner");

        await browser.FollowAsync("contract");
        (await page.Locator("[data-contract-state]").GetAttributeAsync("data-contract-state")).Should().Be("inactive");
        (await page.Locator("[data-signer='registry']").GetAttributeAsync("data-signed")).Should().Be("yes");
        (await page.Locator("[data-signer='hospital']").GetAttributeAsync("data-signed")).Should().Be("no");
        (await page.Locator("[data-action='sign']").IsDisabledAsync()).Should().BeTrue("what was not read is not signed");
        await browser.PictureAsync("contract");
        await hospital.SignAsync(brings: "[data-contract-state='active']");
        await browser.FollowAsync("room");
        await browser.DoAsync("verify");
        (await browser.LightAsync()).Should().Be("Amber");
        await browser.PictureAsync("room");
    }

    private async Task BringDataAsync(Institution[] all)
    {
        var hospital = all[1].Browser;
        await File.WriteAllTextAsync(_folder.File("wrong.csv"), "id,days,event\n1,zero,nafld\n", TestContext.Current.CancellationToken);
        await hospital.FollowAsync("data");
        await hospital.ChooseAsync("file-hospital-events", _folder.File("wrong.csv"));
        await hospital.SeeAsync("[data-preview='1'] [data-preview-check='problems']");
        (await hospital.Page.Locator("[data-preview] tbody tr").InnerTextAsync()).Should().Contain("zero", "the owner sees its own rows");
        await hospital.PictureAsync("data-first-rows");
        (await hospital.RefusedAsync("upload")).Should().Contain("dataset-rejected").And.Contain("row 1");

        foreach (var (institution, dataset) in all.Zip(["registry.people", "hospital.events", "laboratory.tests"]))
        {
            await File.WriteAllLinesAsync(_folder.File($"{institution.Name}.csv"), Lines(institution.Name), TestContext.Current.CancellationToken);
            await institution.LookAsync();
            if (institution == all[1])
            {
                await RenameAsync(hospital, _folder.File("hospital.csv"));
                continue;
            }

            await institution.UploadAsync(dataset, _folder.File($"{institution.Name}.csv"));
        }

        (await hospital.Page.Locator("[data-report]").GetAttributeAsync("data-report")).Should().Be("accepted");
        await hospital.PictureAsync("data");
    }

    /// <summary>The hospital's file has names of its own: two are proposed, the third is picked, and the file stays as it is.</summary>
    private static async Task RenameAsync(PortalPages hospital, string path)
    {
        var lines = await File.ReadAllLinesAsync(path, TestContext.Current.CancellationToken);
        await File.WriteAllLinesAsync(path, ["ID,Days,what happened", .. lines.Skip(1)], TestContext.Current.CancellationToken);
        await hospital.FollowAsync("data");
        await hospital.ChooseAsync("file-hospital-events", path);
        await hospital.SeeAsync("[data-mapping='3']");
        await hospital.Page.Locator("[data-column='event']").SelectOptionAsync("what happened");
        await hospital.PictureAsync("data-columns");
        await hospital.DoAsync("map", brings: "[data-preview-check='passed']");
        await hospital.DoAsync("upload");
        (await hospital.Page.Locator("[data-dataset='hospital.events']").GetAttributeAsync("data-version")).Should().Be("1");
        (await File.ReadAllLinesAsync(path, TestContext.Current.CancellationToken))[0].Should().Be("ID,Days,what happened");
    }

    /// <summary>The end of the text is written with the keys of the list alone.</summary>
    private static async Task SuggestAsync(PortalPages browser)
    {
        var area = browser.Page.Locator("#sql");
        await area.FocusAsync();
        await browser.Page.Keyboard.PressAsync("Control+End");
        await browser.Page.Keyboard.TypeAsync(" HAVING e.ev");
        await browser.SeeAsync("[role='option'][data-option='event']");
        await area.PressAsync("ArrowDown");
        await browser.SeeAsync("[role='option'][aria-selected='true'][data-option='event']");
        await area.PressAsync("Enter");
        await browser.SeeAsync("#sql[aria-expanded='false']");
        (await area.InputValueAsync()).Should().EndWith("HAVING e.event");
        await browser.TypeAsync("sql", "SELECT e.id, count(*) FROM hospital.events e GROUP BY e.id");
        await browser.SeeAsync("mark[data-mark='CONTEXT:id:GROUP']");
    }

    private static async Task<string> AskAsync(Institution registry)
    {
        var (browser, page) = (registry.Browser, registry.Browser.Page);
        await browser.FollowAsync("queries");
        await browser.TypeAsync("sql", "SELECT e.id, count(*) FROM hospital.events e GROUP BY e.id");
        await browser.SeeAsync("mark[data-mark='CONTEXT:id:GROUP']");
        (await page.Locator("mark").AllInnerTextsAsync()).Should().OnlyContain(text => text == "id", "each place that the reason is about is underlined");
        await SuggestAsync(browser);
        await browser.DoAsync("explain", brings: "[data-verdict-decision='Refuse']");
        (await page.Locator("[data-verdict-decision]").InnerTextAsync()).Should().Contain("What would pass");
        (await page.Locator("[data-action='submit']").IsDisabledAsync()).Should().BeTrue("what the rules refuse is not submitted");
        await browser.PictureAsync("queries");

        await browser.TypeAsync("sql", Sql);
        await browser.CheckAsync("input[data-receiver='hospital']");
        await browser.DoAsync("explain", brings: "[data-verdict-decision='NeedsApproval']");
        await browser.DoAsync("submit", brings: "[data-query]");
        var query = (await page.Locator("[data-query]").GetAttributeAsync("data-query"))!;
        await browser.CheckAsync("input[data-template='mean-by-status']");
        foreach (var test in (string[])["hdl", "chol"])
        {
            await page.Locator(".mud-select:has(#parameter-test)").First.ClickAsync();
            await page.Locator($".mud-popover-open .mud-list-item:has-text('{test}')").First.ClickAsync();
            await browser.DoAsync("explain", brings: "[data-verdict-decision='NeedsApproval']");
            await browser.DoAsync("submit", brings: $"[data-query]:has-text('{test}')");
        }

        return query;
    }

    private async Task DecideAsync(Institution registry, Institution hospital, string query)
    {
        var browser = hospital.Browser;
        await hospital.OpenFromInboxAsync(query);
        await browser.PictureAsync("approval");
        await browser.DoAsync("twin", brings: "[data-twin]");
        await browser.Page.Locator("[data-twin]").ScrollIntoViewIfNeededAsync();
        await browser.PictureAsync("made-up");
        await browser.TypeAsync("like-reason", "within our purpose");
        (await browser.Page.Locator("[data-like-words]").InnerTextAsync()).Should().Contain("asked by registry/ada; answers to hospital, registry alone");
        await browser.DoAsync("approve-like", brings: "dt:has-text('hospital/eve approves by a rule')");

        // The registry has the query open in two tabs, and approves it once.
        var other = await registry.SecondTabAsync(chromium.Portal.Address, $"query/{query}");
        await registry.OpenFromInboxAsync(query);
        (await registry.Browser.Page.Locator("[data-budget-change='hospital.events']").InnerTextAsync()).Should().MatchRegex(@"Queries in all\s+0\s+1\s+1000");
        await registry.Browser.TypeAsync("approve-reason", "ours");
        await other.TypeAsync("approve-reason", "ours");
        await registry.Browser.DoAsync("approve", brings: "dt:has-text('registry/ada approved')");
        await other.DoAsync("approve", brings: ".refusals:has-text('perhaps from another tab')");
        await other.Page.CloseAsync();
        await registry.Browser.SeeAsync("[data-query-status='completed']");
    }

    /// <summary>Two queries of one template are decided together.</summary>
    private static async Task DecideTogetherAsync(Institution laboratory)
    {
        var browser = laboratory.Browser;
        await browser.FollowAsync("approvals");
        await browser.DoAsync("look");
        await browser.DoAsync("batch-read", brings: "[data-batch]");
        (await browser.Page.Locator("[data-batch]").AllInnerTextsAsync()).Should().HaveCount(2).And.Contain(row => row.Contains("test = hdl")).And.Contain(row => row.Contains("test = chol"));
        await browser.TypeAsync("batch-reason", "the agreed template");
        await browser.PictureAsync("batch");
        await browser.DoAsync("batch-approve", brings: ":text('Nothing waits for you')");
    }

    private static async Task OpenAsync(Institution registry, Institution hospital, string query)
    {
        foreach (var browser in new[] { registry.Browser, hospital.Browser })
        {
            await (browser == registry.Browser ? registry : hospital).LookAsync();
            await browser.FollowAsync("results");
            await browser.Page.Locator($"[data-result='{query}']").ClickAsync();
            await browser.DoAsync("open", brings: "[data-answer] td");
            await browser.DoAsync("receipt");
            (await browser.Page.Locator("[data-receipt]").GetAttributeAsync("data-receipt")).Should().Be("verified");
        }
    }

    /// <summary>What a receiver and owner keeps: the answer, the receipt and the ledger; and the rule, which it takes back.</summary>
    private async Task KeepAsync(Institution hospital)
    {
        var (browser, page) = (hospital.Browser, hospital.Browser.Page);
        await page.EvaluateAsync("() => scrollTo(0, 0)");
        await browser.PictureAsync("result");
        await browser.SeeAsync("[data-chart='Bar']");
        (await browser.Page.Locator("[data-withheld]").InnerTextAsync()).Should().Contain("Groups of fewer than 50 people of registry.people");
        foreach (var form in (string[])["csv", "parquet", "arrow"])
        {
            await browser.SaveAsync(form, _folder.File($"answer.{form}"));
        }

        var arrow = ArrowTable.Read(await File.ReadAllBytesAsync(_folder.File("answer.arrow"), TestContext.Current.CancellationToken));
        arrow.Columns.Should().Equal("event", "people");
        (await File.ReadAllLinesAsync(_folder.File("answer.csv"), TestContext.Current.CancellationToken)).Should().HaveCount(arrow.Rows.Length + 1);
        (await File.ReadAllBytesAsync(_folder.File("answer.parquet"), TestContext.Current.CancellationToken)).AsSpan(0, 4).SequenceEqual("PAR1"u8).Should().BeTrue();
        await browser.SaveAsync("bundle", _folder.File("answer.receipt"));
        await browser.FollowAsync("ledger");
        (await page.Locator("[data-row='0']").InnerTextAsync()).Should().Contain("made the room's keys");
        await browser.PictureAsync("ledger");
        await browser.SaveAsync("export", _folder.File("ledger.json"));
        using (var anyone = new CliPerson())
        {
            await anyone.ShowAsync("receipt", "verify", _folder.File("answer.receipt"));
            await anyone.ShowAsync("log", "audit", _folder.File("ledger.json"));
        }

        await browser.FollowAsync("budgets");
        await browser.SeeAsync("[data-budget='hospital.events'][data-used='1']");
        await browser.PictureAsync("budgets");
        await browser.FollowAsync("approvals");
        await browser.Page.Locator("[data-take]").ClickAsync();
        await browser.TypeAsync("rule-reason", "it was for one week");
        await browser.DoAsync("take-back", brings: "[data-over='yes']");

        // A reload finds keys, room and member again, and verifies afresh.
        await browser.OpenAsync("contract");
        await page.Locator("[data-actor='hospital/eve']").WaitForAsync();
        (await page.Locator("[data-contract-state]").GetAttributeAsync("data-contract-state")).Should().Be("active");
    }

    /// <summary>One stops everything alone; going on takes all.</summary>
    private static async Task StopAsync(Institution[] all)
    {
        var laboratory = all[2].Browser;
        await laboratory.FollowAsync("contract");
        await laboratory.TypeAsync("suspend-reason", "a question to settle first");
        await laboratory.DoAsync("suspend", brings: "[data-contract-state='inactive']");
        foreach (var (institution, isLast) in all.Select((one, index) => (one, index == all.Length - 1)))
        {
            await institution.LookAsync();
            await institution.Browser.FollowAsync("contract");
            (await institution.Browser.Page.Locator("#content").InnerTextAsync()).Should().Contain("a question to settle first");
            await institution.Browser.DoAsync("resume", brings: isLast ? "[data-contract-state='active']" : "[data-contract-state='inactive']");
        }
    }

    private void WhatOthersSaw(Institution[] all, WireTap wire)
    {
        var search = Secrets(all);
        var data = new DirectoryInfo(_node.File("data"));
        wire.Copies().SelectMany(copy => search.FindIn(copy)).Should().BeEmpty("what is said to the room goes through the channel");
        search.FindIn(data).Should().BeEmpty("the node's disk holds sealed bytes");
        foreach (var (method, address, body) in all.SelectMany(one => one.Requests))
        {
            search.FindIn(Encoding.UTF8.GetBytes(address.AbsoluteUri)).Should().BeEmpty("addresses are no secrets");
            if (!address.AbsoluteUri.StartsWith(wire.Address, StringComparison.Ordinal))
            {
                address.GetLeftPart(UriPartial.Authority).Should().BeOneOf([chromium.Portal.Address.GetLeftPart(UriPartial.Authority), "blob:"], "pages speak to nobody else");
                (method, body.Length).Should().Be(("GET", 0), "who serves the page is told nothing");
            }
        }

        // The search can find: a record, the question and a key, planted on the wire's copy and on a disk's.
        var planted = search.FindIn([.. wire.Copies()[0], .. Encoding.UTF8.GetBytes($"x{Lines("registry")[7]}\n{Sql}"), .. all[0].Keys.Keys.First()]);
        planted.Should().Contain("registry record 7").And.Contain("the question").And.Contain("a key of registry");
        File.WriteAllBytes(Path.Combine(data.FullName, "planted"), Encoding.UTF8.GetBytes($"..{Convert.ToBase64String(Encoding.UTF8.GetBytes($"?{Lines("hospital")[9]}"))}"));
        search.FindIn(data).Should().Contain("hospital record 9 in base64 in planted").And.OnlyContain(found => found.EndsWith("in planted", StringComparison.Ordinal));
    }

    /// <summary>Every record of the files, their cells in columns, the question, and every secret key that the pages have handled.</summary>
    private static SecretSearch Secrets(Institution[] all)
    {
        var search = new SecretSearch();
        search.AddText("the question", Sql);
        search.AddText("a part of the question", "count(DISTINCT r.id) AS people");
        foreach (var one in all)
        {
            var lines = Lines(one.Name);
            foreach (var (line, row) in lines.Select((line, row) => (line, row)).Skip(1))
            {
                search.AddText($"{one.Name} record {row}", line);
            }

            // As columns of numbers would hold the first cells: ids of 64 bits, and ages or days of 32.
            search.AddBytes($"{one.Name} ids", [.. Cells(lines, 0, 8).SelectMany(Wide)]);
            search.AddBytes($"{one.Name} ages or days", [.. Cells(lines, 1, 12).SelectMany(cell => Wide(cell)[..sizeof(int)])]);
            var keys = one.Keys.Keys.ToList();
            keys.Should().HaveCountGreaterThan(4, "two signing keys, one for opening, one for witnessing, and those of sealed parts and calls");
            keys.ForEach(key => search.AddBytes($"a key of {one.Name}", key));
        }

        search.Count.Should().BeGreaterThan((2 * Records) + OfTheLaboratory);
        return search;

        static IEnumerable<long> Cells(string[] lines, int column, int count) =>
            lines.Skip(1).Take(count).Select(line => long.Parse(line.Split(',')[column], CultureInfo.InvariantCulture));

        static byte[] Wide(long cell)
        {
            var bytes = new byte[sizeof(long)];
            BinaryPrimitives.WriteInt64LittleEndian(bytes, cell);
            return bytes;
        }
    }

    private static string[] Lines(string name) =>
        [.. File.ReadLines(RepositoryFiles.Committed("contracts", "examples", "nafld", $"{name}.csv")).Take(1 + (name == "laboratory" ? OfTheLaboratory : Records))];
}
