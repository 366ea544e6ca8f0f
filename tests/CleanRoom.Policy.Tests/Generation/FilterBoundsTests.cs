using System.Collections.Immutable;
using CleanRoom.Policy.Generation;
using CleanRoom.Policy.Plans;
using CleanRoom.Policy.Tests.Support;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Policy.Tests.Generation;

/// <summary>What a filter says of the stored values of a column. Spec: contracts/spec/0010 s.6.1.</summary>
public sealed class FilterBoundsTests
{
    private const string People = "a.people";
    private static readonly PlanTable _people = new(People, "a", new PlanUnit("id", ColumnType.Int32, "d"), 10);

    [Theory]
    [InlineData(ColumnType.Int32, 0, Comparison.Equal, "7", 7, 7)]
    [InlineData(ColumnType.Int32, 0, Comparison.Less, "7", long.MinValue, 6)]
    [InlineData(ColumnType.Int32, 0, Comparison.LessOrEqual, "7", long.MinValue, 7)]
    [InlineData(ColumnType.Int32, 0, Comparison.Greater, "7", 8, long.MaxValue)]
    [InlineData(ColumnType.Int32, 0, Comparison.GreaterOrEqual, "-7", -7, long.MaxValue)]
    [InlineData(ColumnType.Int64, 0, Comparison.Less, "1.5", long.MinValue, 1)]
    [InlineData(ColumnType.Int64, 0, Comparison.LessOrEqual, "1.5", long.MinValue, 1)]
    [InlineData(ColumnType.Int64, 0, Comparison.Greater, "-1.5", -1, long.MaxValue)]
    [InlineData(ColumnType.Int64, 0, Comparison.GreaterOrEqual, "-1.5", -1, long.MaxValue)]
    [InlineData(ColumnType.Int64, 0, Comparison.Less, "-1.5", long.MinValue, -2)]
    [InlineData(ColumnType.Int64, 0, Comparison.Equal, "1.5", 2, 1)]
    [InlineData(ColumnType.Int64, 0, Comparison.Greater, "9223372036854775807", long.MaxValue, long.MaxValue)]
    [InlineData(ColumnType.Decimal, 2, Comparison.Greater, "0.5", 51, long.MaxValue)]
    [InlineData(ColumnType.Decimal, 2, Comparison.LessOrEqual, "-3", long.MinValue, -300)]
    [InlineData(ColumnType.Decimal, 2, Comparison.Less, "0.125", long.MinValue, 12)]
    [InlineData(ColumnType.Date, 0, Comparison.GreaterOrEqual, "1970-01-02", 1, long.MaxValue)]
    [InlineData(ColumnType.Date, 0, Comparison.Less, "1969-12-31", long.MinValue, -2)]
    [InlineData(ColumnType.Timestamp, 0, Comparison.Equal, "1970-01-01 00:00:01", 1_000_000, 1_000_000)]
    [InlineData(ColumnType.Timestamp, 0, Comparison.Greater, "1970-01-01 00:00:00.000005", 6, long.MaxValue)]
    public void Of_comparison_isTheStoredValuesThatPass(ColumnType type, int scale, Comparison comparison, string literal, long least, long greatest) =>
        Of(new PlanFilter.Compare(new PlanColumn(0, "x", type, scale), comparison, new Literal(type, literal))).Should().Equal(new FilterBounds("x", least, greatest));

    [Fact]
    public void Of_conditionsThatMustAllHold_isWhatTheyShare() => Of(new PlanFilter.And([Compare(Comparison.Greater, "3"), new PlanFilter.And([Compare(Comparison.Less, "9"), Compare(Comparison.LessOrEqual, "20")])]))
        .Should().Equal(new FilterBounds("x", 4, 8));

    [Fact]
    public void Of_valuesOfAList_isFromTheLeastToTheGreatest() => Of(new PlanFilter.In(new PlanColumn(0, "x", ColumnType.Int32, 0), Negated: false, [Number("7"), Number("3"), Number("5")]))
        .Should().Equal(new FilterBounds("x", 3, 7));

    [Fact]
    public void Of_whatNeedNotHold_isNothing()
    {
        Of(null).Should().BeEmpty();
        Of(Compare(Comparison.NotEqual, "3")).Should().BeEmpty();
        Of(new PlanFilter.Or([Compare(Comparison.Greater, "3"), Compare(Comparison.Less, "1")])).Should().BeEmpty();
        Of(new PlanFilter.Not(Compare(Comparison.Greater, "3"))).Should().BeEmpty();
        Of(new PlanFilter.In(new PlanColumn(0, "x", ColumnType.Int32, 0), Negated: true, [Number("7")])).Should().BeEmpty();
        Of(new PlanFilter.IsNull(new PlanColumn(0, "x", ColumnType.Int32, 0), Negated: false)).Should().BeEmpty();
        Of(new PlanFilter.Compare(new PlanColumn(0, "x", ColumnType.String, 0), Comparison.Equal, new Literal(ColumnType.String, "7"))).Should().BeEmpty();
        Of(new PlanFilter.Compare(new PlanColumn(0, "x", ColumnType.Boolean, 0), Comparison.Equal, new Literal(ColumnType.Boolean, "true"))).Should().BeEmpty();
    }

    [Fact]
    public void Of_aDatasetThatOccursTwice_isWhatEitherOccurrenceNeeds()
    {
        var second = new PlanFilter.Compare(new PlanColumn(1, "x", ColumnType.Int32, 0), Comparison.Equal, Number("30"));

        FilterBounds.Of(Plan([_people, _people], new PlanFilter.And([Compare(Comparison.Equal, "3"), second])), People).Should().Equal(new FilterBounds("x", 3, 30));
        FilterBounds.Of(Plan([_people, _people], Compare(Comparison.Equal, "3")), People).Should().BeEmpty("the other occurrence needs all rows");
    }

    [Fact]
    public void Of_auditedAnswers_isNothing() =>
        FilterBounds.Of(Plan([_people], Compare(Comparison.Equal, "3")) with { History = new PlanHistory { Datasets = [], Aggregates = [], Rows = 0 } }, People)
            .Should().BeEmpty("units of all rows are numbered");

    private static ImmutableArray<FilterBounds> Of(PlanFilter? filter) => FilterBounds.Of(Plan([_people], filter), People);

    private static QueryPlan Plan(ImmutableArray<PlanTable> tables, PlanFilter? filter) => CountingPlan.Of(tables) with { Filter = filter };

    private static PlanFilter.Compare Compare(Comparison comparison, string number) => new(new PlanColumn(0, "x", ColumnType.Int32, 0), comparison, Number(number));

    private static Literal Number(string text) => new(ColumnType.Int32, text);
}
