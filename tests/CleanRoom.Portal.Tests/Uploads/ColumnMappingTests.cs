using System.Collections.Immutable;
using System.Text;
using AngleSharp.Html.Dom;
using Bunit;
using CleanRoom.Client.Datasets;
using CleanRoom.Datasets.Inspect;
using CleanRoom.Portal.Features.Contracts;
using CleanRoom.Portal.Features.Uploads;
using CleanRoom.Portal.Shared;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using MudBlazor.Services;

namespace CleanRoom.Portal.Tests.Uploads;

/// <summary>Columns under other names: proposed, confirmed by a person, renamed in the header alone.</summary>
public sealed class ColumnMappingTests : BunitContext
{
    private static readonly Dataset _events = ContractExamples.Read("nafld").Value.Datasets.Single(one => one.SqlName == "hospital.events");

    private static CancellationToken Cancel => Xunit.TestContext.Current.CancellationToken;

    [Fact]
    public void Proposal_differs_in_case_spaces_and_signs_alone()
    {
        ColumnMapping.Propose(_events, ["ID", " Days_", "what happened"]).Should().Equal(Names(("days", " Days_"), ("id", "ID")));
        ColumnMapping.Propose(_events, ["ID", "I.D.", "day", "event"]).Should().BeEmpty("two that look alike are for a person, and day is another word");
        ColumnMapping.Propose(_events, ["id", "ID", "days", "event"]).Should().BeEmpty("id is there");
        ColumnMapping.Missing(_events, ["event", "x"]).Should().Equal("id", "days");
        ColumnMapping.Free(_events, ["event", "x", "Days"]).Should().Equal("x", "Days");
    }

    [Fact]
    public async Task Header_is_renamed_and_a_column_for_two_is_refused()
    {
        var source = Source("ID,Days,what happened\n1,0,nafld\n");

        var header = (await ColumnMapping.RenameAsync(source, Names(("id", "ID"), ("days", "Days"), ("event", "what happened")), Cancel)).Value;
        (header.Replaces, Encoding.UTF8.GetString(header.Bytes)).Should().Be((22, "id,days,event\n"));
        (await ColumnMapping.RenameAsync(source, Names(("id", "ID"), ("days", "ID")), Cancel)).Refusals.Single().Got.Should().Be("ID for several");
        (await ColumnMapping.RenameAsync(source, Names(("id", "id")), Cancel)).Refusals.Single().Code.Should().Be(RefusalCode.DatasetRejected);
        (await ColumnMapping.RenameAsync(source with { Open = _ => throw new IOException("gone") }, Names(("id", "ID")), Cancel))
            .Refusals.Single().Code.Should().Be(RefusalCode.SourceChanged);
    }

    [Fact]
    public void Choice_is_filled_in_from_the_proposal_and_from_what_was_chosen_before()
    {
        var view = Map(["ID", "Days", "what happened"], Names(("event", "what happened"), ("days", "not in this file")), _ => { });

        view.FindAll("select").Select(one => ((IHtmlSelectElement)one).Id).Should().Equal("column-hospital-events-id", "column-hospital-events-days", "column-hospital-events-event");
        view.FindAll("select").Select(one => one.GetAttribute("value")).Should().Equal("ID", "Days", "what happened");
        view.Find("select").QuerySelectorAll("option").Select(one => one.TextContent).Should()
            .Equal("not in the file", "ID (such as <b>7</b>)", "Days (such as 2)", "what happened (such as nafld)");
        view.FindAll("label").Select(one => one.TextContent).Should().Equal("id", "days", "event");
    }

    [Fact]
    public void Nothing_is_renamed_before_something_is_chosen_nor_while_a_column_is_two()
    {
        ImmutableSortedDictionary<string, string>? chosen = null;
        var view = Map(["a", "b", "c"], Names(), names => chosen = names);

        view.Find("[data-action='map']").HasAttribute("disabled").Should().BeTrue();
        view.Find("[data-column='id']").Change("a");
        view.Find("[data-column='days']").Change("a");
        view.Find("[data-action='map']").HasAttribute("disabled").Should().BeTrue();
        view.Find(".field-problems").TextContent.Should().Contain("a can be one column only");
        view.Find("[data-column='days']").Change("b");
        view.Find("[data-column='event']").Change("c");
        view.Find("[data-column='event']").Change(string.Empty);
        view.Find("[data-action='map']").Click();

        view.WaitForAssertion(() => chosen.Should().Equal(Names(("days", "b"), ("id", "a"))));
    }

    private IRenderedComponent<ColumnMap> Map(ImmutableArray<string> columns, ImmutableSortedDictionary<string, string> earlier, Action<ImmutableSortedDictionary<string, string>> chosen)
    {
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddMudServices();
        return Render<ColumnMap>(parameters => parameters
            .Add(one => one.Dataset, _events)
            .Add(one => one.Preview, new DatasetPreview(SourceFormat.Csv, columns, [[null, "2", "nafld"], ["<b>7</b>", "3", null]], 0))
            .Add(one => one.Earlier, earlier)
            .Add(one => one.OnChosen, names =>
            {
                chosen(names);
                return Task.FromResult(ActionOutcome.Done("done"));
            }));
    }

    private static ImmutableSortedDictionary<string, string> Names(params (string Ours, string Theirs)[] names) =>
        names.ToImmutableSortedDictionary(name => name.Ours, name => name.Theirs, StringComparer.Ordinal);

    private static DatasetSource Source(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return new DatasetSource(bytes.Length, Timestamp.From(DateTimeOffset.UnixEpoch), _ => ValueTask.FromResult<Stream>(new MemoryStream(bytes)));
    }
}
