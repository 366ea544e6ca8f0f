using System.Collections.Immutable;
using System.Numerics;
using CleanRoom.Privacy.Bounding;
using CleanRoom.Privacy.Mechanisms;
using CleanRoom.Privacy.Tests.Support;
using CsCheck;

namespace CleanRoom.Privacy.Tests.Bounding;

public class ContributionBoundingTests
{
    private static readonly ImmutableArray<byte> _salt = [.. Enumerable.Range(32, 32).Select(i => (byte)i)];

    private static readonly Gen<BoundedRow> _row = Gen.Select(
        Gen.Int[0, 6], Gen.Int[0, 5], Gen.Int[-40, 40], (unit, group, value) => new BoundedRow($"u{unit}", $"g{group}", value > 35 ? null : value));

    private static readonly Gen<ContributionBounds> _bounds = Gen.Select(Gen.Int[1, 4], Gen.Int[1, 5], Bounds);

    [Fact]
    public void Order_is_that_of_the_vectors()
    {
        foreach (var entry in SharedVectors.Committed("bounding.json", "order"))
        {
            BoundingOrder.Of(_salt, entry.Text("unit"), entry.Text("item")).Should().Be(entry.Text("order"));
        }
    }

    // A million rows in many groups, of values far outside the clamp.
    [Fact]
    public void A_unit_of_a_million_rows_moves_no_answer_further_than_its_sensitivity()
    {
        BoundedRow[] others = [.. Enumerable.Range(0, 50).Select(i => new BoundedRow($"u{i}", $"g{i % 5}", i))];
        var adversary = Enumerable.Range(0, 1_000_000).Select(i => new BoundedRow("adversary", $"g{i % 997}", Int128.MaxValue - i));
        IsWithinTheSensitivity(others, [.. adversary], Bounds(maxGroups: 3, maxRows: 4));
    }

    [Fact]
    public void One_unit_moves_no_answer_further_than_its_sensitivity() =>
        Gen.Select(_row.Array[0, 60], _bounds).Sample((rows, bounds) =>
            IsWithinTheSensitivity([.. rows.Where(row => row.Unit != "u0")], [.. rows.Where(row => row.Unit == "u0")], bounds));

    [Fact]
    public void Order_of_rows_changes_nothing() => Gen.Select(_row.Array[0, 60], _bounds).Sample((rows, bounds) =>
    {
        BoundedRow[] turned = [.. rows.Reverse()];
        foreach (var (aggregate, _) in Aggregates(bounds))
        {
            aggregate(turned).Should().BeEquivalentTo(aggregate(rows));
        }
    });

    [Fact]
    public void Groups_kept_are_the_first_in_the_salted_order_and_another_salt_keeps_others()
    {
        BoundedRow[] rows = [.. Enumerable.Range(0, 20).Select(i => new BoundedRow("u", $"g{i}", 1))];
        var expected = rows.OrderBy(row => BoundingOrder.Of(_salt, "u", row.Group), StringComparer.Ordinal).Take(3).Select(row => row.Group);
        ContributionBounding.Units(rows, Bounds(3, 1)).Keys.Should().BeEquivalentTo(expected);
        ContributionBounding.Units(rows, Bounds(3, 1) with { Salt = [.. new byte[32]] }).Keys.Should().NotBeEquivalentTo(expected);
    }

    // The second person has the values that come first in the order of the first one: were others kept, there would be more than two.
    [Fact]
    public void Values_kept_are_the_first_in_the_salted_order()
    {
        BoundedRow[] rows = [.. Enumerable.Range(0, 20).Select(i => new BoundedRow("u", "g", i))];
        var first = rows.OrderBy(row => BoundingOrder.Of(_salt, "u", row.Item!), StringComparer.Ordinal).Take(2).ToList();
        BoundedRow[] second = [.. first.Select(row => row with { Unit = "v" })];
        ContributionBounding.Distinct([.. rows, .. second], Bounds(1, 2)).Should().Equal(Answer(("g", 2)));
    }

    [Fact]
    public void Aggregates_within_the_bounds_are_exact()
    {
        BoundedRow[] rows = [new("a", "g", 3), new("a", "g", 5), new("b", "g", null), new("c", "g", 5), new("c", "h", 9)];
        var bounds = Bounds(5, 10);
        ContributionBounding.Units(rows, bounds).Should().Equal(Answer(("g", 3), ("h", 1)));
        ContributionBounding.Rows(rows, bounds).Should().Equal(Answer(("g", 4), ("h", 1)));
        ContributionBounding.Sum(rows, bounds, 0, 100).Should().Equal(Answer(("g", 13), ("h", 9)));
        ContributionBounding.Distinct(rows, bounds).Should().Equal(Answer(("g", 2), ("h", 1)));
        ContributionBounding.AverageDenominator(rows, bounds).Should().Equal(Answer(("g", 3), ("h", 1)));
        ContributionBounding.AverageNumerator(rows, bounds, 0, 9).Should().Equal(Answer(("g", 26 - 27), ("h", 9)));
    }

    [Fact]
    public void Aggregates_beyond_the_bounds_are_clamped()
    {
        BoundedRow[] rows = [.. Enumerable.Range(0, 10).Select(i => new BoundedRow("a", "g", i)), new("b", "g", -50)];
        ContributionBounding.Rows(rows, Bounds(1, 4)).Should().Equal(Answer(("g", 5)));
        ContributionBounding.Sum(rows, Bounds(1, 4), -5, 20).Should().Equal(Answer(("g", 15)));
        ContributionBounding.Distinct(rows, Bounds(1, 4)).Should().Equal(Answer(("g", 5)));

        // The mean of a is 4.5 of 0..10: 4 x 2 x (4.5 - 5) = -4; b counts as 0, the nearest bound: 2 x (0 - 5).
        ContributionBounding.AverageNumerator(rows, Bounds(1, 4), 0, 10).Should().Equal(Answer(("g", -14)));
        ContributionBounding.Sum([new("a", "g", null)], Bounds(1, 1), 5, 9).Should().Equal(Answer(("g", 0)));
    }

    // The published example groups by product, wants three customers and has averages of prices.
    [Fact]
    public void Published_example_of_groups_with_few_units_follows()
    {
        var example = System.Text.Json.JsonDocument.Parse(SharedVectors.Text("published_vectors.json"))
            .RootElement.GetProperty("zetasql_aggregation_threshold_example");
        BoundedRow[] rows = [.. example.GetProperty("rows").EnumerateArray().Select(row => new BoundedRow(row[0].GetString()!, row[1].GetString()!, row[2].GetInt64()))];
        var bounds = Bounds(10, 10);
        var units = ContributionBounding.Units(rows, bounds);
        var kept = units.Where(group => group.Value >= example.Int("threshold")).Select(group => (
            group.Key,
            group.Value,
            NoisyAverage.Of(ContributionBounding.AverageNumerator(rows, bounds, 0, 1000)[group.Key], ContributionBounding.AverageDenominator(rows, bounds)[group.Key], 0, 1000).ToDouble()));

        units.Should().HaveCount(3);
        kept.Should().BeEquivalentTo(example.GetProperty("expect").EnumerateArray()
            .Select(row => (row[0].GetString()!, (BigInteger)row[1].GetInt32(), row[2].GetDouble())));
    }

    [Fact]
    public void Bounds_out_of_range_throw_and_the_salt_is_not_printed()
    {
        FluentActions.Invoking(() => Bounds(0, 1)).Should().Throw<ArgumentOutOfRangeException>().WithMessage("wanted at least 1*");
        FluentActions.Invoking(() => Bounds(1, 0)).Should().Throw<ArgumentOutOfRangeException>().WithMessage("wanted at least 1*");
        FluentActions.Invoking(() => Bounds(1, 1) with { Salt = [1] }).Should().Throw<ArgumentOutOfRangeException>().WithMessage("wanted 32 bytes*");
        FluentActions.Invoking(() => Bounds(1, 1) with { Salt = default }).Should().Throw<ArgumentOutOfRangeException>();
        Bounds(1, 2).ToString().Should().Be("1 groups, 2 rows");
    }

    private static void IsWithinTheSensitivity(BoundedRow[] others, BoundedRow[] unit, ContributionBounds bounds)
    {
        foreach (var (aggregate, sensitivity) in Aggregates(bounds))
        {
            var (without, with) = (aggregate(others), aggregate([.. others, .. unit]));
            var moves = with.Keys.Union(without.Keys).Select(group =>
                BigInteger.Abs(with.GetValueOrDefault(group) - without.GetValueOrDefault(group))).Where(move => !move.IsZero).ToList();
            moves.Should().HaveCountLessThanOrEqualTo(sensitivity.MaxGroups);
            moves.All(move => move <= sensitivity.LInf).Should().BeTrue($"{sensitivity.LInf} bounds {string.Join(" ", moves)}");
        }
    }

    private static IEnumerable<(Func<BoundedRow[], IReadOnlyDictionary<string, BigInteger>> Aggregate, Sensitivity Sensitivity)> Aggregates(ContributionBounds bounds)
    {
        var (groups, rows) = (bounds.MaxGroups, bounds.MaxRowsPerUnit);
        yield return (data => ContributionBounding.Units(data, bounds), Sensitivity.Units(groups));
        yield return (data => ContributionBounding.Rows(data, bounds), Sensitivity.Rows(groups, rows));
        yield return (data => ContributionBounding.Sum(data, bounds, -10, 25), Sensitivity.Sum(groups, -10, 25));
        yield return (data => ContributionBounding.Sum(data, bounds, 5, 9), Sensitivity.Sum(groups, 5, 9));
        yield return (data => ContributionBounding.AverageNumerator(data, bounds, -7, 10), Sensitivity.AverageNumerator(groups, rows, -7, 10));
        yield return (data => ContributionBounding.AverageDenominator(data, bounds), Sensitivity.Rows(groups, rows));
        yield return (data => ContributionBounding.Distinct(data, bounds), Sensitivity.Distinct(groups, rows));
    }

    private static Dictionary<string, BigInteger> Answer(params (string Group, int Value)[] groups) =>
        groups.ToDictionary(group => group.Group, group => (BigInteger)group.Value);

    private static ContributionBounds Bounds(int maxGroups, int maxRows) => new() { MaxGroups = maxGroups, MaxRowsPerUnit = maxRows, Salt = _salt };
}
