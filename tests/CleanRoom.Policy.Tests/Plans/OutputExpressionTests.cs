using CleanRoom.Policy.Plans;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Policy.Tests.Plans;

/// <summary>The types and sizes of values of an answer.</summary>
public sealed class OutputExpressionTests
{
    private static OutputExpression Two => new OutputExpression.Aggregate(0, CellType.OfScale(2));

    private static OutputExpression Five => new OutputExpression.Aggregate(1, CellType.OfScale(5));

    private static OutputExpression Text => new OutputExpression.Key(0, new CellType(ColumnType.String, 0));

    [Theory]
    [InlineData(ArithmeticOperator.Add, 5)]
    [InlineData(ArithmeticOperator.Subtract, 5)]
    [InlineData(ArithmeticOperator.Multiply, 7)]
    [InlineData(ArithmeticOperator.Divide, 8)]
    public void Arithmetic_hasTheDigitsOfItsOperands(ArithmeticOperator op, int scale) =>
        new OutputExpression.Arithmetic(op, Two, Five).CellType.Should().Be(new CellType(ColumnType.Decimal, scale));

    [Theory]
    [InlineData(ChoiceFunction.Greatest, 5)]
    [InlineData(ChoiceFunction.Least, 5)]
    [InlineData(ChoiceFunction.Coalesce, 5)]
    [InlineData(ChoiceFunction.NullIf, 2)]
    public void Choice_ofNumbers_hasTheDigitsOfBoth(ChoiceFunction function, int scale) =>
        new OutputExpression.Choice(function, Two, Five).CellType.Should().Be(new CellType(ColumnType.Decimal, scale));

    [Fact]
    public void Choice_ofTexts_isText() => new OutputExpression.Choice(ChoiceFunction.Coalesce, Text, Text).CellType.Type.Should().Be(ColumnType.String);

    [Fact]
    public void Nodes_areCounted()
    {
        var sum = new OutputExpression.Arithmetic(ArithmeticOperator.Add, Two, Five);
        sum.Nodes.Should().Be(3);
        new OutputExpression.NullIfZero(sum).Nodes.Should().Be(4);
        new OutputExpression.Rounded(RoundingFunction.Floor, sum, 0).Nodes.Should().Be(4);
        new OutputExpression.Choice(ChoiceFunction.Least, sum, Two).Nodes.Should().Be(5);
    }

    // Each level doubles the number of nodes: it is held just beyond the limit, long before it could overflow.
    [Fact]
    public void Nodes_areHeldBeyondTheLimit()
    {
        var (sum, choice) = (Two, Two);
        for (var level = 0; level < 40; level++)
        {
            sum = new OutputExpression.Arithmetic(ArithmeticOperator.Add, sum, sum);
            choice = new OutputExpression.Choice(ChoiceFunction.Greatest, choice, choice);
        }

        const int beyond = OutputExpression.MaxNodes + 1;
        sum.Nodes.Should().Be(beyond);
        choice.Nodes.Should().Be(beyond);
        new OutputExpression.NullIfZero(sum).Nodes.Should().Be(beyond);
        new OutputExpression.Rounded(RoundingFunction.Floor, sum, 0).Nodes.Should().Be(beyond);
    }

    [Theory]
    [InlineData(Comparison.Equal, "=", false, true, false)]
    [InlineData(Comparison.NotEqual, "<>", true, false, true)]
    [InlineData(Comparison.Less, "<", true, false, false)]
    [InlineData(Comparison.LessOrEqual, "<=", true, true, false)]
    [InlineData(Comparison.Greater, ">", false, false, true)]
    [InlineData(Comparison.GreaterOrEqual, ">=", false, true, true)]
    public void Comparison_holdsForAnOrder(Comparison comparison, string symbol, bool below, bool at, bool above)
    {
        comparison.Symbol().Should().Be(symbol);
        new[] { comparison.Holds(-1), comparison.Holds(0), comparison.Holds(1) }.Should().Equal(below, at, above);
        var mirrored = comparison.Mirror();
        new[] { mirrored.Holds(1), mirrored.Holds(0), mirrored.Holds(-1) }.Should().Equal(below, at, above);
    }

    [Theory]
    [InlineData("var_pop", AggregateFunction.VarPop)]
    [InlineData("var_samp", AggregateFunction.VarSamp)]
    [InlineData("variance", AggregateFunction.VarSamp)]
    [InlineData("stddev_pop", AggregateFunction.StddevPop)]
    [InlineData("stddev_samp", AggregateFunction.StddevSamp)]
    [InlineData("stddev", AggregateFunction.StddevSamp)]
    [InlineData("covar_pop", AggregateFunction.CovarPop)]
    [InlineData("covar_samp", AggregateFunction.CovarSamp)]
    [InlineData("corr", AggregateFunction.Corr)]
    [InlineData("regr_slope", AggregateFunction.RegrSlope)]
    [InlineData("regr_intercept", AggregateFunction.RegrIntercept)]
    [InlineData("regr_r2", AggregateFunction.RegrR2)]
    [InlineData("regr_count", AggregateFunction.RegrCount)]
    [InlineData("regr_avgx", AggregateFunction.RegrAvgX)]
    [InlineData("regr_avgy", AggregateFunction.RegrAvgY)]
    [InlineData("regr_sxx", AggregateFunction.RegrSxx)]
    [InlineData("regr_syy", AggregateFunction.RegrSyy)]
    [InlineData("regr_sxy", AggregateFunction.RegrSxy)]
    [InlineData("STDDEV", AggregateFunction.StddevSamp)]
    [InlineData("median", null)]
    [InlineData("", null)]
    public void Statistic_isFoundByItsName(string name, AggregateFunction? function)
    {
        AggregateFunctions.Statistic(name).Should().Be(function);
        AggregateFunctions.StatisticNames.Contains(name).Should().Be(function is not null && !name.Any(char.IsUpper));
    }

    [Theory]
    [InlineData(AggregateFunction.CountRows, "int64", 0)]
    [InlineData(AggregateFunction.Sum, "decimal", 2)]
    [InlineData(AggregateFunction.Average, "decimal", 8)]
    [InlineData(AggregateFunction.VarPop, "decimal", 10)]
    [InlineData(AggregateFunction.CovarPop, "decimal", 9)]
    [InlineData(AggregateFunction.RegrSxx, "decimal", 8)]
    [InlineData(AggregateFunction.RegrAvgX, "decimal", 7)]
    [InlineData(AggregateFunction.Corr, "decimal", 6)]
    public void Aggregate_hasTheDigitsOfItsColumns(AggregateFunction function, string type, int scale)
    {
        var aggregate = new PlanAggregate(function, new PlanColumn(0, "y", ColumnType.Decimal, 2), new PlanColumn(0, "x", ColumnType.Decimal, 1));
        (aggregate.CellType.Type.ToString().ToLowerInvariant(), aggregate.CellType.Scale).Should().Be((type, scale));
    }
}
