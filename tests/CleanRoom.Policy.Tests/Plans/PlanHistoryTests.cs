using CleanRoom.Policy.Plans;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Policy.Tests.Plans;

/// <summary>What the audit of earlier answers is offered of a plan.</summary>
public sealed class PlanHistoryTests
{
    private static readonly PlanHistory _history = new()
    {
        Datasets = [new AuditedDataset("a.one", 5, 100), new AuditedDataset("b.two", 7, 100)],
        Aggregates = [0, 2],
        Rows = 10,
    };

    [Fact]
    public void Row_isACell_andSoIsEachAggregateWithFewerPeople()
    {
        _history.Cells.Should().Be(30);
        (_history with { Aggregates = [] }).Cells.Should().Be(10);
        (_history with { Rows = int.MaxValue }).Cells.Should().Be(int.MaxValue, "it is held where numbers end");
    }

    [Fact]
    public void Occurrence_isCovered_whenItsDatasetIsThereAndItsPeopleAreProtected()
    {
        var unit = new PlanUnit("id", ColumnType.Int64, "person");

        _history.Covers(new PlanTable("a.one", "a", unit, 1)).Should().BeTrue("the first is one of them");
        _history.Covers(new PlanTable("b.two", "b", unit, 1)).Should().BeTrue();
        _history.Covers(new PlanTable("a.one", "a", unit, 0)).Should().BeFalse("it protects nobody from this audience");
        _history.Covers(new PlanTable("c.three", "c", unit, 1)).Should().BeFalse();
        (_history.IndexOf("a.one"), _history.IndexOf("b.two"), _history.IndexOf("c.three")).Should().Be((0, 1, -1));
    }
}
