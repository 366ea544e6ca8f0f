using Bunit;
using CleanRoom.Client.Budgets;
using CleanRoom.Client.Results;
using CleanRoom.Portal.Features.Budgets;
using CleanRoom.Portal.Features.Results;
using CleanRoom.Portal.Tests.Logic;
using CleanRoom.TestKit.Collaborations;
using MudBlazor.Services;

namespace CleanRoom.Portal.Tests.Components;

/// <summary>Drawings have a mark for each number, words for those who do not see them, and say what is withheld.</summary>
public sealed class DrawingTests : BunitContext
{
    public DrawingTests()
    {
        Services.AddMudServices();
        JSInterop.Mode = JSRuntimeMode.Loose;
    }

    [Fact]
    public void Chart_draws_every_mark_inside_the_frame_and_states_what_is_withheld()
    {
        var chart = AnswerChart.Of(AnswerChartTests.Table("event,people", "MI,120", "afib,", "htn,300", "stroke,-4"));

        var view = Render<ChartView>(parameters => parameters
            .Add(one => one.Chart, chart)
            .Add(one => one.Verdict, TestStages.Verdict)
            .Add(one => one.Absent, [new AbsentGroups("event", ["nafld"])]));

        var bars = view.FindAll("rect.mark");
        bars.Select(bar => bar.TextContent).Should().Equal("MI: 120", "htn: 300", "stroke: -4");
        bars.Select(bar => int.Parse(bar.GetAttribute("y")!, System.Globalization.CultureInfo.InvariantCulture)).Should().OnlyContain(y => y >= 0 && y <= 300);
        Height(bars[1]).Should().BeCloseTo(Height(bars[0]) * 5 / 2, 2, "lengths compare as numbers do");
        view.Find("svg").GetAttribute("aria-label").Should().Contain("Bars of people by event, 3 marks");
        view.Find("[data-withheld]").TextContent.Should().Contain("1 rows have no value").And.Contain("no row for nafld").And.Contain("fewer than 50 people of registry.people");

        static int Height(AngleSharp.Dom.IElement bar) => int.Parse(bar.GetAttribute("height")!, System.Globalization.CultureInfo.InvariantCulture);
    }

    [Fact]
    public void History_of_a_budget_climbs_with_each_charge()
    {
        var room = TestStages.Charged;

        var plot = Render<BudgetPlot>(parameters => parameters
            .Add(one => one.Points, BudgetPoint.HistoryOf(room.State, "registry.people"))
            .Add(one => one.Name, "registry.people"));

        var line = plot.Find("polyline").GetAttribute("points")!.Split(' ').Select(point => int.Parse(point.Split(',')[1], System.Globalization.CultureInfo.InvariantCulture)).ToList();
        line.Should().BeInDescendingOrder("more is spent further up").And.HaveCount(4);
        line[0].Should().BeGreaterThan(line[^1]);
        plot.Find("svg").GetAttribute("aria-label").Should().Contain("1 charges").And.Contain("33.4 % used");
    }
}
