using System.Collections.Immutable;
using System.Globalization;
using CleanRoom.Policy.Plans;
using CleanRoom.Protocol.Documents;
using CsCheck;
using Grain = CleanRoom.Policy.Evaluation.Grain;

namespace CleanRoom.Policy.Tests.Evaluation;

/// <summary>What a condition or a group key tells apart lies on the grain: checked against every value of small domains.</summary>
public sealed class GrainTests
{
    private const int Least = -60;
    private const int Most = 60;

    private static readonly Gen<(int Step, int Min)> _grains = Gen.Select(Gen.Int[1, 12], Gen.Int[Least, 20]);

    [Fact]
    public void Admits_condition_dividesAtTheGrainOnly() =>
        Gen.Select(_grains, Gen.Int[1, 6], Gen.Int[Least, Most]).Sample((shape, comparison, literal) =>
        {
            var text = literal.ToString(CultureInfo.InvariantCulture);
            var admitted = Grain.Of(Number(shape.Step, shape.Min)).Admits((Comparison)comparison, new Literal(ColumnType.Int32, text));

            (admitted && Divides(shape, value => ((Comparison)comparison).Holds(value.CompareTo(literal)))).Should().BeFalse();
        });

    [Fact]
    public void Admits_band_isMadeOfWholeGrains() =>
        Gen.Select(_grains, Gen.Int[1, 40]).Sample((shape, width) =>
        {
            var admitted = Grain.Of(Number(shape.Step, shape.Min)).Admits((long)width);

            // Division rounds towards zero, as the engine's does.
            (admitted && Divides(shape, value => value / width)).Should().BeFalse();
        });

    [Theory]
    [InlineData(0, 10, true)]
    [InlineData(0, 20, true)]
    [InlineData(0, 15, false)]
    [InlineData(5, 10, false)]
    [InlineData(-10, 10, false)]
    public void Admits_band_needsTheGrainsStepsFromZero(int min, int width, bool admitted) =>
        Grain.Of(Number(10, min)).Admits((long)width).Should().Be(admitted);

    [Theory]
    [InlineData(ColumnType.Date, "week", Comparison.GreaterOrEqual, "2026-01-05", true)]
    [InlineData(ColumnType.Date, "week", Comparison.GreaterOrEqual, "2026-01-06", false)]
    [InlineData(ColumnType.Date, "week", Comparison.LessOrEqual, "2026-01-04", true)]
    [InlineData(ColumnType.Date, "week", Comparison.Equal, "2026-01-05", false)]
    [InlineData(ColumnType.Date, "month", Comparison.Greater, "2026-01-31", true)]
    [InlineData(ColumnType.Date, "month", Comparison.Less, "2026-02-01", true)]
    [InlineData(ColumnType.Date, "month", Comparison.Less, "2026-02-02", false)]
    [InlineData(ColumnType.Date, "day", Comparison.Equal, "2026-02-02", true)]
    [InlineData(ColumnType.Date, "week", Comparison.Greater, "9999-12-31", false)]
    [InlineData(ColumnType.Timestamp, "day", Comparison.Less, "2026-01-05 00:00:00", true)]
    [InlineData(ColumnType.Timestamp, "day", Comparison.LessOrEqual, "2026-01-05 00:00:00", false)]
    [InlineData(ColumnType.Timestamp, "day", Comparison.LessOrEqual, "2026-01-05 23:59:59.999999", true)]
    [InlineData(ColumnType.Timestamp, "day", Comparison.GreaterOrEqual, "2026-01-05 00:00:00.000001", false)]
    [InlineData(ColumnType.Timestamp, null, Comparison.Equal, "2026-01-05 12:00:00", true)]
    public void Admits_moment_onlyAtTheBeginningOfAPeriod(ColumnType type, string? grain, Comparison comparison, string literal, bool admitted) =>
        Grain.Of(Moment(type, grain)).Admits(comparison, new Literal(type, literal)).Should().Be(admitted);

    [Theory]
    [InlineData(null, "Day Week Month Quarter Year")]
    [InlineData("day", "Day Week Month Quarter Year")]
    [InlineData("week", "Week")]
    [InlineData("month", "Month Quarter Year")]
    public void Admits_period_isMadeOfWholeGrains(string? grain, string periods) =>
        string.Join(' ', Enum.GetValues<TimeGrain>().Where(period => Grain.Of(Moment(ColumnType.Timestamp, grain)).Admits(period)))
            .Should().Be(periods);

    [Theory]
    [InlineData(ColumnType.Date, "day", true)]
    [InlineData(ColumnType.Date, "week", false)]
    [InlineData(ColumnType.Timestamp, "day", false)]
    [InlineData(ColumnType.Timestamp, null, true)]
    [InlineData(ColumnType.String, null, true)]
    public void IsWhole_saysWhetherValuesMayBeToldApart(ColumnType type, string? grain, bool whole) =>
        Grain.Of(Moment(type, grain)).IsWhole.Should().Be(whole);

    /// <summary>Says whether two values of one grain get different answers.</summary>
    private static bool Divides<T>((int Step, int Min) shape, Func<int, T> answer) =>
        Enumerable.Range(shape.Min, Most - shape.Min).GroupBy(value => (value - shape.Min) / shape.Step)
            .Any(grain => grain.Select(answer).Distinct().Count() > 1);

    private static ColumnPolicy Number(int step, int min) => new()
    {
        Type = ColumnType.Int32,
        Uses = [ColumnUse.Group, ColumnUse.Filter],
        Domain = new ColumnDomain { Min = min, Max = Most },
        Grain = step.ToString(CultureInfo.InvariantCulture),
    };

    private static ColumnPolicy Moment(ColumnType type, string? grain) => new() { Type = type, Uses = ImmutableArray<ColumnUse>.Empty, Grain = grain };
}
