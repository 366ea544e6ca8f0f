using Bunit;
using CleanRoom.Client.Queries;
using CleanRoom.Portal.Features.Contracts;
using CleanRoom.Portal.Features.Queries;
using CleanRoom.Protocol;

namespace CleanRoom.Portal.Tests.Queries;

/// <summary>The field for SQL: suggestions by keys, and the room's reasons where they belong.</summary>
public sealed class SqlEditorTests : BunitContext
{
    private readonly BunitJSModuleInterop _module;
    private readonly List<string> _asked = [];
    private Func<string, Task<Result<QueryExplanation>>> _answer = _ => new TaskCompletionSource<Result<QueryExplanation>>().Task;

    public SqlEditorTests()
    {
        Services.AddPortal();
        JSInterop.Mode = JSRuntimeMode.Loose;
        _module = JSInterop.SetupModule("./js/cleanroom.js");
        _module.Mode = JSRuntimeMode.Loose;
    }

    [Fact]
    public void Suggestion_is_chosen_with_arrows_and_enter_and_written_where_the_word_begins()
    {
        var editor = Show();
        Type(editor, "SELECT r.b FROM registry.people r", caret: 10);
        var area = editor.Find("textarea");
        area.GetAttribute("aria-expanded").Should().Be("true");
        area.HasAttribute("aria-activedescendant").Should().BeFalse("Enter still ends a line");

        area.KeyDown("ArrowDown");

        var active = editor.Find("textarea").GetAttribute("aria-activedescendant");
        editor.Find($"#{active}").GetAttribute("aria-selected").Should().Be("true");
        editor.Find($"#{active}").GetAttribute("role").Should().Be("option");
        editor.Find("textarea").KeyDown("Enter");

        var written = _module.Invocations["writeText"].Single().Arguments;
        (written[1], written[2]).Should().Be((9, "bmi"));
        editor.Find("textarea").GetAttribute("aria-expanded").Should().Be("false");
    }

    [Fact]
    public void Escape_closes_the_list_and_arrows_go_round()
    {
        var editor = Show();
        Type(editor, "SELECT r. FROM registry.people r", caret: 9);

        editor.Find("textarea").KeyDown("ArrowUp");
        editor.Find("[aria-selected='true']").GetAttribute("id").Should().Be("sql-option-7", "the last that is shown");
        editor.Find("textarea").KeyDown("ArrowDown");
        editor.Find("[aria-selected='true']").GetAttribute("id").Should().Be("sql-option-0");
        editor.Find("textarea").KeyDown("Escape");

        editor.Find("textarea").GetAttribute("aria-expanded").Should().Be("false");
        editor.Find("#sql-list").HasAttribute("hidden").Should().BeTrue();
    }

    [Fact]
    public void Reason_with_a_place_is_underlined_there_and_one_without_is_listed()
    {
        _answer = _ => Answer(("CONTEXT:id:GROUP", "no group on it"), ("NO_AGG", "never rows"));
        var editor = Show();

        Type(editor, "SELECT id FROM t", caret: 16);

        editor.WaitForAssertion(() => editor.Find("mark").TextContent.Should().Be("id"));
        editor.Find(".sqledit-marks").TextContent.Should().StartWith("SELECT id FROM t", "the underline lies under the same text");
        editor.FindAll("[data-reason]").Select(one => one.TextContent).Should().Equal("CONTEXT:id:GROUP id: no group on it", "NO_AGG never rows");
        editor.Find("textarea").GetAttribute("aria-invalid").Should().Be("true");
    }

    [Fact]
    public void Underline_goes_with_the_next_letter()
    {
        _answer = text => text == "SELECT id" ? Answer(("CONTEXT:id:GROUP", "no group on it")) : new TaskCompletionSource<Result<QueryExplanation>>().Task;
        var editor = Show();
        Type(editor, "SELECT id", caret: 9);
        editor.WaitForAssertion(() => editor.FindAll("mark").Should().ContainSingle());

        Type(editor, "SELECT ide", caret: 10);

        editor.FindAll("mark").Should().BeEmpty();
        _asked.Should().Equal("SELECT id", "SELECT ide");
    }

    private static Task<Result<QueryExplanation>> Answer(params (string, string)[] reasons) =>
        Task.FromResult(Result.Accept(new QueryExplanation(SqlWritingTests.Refused(reasons), [])));

    private void Type(IRenderedComponent<SqlEditor> editor, string text, int caret)
    {
        _module.Setup<int>("caret", _ => true).SetResult(caret);
        editor.Find("textarea").Input(text);
    }

    private IRenderedComponent<SqlEditor> Show() => Render<SqlEditor>(parameters => parameters
        .Add(editor => editor.Contract, ContractExamples.Read("nafld").Value)
        .Add(editor => editor.Value, string.Empty)
        .Add(editor => editor.Ask, (text, _) =>
        {
            _asked.Add(text);
            return _answer(text);
        }));
}
