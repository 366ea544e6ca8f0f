using System.Collections.Immutable;
using CleanRoom.Policy.Evaluation;
using CleanRoom.Policy.Plans;
using CleanRoom.Policy.Tests.Support;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Policy.Tests.Evaluation;

/// <summary>10^9 rows x fan-out x product stay below 10^37: on either side of each limit.</summary>
public class MomentBoundsTests
{
    private static readonly Dataset _people = Examples.Media.Datasets[0];

    // Squares: 10^9 x (10^14)^2 = 10^37 is too much.
    [Theory]
    [InlineData(AggregateFunction.VarPop, 99_999_999_999_999, 1, true)]
    [InlineData(AggregateFunction.VarPop, 100_000_000_000_000, 1, false)]
    [InlineData(AggregateFunction.VarPop, 99_999_999_999_999, 2, false)]
    [InlineData(AggregateFunction.VarPop, 70_000_000_000_000, 2, true)]
    [InlineData(AggregateFunction.RegrCount, 100_000_000_000_000, 1, true)]
    public void Square_of_the_largest_value_has_room(AggregateFunction function, long largest, int fanout, bool holds)
    {
        MomentBounds.Hold(function, [Measure(0, largest, fanout)]).Should().Be(holds);
        MomentBounds.Hold(function, [Measure(-largest, 0, fanout)]).Should().Be(holds, "what is far below zero is as large");
    }

    [Theory]
    [InlineData(AggregateFunction.CovarPop, 1_000_000_000_000_000, 9_999_999_999_999, true)]
    [InlineData(AggregateFunction.CovarPop, 1_000_000_000_000_000, 10_000_000_000_000, false)]
    [InlineData(AggregateFunction.Corr, 1_000_000_000_000_000, 1, false)]
    [InlineData(AggregateFunction.Corr, 1, 1_000_000_000_000_000, false)]
    [InlineData(AggregateFunction.RegrSxx, 1_000_000_000_000_000, 1, true)]
    [InlineData(AggregateFunction.RegrSyy, 1, 1_000_000_000_000_000, true)]
    public void Product_of_two_columns_has_room(AggregateFunction function, long first, long second, bool holds) =>
        MomentBounds.Hold(function, [Measure(0, first, 1), Measure(0, second, 1)]).Should().Be(holds);

    [Fact]
    public void Wider_fan_out_of_the_two_counts()
    {
        MomentBounds.Hold(AggregateFunction.CovarPop, [Measure(0, 1_000_000_000_000_000, 1), Measure(0, 5_000_000_000_000, 1)]).Should().BeTrue();
        MomentBounds.Hold(AggregateFunction.CovarPop, [Measure(0, 1_000_000_000_000_000, 1), Measure(0, 5_000_000_000_000, 2)]).Should().BeFalse();
        MomentBounds.Hold(AggregateFunction.CovarPop, [Measure(0, 1_000_000_000_000_000, 2), Measure(0, 5_000_000_000_000, 1)]).Should().BeFalse();
    }

    [Fact]
    public void Value_is_counted_in_units_of_its_last_digit()
    {
        MomentBounds.Hold(AggregateFunction.VarPop, [Measure(0, 999_999_999_999, 1, scale: 2)]).Should().BeTrue();
        MomentBounds.Hold(AggregateFunction.VarPop, [Measure(0, 1_000_000_000_000, 1, scale: 2)]).Should().BeFalse();
    }

    [Fact]
    public void Column_without_bounds_has_none()
    {
        var measure = Measure(0, 1, 1);
        MomentBounds.Hold(AggregateFunction.RegrCount, [Without(measure, column => column with { Clamp = null })]).Should().BeFalse();
        MomentBounds.Hold(AggregateFunction.RegrCount, [Without(measure, column => column with { Scale = null })]).Should().BeFalse();
    }

    // Sums: 10^9 rows x 10^18 leave a fan-out below 10^10.
    [Theory]
    [InlineData(ColumnType.Int64, null, 1_000_000_000_000_000_000, 9_999_999_999, true)]
    [InlineData(ColumnType.Int64, null, 1_000_000_000_000_000_000, 10_000_000_000, false)]
    [InlineData(ColumnType.Int64, 2, 1_000_000_000_000_000_000, 9_999_999_999, true)]
    [InlineData(ColumnType.Decimal, 2, 10_000_000_000_000_000, 9_999_999_999, true)]
    [InlineData(ColumnType.Decimal, 2, 10_000_000_000_000_000, 10_000_000_000, false)]
    public void Fan_out_leaves_room_for_sums(ColumnType type, int? scale, long largest, long fanout, bool holds)
    {
        var dataset = Measure(0, largest, 1).Dataset;
        MomentBounds.AllowFanout(Of(dataset, column => column with { Type = type, Scale = scale }), fanout).Should().Be(holds);
        MomentBounds.AllowFanout(Of(dataset, column => column with { Clamp = null }), long.MaxValue).Should().BeTrue("nothing is added up");
    }

    private static PlanValue.Raw Measure(long min, long max, int fanout, int scale = 0)
    {
        var column = new ColumnPolicy { Type = ColumnType.Decimal, Uses = ImmutableArray<ColumnUse>.Empty, Scale = scale, Clamp = new ClampBounds { Min = min, Max = max } };
        var policy = _people.Policy with
        {
            Columns = ImmutableSortedDictionary<string, ColumnPolicy>.Empty.Add("c", column), Join = _people.Policy.Join with { MaxFanout = fanout },
        };
        return new PlanValue.Raw(new PlanColumn(0, "c", ColumnType.Decimal, scale), _people with { Policy = policy });
    }

    private static PlanValue.Raw Without(PlanValue.Raw measure, Func<ColumnPolicy, ColumnPolicy> change) => measure with { Dataset = Of(measure.Dataset, change) };

    private static Dataset Of(Dataset dataset, Func<ColumnPolicy, ColumnPolicy> change) => dataset with
    {
        Policy = dataset.Policy with { Columns = dataset.Policy.Columns.SetItem("c", change(dataset.Policy.Columns["c"])) },
    };
}
