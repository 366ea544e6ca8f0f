using System.Collections.Immutable;
using CleanRoom.Client.Results;
using CleanRoom.Protocol.Documents;
using CleanRoom.TestKit.Collaborations;

namespace CleanRoom.Portal.Tests.Logic;

/// <summary>The shape of an answer chooses its chart.</summary>
public sealed class AnswerChartTests
{
    [Theory]
    [InlineData(ChartShape.Bar, "event,people", "MI,120", "afib,77", "htn,300")]
    [InlineData(ChartShape.Bar, "event,male,people", "MI,0,120", "MI,1,77", "afib,0,300", "afib,1,310")]
    [InlineData(ChartShape.Bar, "status,tests,mean_value", "0,146671,50.88", "1,14588,48.66")]
    [InlineData(ChartShape.Line, "day,people", "2026-01-01,50", "2026-01-03,61", "2026-01-02,58")]
    [InlineData(ChartShape.Line, "year,mean", "0,1.5", "365,1.25", "730,0.5")]
    [InlineData(ChartShape.Histogram, "age,people", "30,50", "50,61", "40,58")]
    [InlineData(ChartShape.Scatter, "age,weight", "57,60", "57,81.5", "60,70.4")]
    [InlineData(ChartShape.None, "people", "17", "18")]
    [InlineData(ChartShape.None, "event,people", "MI,120")]
    [InlineData(ChartShape.None, "event,sex", "MI,f", "MI,m")]
    public void Shape_follows_from_the_columns(ChartShape shape, string head, params string[] rows) =>
        AnswerChart.Of(Table(head, rows)).Shape.Should().Be(shape);

    [Fact]
    public void Marks_of_a_line_are_in_order_and_keep_their_labels()
    {
        var chart = AnswerChart.Of(Table("day,people", "2026-01-01,50", "2026-01-03,61", "2026-01-02,58"));

        chart.Marks.Select(mark => (mark.Label, mark.Y)).Should().Equal(("2026-01-01", 50m), ("2026-01-02", 58m), ("2026-01-03", 61m));
        (chart.Across, chart.Up, chart.Missing).Should().Be(("day", "people", 0));
    }

    [Fact]
    public void Bars_have_all_keys_in_their_label_and_rows_without_a_value_are_counted()
    {
        var chart = AnswerChart.Of(Table("event,male,people", "MI,0,120", "MI,1,", "afib,0,300", "afib,1,310"));

        chart.Marks.Select(mark => mark.Label).Should().Equal("MI, 0", "afib, 0", "afib, 1");
        (chart.Across, chart.Up, chart.Missing).Should().Be(("event, male", "people", 1));
    }

    [Fact]
    public void Answer_of_too_many_rows_stays_a_table() =>
        AnswerChart.Of(Table("event,people", [.. Enumerable.Range(0, AnswerChart.MaxMarks + 1).Select(i => $"e{i},{i}")])).Shape.Should().Be(ChartShape.None);

    [Fact]
    public void Groups_that_the_contract_names_and_the_answer_does_not_have_are_told()
    {
        var verdict = TestStages.Verdict with
        {
            Lineage = [new LineageEdge { Dataset = "registry.people", Column = "status", Operation = "group", Output = "state" }],
        };

        var absent = AbsentGroups.Of(Table("state,tests", "1,14588"), verdict, TestContracts.First);

        absent.Should().ContainSingle().Which.Should().BeEquivalentTo(new { Column = "state", Values = new[] { "0" } });
        AbsentGroups.Of(Table("state,tests", "0,146671", "1,14588"), verdict, TestContracts.First).Should().BeEmpty();
    }

    internal static ArrowTable Table(string head, params string[] rows) => new(
        [.. head.Split(',')], [.. rows.Select(row => row.Split(',').Select(cell => cell.Length == 0 ? null : cell).ToImmutableArray())]);
}
