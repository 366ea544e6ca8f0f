using System.Reflection;
using System.Text;
using System.Text.Json.Serialization;
using Bunit;
using CleanRoom.Client.Contracts.Drafting;
using CleanRoom.Portal.Features.Drafting;
using CleanRoom.Portal.Features.Drafting.Fields;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Json;
using Microsoft.Extensions.DependencyInjection;

namespace CleanRoom.Portal.Tests.Drafting;

/// <summary>Somebody who writes no JSON writes a whole contract, and sees beside each field what is wrong with it.</summary>
public sealed class WritePageTests : BunitContext
{
    private readonly BunitJSModuleInterop _module;

    public WritePageTests()
    {
        Services.AddPortal();
        JSInterop.Mode = JSRuntimeMode.Loose;
        _module = JSInterop.SetupModule("./js/cleanroom.js");
        _module.Mode = JSRuntimeMode.Loose;
        _module.Setup<string[]>("listKeys", _ => true).SetResult([]);
    }

    private DraftForm Form => Services.GetRequiredService<DraftDesk>().Form!;

    [Fact]
    public void Whole_contract_is_written_by_its_fields_alone()
    {
        var page = Begin("empty");
        Type(page, "/title", "Two clinics");
        Type(page, "/purpose", "To count.");
        Type(page, "/legalTextSha256", new string('a', 64));
        Open(page, "collaborators");
        foreach (var (i, id) in new[] { "clinic", "registry" }.Index())
        {
            Click(page, "[data-add='collaborator']");
            Type(page, $"/collaborators/{i}/id", id);
            Type(page, $"/collaborators/{i}/name", $"The {id}");
            Type(page, $"/collaborators/{i}/rootKey", KeyOf(i));
        }

        Click(page, "[data-add='dataset']");
        Type(page, "/datasets/0/name", "people");
        foreach (var (i, name) in new[] { "id", "age", "sex" }.Index())
        {
            Click(page, "[data-add='column']");
            page.Find($"[data-column='column_1'] input[type='text']").Change(name);
            Form.Draft.Text($"/datasets/0/schema/{i}/name").Should().Be(name);
        }

        page.Find("[data-column='age'] select").Change("int32");
        Check(page, "[data-column='id'] [data-use='join']");
        Check(page, "[data-column='age'] [data-use='avg']");
        Check(page, "[data-column='sex'] [data-use='group']");
        page.FindAll("[data-problem='/datasets/0/policy/columns/age/clamp']").Should().NotBeEmpty("an average wants bounds");
        Type(page, "/datasets/0/policy/columns/age/clamp/min", "0");
        Type(page, "/datasets/0/policy/columns/age/clamp/max", "120");
        Type(page, "/datasets/0/policy/columns/age/scale", "0");
        Type(page, "/datasets/0/policy/unit/column", "id");
        Check(page, "[data-field='/datasets/0/policy/analysts'] [data-word='registry']");
        Check(page, "[data-field='/datasets/0/policy/receivers'] [data-word='registry']");
        Open(page, "templates");
        Click(page, "[data-add='template']");
        Type(page, "/templates/0/name", "by-age");
        Type(page, "/templates/0/description", "People of an age");
        Type(page, "/templates/0/sql", "SELECT sex, count(*) FROM clinic.people WHERE age > $least GROUP BY sex");
        Click(page, "[data-add='parameter']");
        Type(page, "/templates/0/parameters/0/name", "least");
        Type(page, "/templates/0/parameters/0/min", "0");
        Type(page, "/templates/0/parameters/0/max", "100");
        Open(page, "code");
        Click(page, "[data-add='code']");
        page.Find("[data-field='/attestation/accepted/0/values'] .pair input:nth-of-type(2)").Change(new string('b', 96));
        Type(page, "/attestation/accepted/0/anchors", new string('c', 64));

        Form.Check.Problems.Should().BeEmpty();
        var contract = DocumentCodec.Parse<Contract>(Form.Draft.ToBytes()).Value;
        contract.Datasets.Single().Policy.Columns["age"].Clamp!.Max.Should().Be(120);
        contract.Datasets.Single().Policy.Unit!.Column.Should().Be("id");
        contract.Templates.Single().Parameters.Single().Max.Should().Be(100);
        page.Find("[data-problems]").GetAttribute("data-problems").Should().Be("0");
        page.Find("[data-summary]").TextContent.Should().Contain("clinic.people").And.Contain("Two clinics");
        page.Markup.Should().Contain("names no root key of this browser", "it is signed by the same part as an example's");
    }

    [Fact]
    public void Problem_goes_when_its_field_is_mended_and_the_words_follow()
    {
        var page = Begin("nafld");
        page.FindAll("[data-field='/title'] [data-problem]").Should().BeEmpty();

        Type(page, "/title", string.Empty);

        var field = page.Find("[data-field='/title']");
        field.QuerySelector("[data-problem='/title']")!.TextContent.Should().Contain("1 to 200 printable characters");
        var input = field.QuerySelector("input")!;
        input.GetAttribute("aria-invalid").Should().Be("true");
        page.Find($"#{input.GetAttribute("aria-describedby")}").TextContent.Should().Contain("printable", "who hears the page hears it too");

        Type(page, "/title", "Mended");

        page.FindAll("[data-field='/title'] [data-problem]").Should().BeEmpty();
        page.Find("[data-summary]").TextContent.Should().Contain("Mended");
    }

    [Fact]
    public async Task Every_problem_stands_beside_a_field_of_its_part()
    {
        var page = Begin("nafld");
        var broken = ContractDraftTests.Nafld();
        foreach (var (place, value) in Breaks)
        {
            broken = value is null ? broken.Without(place) : broken.With(place, value);
        }

        await page.InvokeAsync(() => Services.GetRequiredService<DraftDesk>().SetAsync(broken));

        HashSet<string> shown = [];
        foreach (var part in page.FindAll("[data-part]").Select(one => one.GetAttribute("data-part")!).ToList())
        {
            Open(page, part);
            shown.UnionWith(page.FindAll(".drafting-form [data-problem]").Select(one => one.GetAttribute("data-problem")!));
        }

        Form.Check.Problems.Select(problem => problem.Place).Distinct().Should().HaveCountGreaterThan(20).And.BeSubsetOf(shown);
        page.FindAll("[data-part] .count").Sum(one => int.Parse(one.TextContent, System.Globalization.CultureInfo.InvariantCulture)).Should().Be(Form.Check.Problems.Length);
    }

    [Fact]
    public void Problem_in_the_list_leads_to_its_part()
    {
        var page = Begin("nafld");

        page.FindAll(".problem-list button").First(one => one.TextContent.Contains("collaborators/1/rootKey", StringComparison.Ordinal)).Click();

        page.FindAll("[data-field='/collaborators/1/rootKey']").Should().ContainSingle();
        page.Find("[data-part='collaborators']").GetAttribute("aria-current").Should().Be("true");
    }

    [Fact]
    public void Draft_is_kept_with_each_edit_and_is_there_after_a_reload()
    {
        var kept = ContractDraftTests.Nafld().With("/title", "Kept").With("/later", "new");
        _module.Setup<string?>("setting", call => Equals(call.Arguments[0], "draft/contract")).SetResult(Encoding.UTF8.GetString(kept.ToBytes()));

        var page = Render<WritePage>();

        page.Find("[data-field='/title'] input").GetAttribute("value").Should().Be("Kept");
        page.Find("[data-kept]").TextContent.Should().Contain("later = \"new\"", "what no form edits is named");
        Type(page, "/title", "Again");
        var written = (string)_module.Invocations["putSetting"].Last(call => Equals(call.Arguments[0], "draft/contract")).Arguments[1]!;
        written.Should().Contain("\"title\":\"Again\"").And.Contain("\"later\":\"new\"");
    }

    [Fact]
    public void Column_that_takes_the_name_of_another_is_left_as_it_was()
    {
        var page = Begin("nafld");
        Open(page, "/datasets/0");

        page.Find("[data-column='male'] input[type='text']").Change("age");

        page.Markup.Should().Contain("age is the name of another one");
        Form.Draft.Text("/datasets/0/schema/2/name").Should().Be("male");
    }

    [Fact]
    public void Draft_is_compared_with_an_example_for_each_owner_and_unknown_members_are_listed()
    {
        var page = Begin("nafld");
        Open(page, "/datasets/0");
        Type(page, "/datasets/0/policy/threshold/minUnits", "60");
        Check(page, "[data-column='weight'] [data-use='sum']");
        page.InvokeAsync(() => Services.GetRequiredService<DraftDesk>().EditAsync(draft => draft.With("/later", 1L)));

        page.Find("#compare-with").Change("nafld");

        page.FindAll("[data-change='Tightens']").Select(one => one.TextContent).Should().Contain(text => text.Contains("raises the threshold of registry.people from 50 to 60 people: rows need more people behind them", StringComparison.Ordinal));
        page.FindAll("[data-change='Loosens']").Select(one => one.TextContent).Should().Contain(text => text.StartsWith("looser", StringComparison.Ordinal) && text.Contains("adds sum to the uses of registry.people.weight", StringComparison.Ordinal))
            .And.Contain(text => text.Contains("adds $.later, which this program does not know", StringComparison.Ordinal));
        page.FindAll(".drafting-side h3").Select(one => one.TextContent).Should().Contain("registry");
    }

    [Fact]
    public void Words_of_the_form_are_those_of_the_reader()
    {
        DraftWords.Types.Should().Equal(WordsOf<ColumnType>());
        DraftWords.Uses.Should().Equal(WordsOf<ColumnUse>());
        DraftWords.Tiers.Should().Equal(WordsOf<PolicyTier>());
        DraftWords.Approvals.Should().Equal(WordsOf<QueryApproval>());
        DraftWords.Refreshes.Should().Equal(WordsOf<BudgetRefresh>());
        DraftWords.Histories.Should().Equal(WordsOf<HistoryRule>());
        DraftWords.Formats.Should().Equal(WordsOf<OutputFormat>());
        DraftWords.Defences.Should().Equal(WordsOf<RollbackDefence>());
    }

    private static IEnumerable<(string Place, JsonValue? Value)> Breaks =>
    [
        ("/title", string.Empty), ("/purpose", string.Empty), ("/legalTextSha256", "x"), ("/expires", "2000-01-01T00:00:00.000Z"), ("/recovery/k", 9L), ("/later", 1L),
        ("/collaborators/0/rootKey", "!"), ("/collaborators/1/name", string.Empty), ("/datasets/0/name", "A"), ("/datasets/0/owner", "nobody"),
        ("/datasets/0/policy/columns/age/clamp", null), ("/datasets/0/policy/columns/age/domain/max", "-1"), ("/datasets/0/policy/columns/age/grain", "x"),
        ("/datasets/0/policy/columns/bmi/uses", new JsonArray(["avg", "avg"])), ("/datasets/0/policy/columns/more", new JsonObject(new JsonMember("type", "string"), new JsonMember("uses", DraftStart.Empty))),
        ("/datasets/0/policy/threshold/minUnits", 0L), ("/datasets/0/policy/join/maxFanout", 0L), ("/datasets/0/policy/access/queriesLifetime", 0L),
        ("/datasets/0/policy/receivers", new JsonArray(["nobody"])), ("/datasets/1/policy/unit/domain", "?"), ("/datasets/1/policy/tier", "dp"),
        ("/templates/0/sql", "SELECT $other"), ("/templates/0/name", "?"), ("/output/formats", DraftStart.Empty), ("/output/maxRows", 0L),
        ("/attestation/accepted/0/chipIds", DraftStart.Empty), ("/attestation/accepted/0/values/measurement", "?"), ("/attestation/codeEndorsers", new JsonArray(["!"])),
    ];

    private static IEnumerable<string> WordsOf<T>()
        where T : struct, Enum => typeof(T).GetFields(BindingFlags.Public | BindingFlags.Static).OrderBy(field => (int)field.GetRawConstantValue()!)
            .Select(field => field.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()!.Name);

    private static string KeyOf(int i) => Convert.ToBase64String([4, .. Enumerable.Repeat((byte)(i + 1), 64)]);

    private static void Type(IRenderedComponent<WritePage> page, string place, string text) =>
        page.Find($"[data-field='{place}'] #{DraftField.IdOf(place)}").Change(text);

    private static void Check(IRenderedComponent<WritePage> page, string box) => page.Find(box).Change(true);

    private static void Click(IRenderedComponent<WritePage> page, string button) => page.Find(button).Click();

    private static void Open(IRenderedComponent<WritePage> page, string part) => page.Find($"[data-part='{part}']").Click();

    private IRenderedComponent<WritePage> Begin(string from)
    {
        var page = Render<WritePage>();
        page.Find($"[data-begin='{from}']").Click();
        return page;
    }
}
