using CleanRoom.Policy.Gate;
using CleanRoom.Policy.Plans;
using CleanRoom.Protocol.Documents;
using CsCheck;
using static CleanRoom.Policy.Tests.Support.SamplePlans;

namespace CleanRoom.Policy.Tests.Gate;

public sealed class ThresholdGateTests
{
    private const int K = 10;

    private static readonly OutputExpression _count = new OutputExpression.Aggregate(0, CellType.Count);

    // Columns of Grouped(K, Count): g, count, units.
    [Fact]
    public void Apply_unitsOfARow_mustReachTheThreshold() =>
        Released(Grouped(K, Count), Row("a", 90, K - 1), Row("b", 90, K), Row("c", 90, K + 1), Row("d", 90, 0), Row("e", 90, null))
            .Should().Equal("b,90", "c,90");

    [Fact]
    public void Apply_everyProtectedTable_mustReachTheThreshold()
    {
        var plan = Grouped(K, Count) with { Tables = [Protected("x.a", K), Protected("y.own", 0), Protected("z.c", K)] };

        Released(plan, Row("a", 1, K, K), Row("b", 1, K - 1, K), Row("c", 1, K, K - 1)).Should().Equal("a,1");
    }

    [Fact]
    public void Apply_noProtectedTable_releasesEverything()
    {
        var plan = Grouped(0, Count);

        Released(plan, Row("a", 1), Row("b", 0)).Should().Equal("a,1", "b,0");
    }

    // Columns of Grouped(K, Sum, Average, Distinct): g, sum, numerator, denominator, distinct, units, contributors to each of the three.
    [Fact]
    public void Apply_cellsOfTooFewContributors_areBlankOneByOne() =>
        Released(
            Grouped(K, Sum, Average, Distinct),
            Row("a", 10.00m, 10.00m, 4, 3, K, K, K, K),
            Row("b", 10.00m, 10.00m, 4, 3, K, K - 1, K, K),
            Row("c", 10.00m, 10.00m, 4, 3, K, K, K - 1, K),
            Row("d", 10.00m, 10.00m, 4, 3, K, K, K, K - 1),
            Row("e", null, null, 0, 0, K, 0, 0, 0))
            .Should().Equal("a,10.00,2.50000000,3", "b,null,2.50000000,3", "c,10.00,null,3", "d,10.00,2.50000000,null", "e,null,null,null");

    // Two reasons against one cell are no reason for it. Columns: g, sum, units of x and y, contributors of x and y; then total, largest and second of both.
    [Fact]
    public void Apply_cellThatTwoTablesWithhold_isBlank()
    {
        var plan = Grouped(K, Sum) with { Tables = [Protected("x.a", K), Protected("y.a", K)] };

        Released(plan, Row("a", 10.00m, K, K, K - 1, K - 1), Row("b", 10.00m, K, K, K, K)).Should().Equal("a,null", "b,10.00");
        Released(plan with { DominancePercent = 17 }, Row("a", 10.00m, K, K, K, K, 100m, 60m, 30m, 100m, 60m, 30m)).Should().Equal("a,null");
    }

    [Fact]
    public void Apply_rowCounts_areNotBlankedByMissingValues() =>
        Released(Grouped(K, Count, Sum), Row("a", 40, 1.00m, K, K - 1)).Should().Equal("a,40,null");

    [Fact]
    public void Apply_having_seesOnlyWhatSurvived()
    {
        var plan = Grouped(K, Sum) with
        {
            Having = new OutputCondition.Compare(new OutputExpression.Aggregate(0, Sum.CellType), Comparison.Greater, new Literal(ColumnType.Decimal, "5")),
        };

        // Columns: g, sum, units, contributors.
        Released(plan, Row("a", 9.00m, K, K), Row("b", 9.00m, K - 1, K), Row("c", 9.00m, K, K - 1), Row("d", 5.00m, K, K)).Should().Equal("a,9.00");
    }

    [Theory]
    [InlineData(false, "b,null")]
    [InlineData(true, "a,9.00")]
    public void Apply_havingOnAbsence_cannotTellWithheldFromAbsent(bool negated, string released)
    {
        var plan = Grouped(K, Sum) with { Having = new OutputCondition.IsNull(new OutputExpression.Aggregate(0, Sum.CellType), negated) };

        Released(plan, Row("a", 9.00m, K, K), Row("b", 9.00m, K, K - 1)).Should().Equal(released);
    }

    [Fact]
    public void Apply_limit_countsSurvivorsOnly()
    {
        var plan = Grouped(K, Count) with { Order = [new OutputOrder(1, Descending: true, NullsFirst: false)], Limit = 2 };

        Released(plan, Row("a", 1, K), Row("b", 99, K - 1), Row("c", 3, K), Row("d", 2, K)).Should().Equal("c,3", "d,2");
    }

    [Fact]
    public void Apply_contractsRowLimit_holdsAboveTheAnalysts() =>
        Released(Grouped(K, Count) with { Limit = 3, MaxRows = 1 }, Row("b", 1, K), Row("a", 1, K)).Should().Equal("a,1");

    [Fact]
    public void Apply_limitZero_releasesNothing() => Released(Grouped(K, Count) with { Limit = 0 }, Row("a", 1, K)).Should().BeEmpty();

    [Fact]
    public void Apply_order_ofWithheldCells_isThatOfNull()
    {
        var plan = Grouped(K, Sum) with { Order = [new OutputOrder(1, Descending: false, NullsFirst: true)] };

        Released(plan, Row("a", 1.00m, K, K), Row("b", 0.50m, K, K), Row("c", 0.75m, K, K - 1)).Should().Equal("c,null", "b,0.50", "a,1.00");
    }

    [Fact]
    public void Apply_withoutOrder_isByKeys_whateverTheEnginesOrder()
    {
        var rows = new[] { Row("b", 1, K), Row("a", 1, K), Row(null, 1, K), Row("c", 1, K) };

        Gen.Shuffle(rows).Sample(shuffled => Released(Grouped(K, Count), shuffled).Should().Equal("a,1", "b,1", "c,1", "null,1"));
    }

    [Fact]
    public void Apply_everythingWithheld_looksLikeAnAnswerAboutNothing() =>
        ThresholdGate.Apply(Grouped(K, Count), [Row("a", 5, K - 1)])
            .Should().BeEquivalentTo(ThresholdGate.Apply(Grouped(K, Count), []), options => options.ComparingByMembers<ReleasedTable>());

    // Columns of Grouped(K, Sum) with dominance: g, sum, units, contributors, total, largest, second.
    // 100 - 60 - 30 = 10 is 16.7 % of 60.
    [Theory]
    [InlineData("100", "60", "30", 16, "10.00")]
    [InlineData("100", "60", "30", 17, "null")]
    [InlineData("100", "60", "28", 20, "10.00")]
    [InlineData("100", "60", "28", 21, "null")]
    [InlineData("100", "100", null, 1, "null")]
    [InlineData("0", "0", "0", 100, "10.00")]
    [InlineData(null, null, null, 1, "null")]
    public void Apply_dominance_keepsThePercentRule(string? total, string? largest, string? second, int percent, string cell)
    {
        var plan = Grouped(K, Sum) with { DominancePercent = percent };

        Released(plan, Row("a", 10.00m, K, K, Number(total), Number(largest), Number(second))).Should().Equal($"a,{cell}");
    }

    [Fact]
    public void Apply_arithmetic_isExactUntilTheEnd()
    {
        // A third three times is one again, and a quotient by zero is null.
        var third = new OutputExpression.Arithmetic(ArithmeticOperator.Divide, _count, new OutputExpression.NullIfZero(new OutputExpression.Aggregate(1, CellType.Count)));
        var whole = new OutputExpression.Arithmetic(ArithmeticOperator.Multiply, third, Constant("3"));
        var plan = Grouped(K, Count, Count) with { Outputs = [new PlanOutput("x", third), new PlanOutput("y", whole)] };

        Released(plan, Row("a", 1, 3, K), Row("b", 1, 0, K)).Should().Equal("0.333333,1.000000", "null,null");
    }

    [Theory]
    [InlineData("0.0000005", "0.000000")]
    [InlineData("0.0000015", "0.000002")]
    [InlineData("-0.0000015", "-0.000002")]
    [InlineData("0.00000150001", "0.000002")]
    public void Apply_rounding_takesTiesToEven(string value, string released)
    {
        var quotient = new OutputExpression.Arithmetic(ArithmeticOperator.Multiply, _count, new OutputExpression.Constant(new Literal(ColumnType.Decimal, value), CellType.OfScale(6)));
        var plan = Grouped(K, Count) with { Outputs = [new PlanOutput("x", quotient)] };

        Released(plan, Row("a", 1, K)).Should().Equal(released);
    }

    public static TheoryData<string, object?[]> WrongRows => new()
    {
        { "too short", ["a", 1] },
        { "too long", ["a", 1, K, K] },
        { "text for a count", ["a", "1", K] },
        { "number for a text", [1, 1, K] },
        { "text for units", ["a", 1, "many"] },
        { "fraction for units", ["a", 1, 10.5m] },
        { "truth for a count", ["a", true, K] },
    };

    [Theory]
    [MemberData(nameof(WrongRows), DisableDiscoveryEnumeration = true)]
    public void Apply_rowOfAnotherShape_isNeverReleased(string what, object?[] row)
    {
        var apply = () => ThresholdGate.Apply(Grouped(K, Count), [Row(row)]);

        apply.Should().Throw<ArgumentException>(what);
    }

    [Fact]
    public void Apply_anyRows_releasesOnlyRowsThatReachTheThreshold() =>
        Gen.Select(Gen.Int[0, 20], Gen.Int[0, 3], Gen.Int[0, 20]).Array[0, 12].Sample(rows =>
        {
            var input = rows.Select((row, index) => Row($"g{index:00}", row.Item2, row.Item1, row.Item3)).ToArray();
            var expected = rows.Select((row, index) => (row, index)).Where(pair => pair.row.Item1 >= K)
                .Select(pair => $"g{pair.index:00},{(pair.row.Item3 >= K ? pair.row.Item2.ToString(System.Globalization.CultureInfo.InvariantCulture) : "null")}");

            Released(Grouped(K, Distinct), input).Should().Equal(expected);
        });

    private static OutputExpression.Constant Constant(string text) => new(new Literal(ColumnType.Decimal, text), CellType.OfScale(0));

    private static decimal? Number(string? text) => text is null ? null : decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
