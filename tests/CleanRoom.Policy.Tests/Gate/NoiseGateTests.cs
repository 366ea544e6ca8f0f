using System.Globalization;
using System.Numerics;
using System.Text;
using CleanRoom.Policy.Gate;
using CleanRoom.Policy.Plans;
using CleanRoom.Privacy.Noise;
using CleanRoom.Privacy.Selection;
using CleanRoom.Protocol.Documents;
using CsCheck;
using static CleanRoom.Policy.Tests.Support.SamplePlans;

namespace CleanRoom.Policy.Tests.Gate;

public sealed class NoiseGateTests : IDisposable
{
    private static readonly PlanAggregate _people = new(AggregateFunction.CountDistinct, new PlanColumn(0, "id", ColumnType.String, 0));

    private readonly NoiseSeed _seed = new(Enumerable.Range(0, NoiseSeed.Length).Select(i => (byte)i).ToArray());

    // Columns of Public(Count, Sum, Average): g, rows, sum, numerator, denominator.
    [Fact]
    public void Apply_numbers_areTheExactOnesPlusTheNoiseOfTheirStreams()
    {
        var plan = Public(["a", "b"], Count, Sum, Average);

        var released = NoiseGate.Apply(plan, [Row("a", 1_000, 40_000, -90_000, 900)], _seed);

        Number(released.Rows[0][1]).Should().Be(1_000 + Noise(plan, "1:a;", 0));
        Number(released.Rows[0][2]).Should().Be(40_000 + Noise(plan, "1:a;", 1));
        released.Rows[0][2].Should().BeOfType<CellValue.Number>().Which.Scale.Should().Be(2, "a sum is a whole number of the column's last digits");
        var (numerator, denominator) = (-90_000 + Noise(plan, "1:a;", 2), 900 + Noise(plan, "1:a;", 3));
        released.Rows[0][3].ToString().Should().Be(Mean(numerator, denominator, 0, 500));
        Number(released.Rows[1][2]).Should().Be(Noise(plan, "1:b;", 1), "where nobody is the noise is on nothing");
    }

    [Fact]
    public void Apply_theNoiseOfAGroup_dependsOnNoOtherGroupAndOnNoOrder()
    {
        var plan = Private(1, Count, Sum);
        var rows = Enumerable.Range(0, 6).Select(i => Row($"g{i}", 5_000, 90_000, 4_000)).ToArray();
        var all = NoiseGate.Apply(plan, rows, _seed).Rows.Select(row => string.Join(",", row)).ToList();

        all.Should().HaveCount(6).And.OnlyHaveUniqueItems();
        Gen.Select(Gen.Shuffle(rows), Gen.Int[1, 6]).Sample((shuffled, taken) =>
            all.Should().Contain(NoiseGate.Apply(plan, shuffled[..taken], _seed).Rows.Select(row => string.Join(",", row))));
    }

    [Fact]
    public void Apply_anotherCharge_hasOtherNoise()
    {
        using var other = new NoiseSeed(Enumerable.Range(1, NoiseSeed.Length).Select(i => (byte)i).ToArray());
        var plan = Public(["a"], Sum);

        NoiseGate.Apply(plan, [Row("a", 5)], _seed).Rows[0][1].Should().Be(NoiseGate.Apply(plan, [Row("a", 5)], _seed).Rows[0][1], "a run that is repeated says the same");
        NoiseGate.Apply(plan, [Row("a", 5)], other).Rows[0][1].Should().NotBe(NoiseGate.Apply(plan, [Row("a", 5)], _seed).Rows[0][1]);
    }

    [Fact]
    public void Apply_keysThatLookAlikeTogether_haveStreamsOfTheirOwn()
    {
        var key = new GroupKey.Whole(new PlanColumn(0, "h", ColumnType.String, 0));
        var plan = Private(1, Count);
        plan = plan with { Groups = [.. plan.Groups, key] };

        var numbers = NoiseGate.Apply(
            plan, [Row("a;1:b", "c", 9_000, 9_000), Row("a", "b;1:c", 9_000, 9_000), Row("null", null, 9_000, 9_000), Row(null, "null", 9_000, 9_000)], _seed);

        numbers.Rows.Select(row => row[1]).Should().HaveCount(4).And.OnlyHaveUniqueItems();
    }

    [Fact]
    public void Apply_privateGroups_appearByTheirNoisyNumberOfPeopleAlone()
    {
        var plan = Private(50, Count);
        var selection = new GroupSelection(NoisyValues.Mechanisms(plan)[0], NoisyValues.DeltaOf(plan), 50);
        var rows = Enumerable.Range(0, 400).Select(i => Row($"g{i:000}", i, i)).ToArray();

        // Columns: g, people, rows.
        var appeared = NoiseGate.Apply(plan, rows, _seed).Rows.Select(row => row[0].ToString()!).ToList();

        var expected = Enumerable.Range(0, 400).Where(i => selection.Appears(i, Noise(plan, $"4:g{i:000};", 0))).Select(i => $"g{i:000}").ToList();
        appeared.Should().Equal(expected);
        appeared.Should().NotContain(Enumerable.Range(0, 50).Select(i => $"g{i:000}"), "fewer people than the owner's least number never appear");
        expected.Should().HaveCountGreaterThan(50).And.HaveCountLessThan(400);
    }

    [Fact]
    public void Apply_publicGroups_allAppear_andNoOthers()
    {
        var plan = Public(["b", "a"], Count);

        var released = NoiseGate.Apply(plan, [Row("b", 7_000), Row("elsewhere", 9_000), Row(null, 9_000)], _seed).Rows;

        released.Select(row => row[0].ToString()).Should().Equal("a", "b");
        Number(released[1][1]).Should().Be(7_000 + Noise(plan, "1:b;", 0));
    }

    [Fact]
    public void Apply_publicNumbers_meetThoseOfTheEngine()
    {
        var key = new GroupKey.Band(new PlanColumn(0, "age", ColumnType.Int32, 0), 10);
        var plan = Public([], Count) with
        {
            Groups = [key],
            Outputs = [new PlanOutput("age", new OutputExpression.Key(0, key.CellType)), new PlanOutput("n", new OutputExpression.Aggregate(0, Count.CellType))],
        };
        plan = plan with { Noise = plan.Noise! with { PublicGroups = [[new Literal(ColumnType.Int32, "-10"), new Literal(ColumnType.Int32, "0")]] } };

        var released = NoiseGate.Apply(plan, [Row(-10, 8_000)], _seed).Rows;

        released.Select(row => row[0].ToString()).Should().Equal("-10", "0");
        Number(released[0][1]).Should().Be(8_000 + Noise(plan, "3:-10;", 0));
    }

    [Fact]
    public void Apply_havingOrderAndLimit_seeNoisyNumbersAlone()
    {
        var plan = Public([.. Enumerable.Range(0, 40).Select(i => $"g{i:00}")], Count) with
        {
            Having = new OutputCondition.Compare(new OutputExpression.Aggregate(0, CellType.Count), Comparison.Greater, new Literal(ColumnType.Int64, "1000")),
            Order = [new OutputOrder(1, Descending: true, NullsFirst: false)],
            Limit = 5,
        };

        var released = NoiseGate.Apply(plan, Enumerable.Range(0, 40).Select(i => Row($"g{i:00}", 1_000)), _seed).Rows.Select(row => row[0].ToString());

        released.Should().Equal(Enumerable.Range(0, 40).Select(i => $"g{i:00}").Where(g => Noise(plan, $"3:{g};", 0) > 0).OrderByDescending(g => Noise(plan, $"3:{g};", 0)).Take(5));
    }

    [Fact]
    public void Apply_counts_areNeverBelowNothing()
    {
        var plan = Public([.. Enumerable.Range(0, 40).Select(i => $"g{i:00}")], Count);

        var released = NoiseGate.Apply(plan, [], _seed).Rows.Select(row => Number(row[1])).ToList();

        released.Should().Equal(Enumerable.Range(0, 40).Select(i => BigInteger.Max(0, Noise(plan, $"3:g{i:00};", 0))));
        released.Should().Contain(BigInteger.Zero).And.Contain(number => number > 0);
    }

    [Fact]
    public void Apply_theNumberOfPeople_isTheOneThatChoseTheGroup()
    {
        var plan = Private(10, _people);

        Number(NoiseGate.Apply(plan, [Row("a", 4_000)], _seed).Rows.Single()[1]).Should().Be(4_000 + Noise(plan, "1:a;", 0));
        NoisyValues.Of(plan).Should().ContainSingle("it is paid for once");
    }

    [Fact]
    public void Apply_theNumberOfValues_isNotThatOfPeople()
    {
        var plan = Private(10, Distinct);

        Number(NoiseGate.Apply(plan, [Row("a", 4_000, 7_000)], _seed).Rows.Single()[1]).Should().Be(7_000 + Noise(plan, "1:a;", 1));
    }

    public static TheoryData<string, object?[]> WrongRows => new()
    {
        { "too short", ["a"] },
        { "too long", ["a", 1, 1] },
        { "text for a number", ["a", "1"] },
        { "number for a text", [1, 1] },
        { "a fraction", ["a", 1.5m] },
        { "nothing for a number", ["a", null] },
    };

    [Theory]
    [MemberData(nameof(WrongRows), DisableDiscoveryEnumeration = true)]
    public void Apply_rowOfAnotherShape_isNeverReleased(string what, object?[] row)
    {
        var apply = () => NoiseGate.Apply(Public(["a"], Count), [Row(row)], _seed);

        apply.Should().Throw<ArgumentException>(what);
    }

    [Fact]
    public void Apply_oneGroupTwice_isNeverReleased()
    {
        var apply = () => NoiseGate.Apply(Public(["a"], Count), [Row("a", 1), Row("a", 2)], _seed);

        apply.Should().Throw<ArgumentException>("both would have the same noise").WithMessage("wanted each group once, got one twice*");
        FluentActions.Invoking(() => NoiseGate.Apply(Public(["a"], Count), [Row("a", null)], _seed)).Should().Throw<ArgumentException>()
            .WithMessage("wanted a whole number, got none*");
    }

    public void Dispose() => _seed.Dispose();

    private static QueryPlan Private(int minUnits, params PlanAggregate[] aggregates) => Grouped(minUnits, aggregates) with
    {
        Tier = PolicyTier.Dp,
        Noise = new PlanNoise
        {
            UnitTable = 0,
            MaxGroupsPerUnit = 1,
            MaxRowsPerUnit = 4,
            NanoRho = 5_000_000,
            AttoDelta = 1_000_000_000_000,
            MinUnits = minUnits,
            PublicGroups = null,
            Clamps = [.. aggregates.Select(aggregate => aggregate.Function is AggregateFunction.Sum or AggregateFunction.Average ? new PlanClamp(0, 500) : null)],
        },
    };

    private static QueryPlan Public(string[] groups, params PlanAggregate[] aggregates)
    {
        var plan = Private(1, aggregates);
        return plan with { Noise = plan.Noise! with { AttoDelta = 0, PublicGroups = [[.. groups.Select(group => new Literal(ColumnType.String, group))]] } };
    }

    private static BigInteger Number(CellValue value) => ((CellValue.Number)value).Unscaled;

    private static string Mean(BigInteger numerator, BigInteger denominator, int lower, int upper)
    {
        var mean = BigInteger.Max(1, denominator) is var n ? ((decimal)(lower + upper) / 2) + ((decimal)numerator / (decimal)(2 * n)) : 0;
        return decimal.Round(decimal.Clamp(mean, lower, upper) / 100, 8, MidpointRounding.ToEven).ToString("0.00000000", CultureInfo.InvariantCulture);
    }

    private BigInteger Noise(QueryPlan plan, string label, int index)
    {
        using var stream = _seed.Stream(Encoding.UTF8.GetBytes(label), (ulong)index);
        return NoisyValues.Mechanisms(plan)[index].Draw(stream);
    }
}
