using System.Diagnostics;
using System.Numerics;
using CleanRoom.Policy.Gate;
using CleanRoom.Policy.Plans;
using CleanRoom.Protocol.Documents;
using CsCheck;
using static CleanRoom.Policy.Tests.Support.SamplePlans;

namespace CleanRoom.Policy.Tests.Gate;

/// <summary>Statistics from their sums: exact, null where they have no value, withheld like every other aggregate.</summary>
public sealed class StatisticsTests
{
    private const int K = 10;

    private static readonly PlanColumn _y = new(0, "y", ColumnType.Decimal, 1);
    private static readonly PlanColumn _x = new(0, "x", ColumnType.Int32, 0);

    public static TheoryData<AggregateFunction> Functions => [.. Enum.GetValues<AggregateFunction>().Where(function => function.IsStatistic())];

    // y in tenths: 1.0, 2.0, 4.0, 5.0; x: 1, 2, 3, 4.
    [Theory]
    [InlineData(AggregateFunction.VarPop, "2.50000000")]
    [InlineData(AggregateFunction.VarSamp, "3.33333333")]
    [InlineData(AggregateFunction.StddevPop, "1.5811388")]
    [InlineData(AggregateFunction.StddevSamp, "1.8257419")]
    [InlineData(AggregateFunction.CovarPop, "1.7500000")]
    [InlineData(AggregateFunction.CovarSamp, "2.3333333")]
    [InlineData(AggregateFunction.Corr, "0.989949")]
    [InlineData(AggregateFunction.RegrSlope, "1.4000000")]
    [InlineData(AggregateFunction.RegrIntercept, "-0.5000000")]
    [InlineData(AggregateFunction.RegrR2, "0.980000")]
    [InlineData(AggregateFunction.RegrCount, "4")]
    [InlineData(AggregateFunction.RegrAvgX, "2.500000")]
    [InlineData(AggregateFunction.RegrAvgY, "3.0000000")]
    [InlineData(AggregateFunction.RegrSxx, "5.000000")]
    [InlineData(AggregateFunction.RegrSyy, "10.00000000")]
    [InlineData(AggregateFunction.RegrSxy, "7.0000000")]
    public void Of_sample_isTheTextbooksNumber(AggregateFunction function, string expected) =>
        Text(function, [(10, 1), (20, 2), (40, 3), (50, 4)]).Should().Be(expected);

    // The same numbers in other units: x in hundredths. What is in units of x has two more digits, and no other value.
    [Theory]
    [MemberData(nameof(Functions))]
    public void Of_decimalsOnBothSides_isInUnitsOfTheColumns(AggregateFunction function)
    {
        (int Y, int X)[] rows = [(10, 1), (20, 2), (40, 3), (50, 4), (-30, 5)];
        var fine = new PlanAggregate(function, _y, function.Arity() == 2 ? _x with { Type = ColumnType.Decimal, Scale = 2 } : null);

        var (whole, scaled) = (Statistics.Of(Aggregate(function), Sums(function, rows))!.Value, Statistics.Of(fine, Sums(function, [.. rows.Select(row => (row.Y, row.X * 100))]))!.Value);

        scaled.Round(6).ToString().Should().Be(whole.Round(6).ToString());
    }

    [Fact]
    public void Of_columnsThatFallTogether_isANegativeCorrelation()
    {
        (int Y, int X)[] rows = [(50, 1), (40, 2), (20, 3), (10, 4)];

        Text(AggregateFunction.Corr, rows).Should().Be("-0.989949");
        Text(AggregateFunction.RegrSlope, rows).Should().Be("-1.4000000");
        Text(AggregateFunction.CovarPop, rows).Should().Be("-1.7500000");
    }

    [Fact]
    public void Of_functionThatIsNoStatistic_isACallersBug() =>
        FluentActions.Invoking(() => Statistics.Of(new PlanAggregate(AggregateFunction.Sum, _y), Sums(AggregateFunction.VarPop, [(1, 1)])))
            .Should().Throw<UnreachableException>();

    [Theory]
    [InlineData(AggregateFunction.VarSamp)]
    [InlineData(AggregateFunction.StddevSamp)]
    [InlineData(AggregateFunction.CovarSamp)]
    [InlineData(AggregateFunction.Corr)]
    [InlineData(AggregateFunction.RegrSlope)]
    [InlineData(AggregateFunction.RegrIntercept)]
    [InlineData(AggregateFunction.RegrR2)]
    public void Of_oneRow_hasNoValue(AggregateFunction function) => Text(function, [(10, 1)]).Should().Be("null");

    [Theory]
    [MemberData(nameof(Functions))]
    public void Of_noRow_hasNoValueButACount(AggregateFunction function) =>
        Text(function, []).Should().Be(function == AggregateFunction.RegrCount ? "0" : "null");

    [Fact]
    public void Of_constantColumns_hasNoCorrelation()
    {
        (int, int)[] constantX = [(10, 7), (20, 7), (40, 7)];
        (int, int)[] constantY = [(10, 1), (10, 2), (10, 3)];

        Text(AggregateFunction.Corr, constantX).Should().Be("null");
        Text(AggregateFunction.Corr, constantY).Should().Be("null");
        Text(AggregateFunction.RegrSlope, constantX).Should().Be("null");
        Text(AggregateFunction.RegrR2, constantX).Should().Be("null");
        Text(AggregateFunction.RegrR2, constantY).Should().Be("1.000000");
        Text(AggregateFunction.RegrSlope, constantY).Should().Be("0.0000000");
        Text(AggregateFunction.VarPop, constantY).Should().Be("0.00000000");
    }

    [Theory]
    [MemberData(nameof(Functions))]
    public void Of_absentSum_hasNoValue(AggregateFunction function)
    {
        foreach (var absent in function.Moments())
        {
            var sums = new MomentSums();
            foreach (var moment in function.Moments())
            {
                sums.Add(moment, moment == absent ? CellValue.Null.Instance : CellValue.Of(3L));
            }

            Statistics.Of(Aggregate(function), sums).Should().BeNull();
        }
    }

    [Fact]
    public void Of_sumsThatNoRowsHave_isNoRootOfANegativeNumber()
    {
        var sums = new MomentSums();
        sums.Add(Moment.Count, CellValue.Of(2L));
        sums.Add(Moment.First, CellValue.Of(10L));
        sums.Add(Moment.FirstSquared, CellValue.Of(1L));

        Statistics.Of(Aggregate(AggregateFunction.StddevPop), sums).Should().BeNull();
        Statistics.Of(Aggregate(AggregateFunction.StddevSamp), sums).Should().BeNull();
    }

    [Fact]
    public void SquareRoot_anyFraction_isTheNearestDecimal() =>
        Gen.Select(Gen.Int[0, 1_000_000_000], Gen.Int[1, 100_000], Gen.Int[0, 18]).Sample((numerator, denominator, scale) =>
        {
            var root = ((CellValue.Number)Rational.Quotient(numerator, denominator)!.Value.SquareRoot(scale)!.Value.Round(scale)).Unscaled;

            // |root - sqrt(n/d) * 10^scale| <= 1/2, squared and without fractions.
            var square = 4 * (BigInteger)numerator * BigInteger.Pow(100, scale);
            (BigInteger.Pow((2 * root) + 1, 2) * denominator).Should().BeGreaterThanOrEqualTo(square);
            (root.IsZero || BigInteger.Pow((2 * root) - 1, 2) * denominator <= square).Should().BeTrue();
        });

    [Theory]
    [InlineData(1, 4, 0, "0")]
    [InlineData(9, 4, 0, "2")]
    [InlineData(25, 4, 0, "2")]
    [InlineData(49, 4, 0, "4")]
    [InlineData(2, 1, 18, "1.414213562373095049")]
    public void SquareRoot_ofATie_isEven(int numerator, int denominator, int scale, string expected) =>
        Rational.Quotient(numerator, denominator)!.Value.SquareRoot(scale)!.Value.Round(scale).ToString().Should().Be(expected);

    // Columns of Grouped(K, VarPop): g, count, sum, sum of squares, units, contributors.
    [Fact]
    public void Apply_statisticOfTooFewContributors_isBlank() =>
        Released(Grouped(K, Aggregate(AggregateFunction.VarPop)), Row("a", 2, 30, 500, K, K), Row("b", 2, 30, 500, K, K - 1), Row("c", 2, 30, 500, K - 1, K))
            .Should().Equal("a,0.25000000", "b,null");

    // Columns behind these: total, largest and second for the sum and for the sum of squares.
    [Theory]
    [InlineData(100, 40, 30, 100, 40, 30, "0.25000000")]
    [InlineData(100, 60, 40, 100, 40, 30, "null")]
    [InlineData(100, 40, 30, 100, 60, 40, "null")]
    public void Apply_dominanceOfAnySum_blanksTheStatistic(int total, int first, int second, int squares, int firstSquare, int secondSquare, string cell) =>
        Released(
            Grouped(K, Aggregate(AggregateFunction.VarPop)) with { DominancePercent = 10 },
            Row("a", 2, 30, 500, K, K, total, first, second, squares, firstSquare, secondSquare))
            .Should().Equal($"a,{cell}");

    private static PlanAggregate Aggregate(AggregateFunction function) => new(function, _y, function.Arity() == 2 ? _x : null);

    private static MomentSums Sums(AggregateFunction function, (int Y, int X)[] rows)
    {
        var sums = new MomentSums();
        foreach (var moment in function.Moments())
        {
            var sum = rows.Sum(row => moment switch
            {
                Moment.Count => 1L,
                Moment.First => row.Y,
                Moment.Second => row.X,
                Moment.FirstSquared => row.Y * row.Y,
                Moment.SecondSquared => row.X * row.X,
                _ => row.Y * row.X,
            });
            sums.Add(moment, rows.Length == 0 && moment != Moment.Count ? CellValue.Null.Instance : CellValue.Of(sum));
        }

        return sums;
    }

    private static string Text(AggregateFunction function, (int Y, int X)[] rows)
    {
        var aggregate = Aggregate(function);
        return Statistics.Of(aggregate, Sums(function, rows)) is { } value ? value.Round(aggregate.CellType.Scale).ToString()! : "null";
    }
}
