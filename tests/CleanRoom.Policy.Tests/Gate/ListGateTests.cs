using System.Collections.Immutable;
using CleanRoom.Policy.Gate;
using CleanRoom.Policy.Plans;
using CleanRoom.Protocol.Documents;
using static CleanRoom.Policy.Tests.Support.ListPlans;
using static CleanRoom.Policy.Tests.Support.SamplePlans;

namespace CleanRoom.Policy.Tests.Gate;

/// <summary>The tier list lets rows leave when enough people are among them all; rows are n, unit, number of units.</summary>
public sealed class ListGateTests
{
    private const int K = 10;
    private const int Duplicates = 1_000;

    [Theory]
    [InlineData(K - 1, 0)]
    [InlineData(K, K * Duplicates)]
    [InlineData(K + 1, (K + 1) * Duplicates)]
    public void Apply_overlapAtTheThreshold_countsPeopleNotRows(int people, int rows)
    {
        var released = ListGate.Apply(Of(K, Number), Rows(people, Duplicates));

        released.Table.Rows.Should().HaveCount(rows);
        released.Units.Single().Ids.Should().HaveCount(rows / Duplicates);
    }

    [Fact]
    public void Apply_tooFew_looksLikeNothing() =>
        ListGate.Apply(Of(K, Number), Rows(K - 1, 3)).Should().BeEquivalentTo(ListGate.Apply(Of(K, Number), []));

    [Fact]
    public void Apply_everyProtectedTable_hasToReachTheThreshold()
    {
        var plan = Of(K, Number) with { Tables = [Protected("x.a", K), Protected("y.a", K)] };

        Table(plan, [.. Enumerable.Range(0, K).Select(i => Row(i, $"u{i}", $"w{i % (K - 1)}", K, K - 1))]).Should().BeEmpty();
        Table(plan, [.. Enumerable.Range(0, K).Select(i => Row(i, $"u{i}", $"w{i}", K, K))]).Should().HaveCount(K);
    }

    [Fact]
    public void Apply_rowsOfNobody_doNotLeave() =>
        Table(Of(K, Number), [.. Rows(K, 1), Row(77, null, K)]).Should().HaveCount(K).And.NotContain("77");

    [Fact]
    public void Apply_rowsOfHalfAPerson_doNotLeave()
    {
        var plan = Of(1, Number) with { Tables = [Protected("y.a", 1), Protected("x.a", 1)] };

        var released = ListGate.Apply(plan, [Row(1, "u1", "w1", 2, 2), Row(2, "u2", null, 2, 2), Row(3, null, "w2", 2, 2)]);

        released.Table.Rows.Select(row => string.Join(",", row)).Should().Equal("1");
        released.Units.Select(units => units.Dataset).Should().Equal("x.a", "y.a");
    }

    [Fact]
    public void Apply_rowsThatLookAlike_areOrderedByAllTheirPeople()
    {
        var plan = Of(1, Number) with { Tables = [Protected("x.a", 1), Protected("y.a", 1)], Limit = 2 };
        ImmutableArray<CellValue>[] rows = [Row(1, "u1", "w3", 1, 3), Row(1, "u1", "w1", 1, 3), Row(1, "u1", "w2", 1, 3)];

        foreach (var order in new[] { rows, [.. rows.Reverse()] })
        {
            ListGate.Apply(plan, order).Units.Single(units => units.Dataset == "y.a").Ids.Should().BeEquivalentTo("w1", "w2");
        }
    }

    [Fact]
    public void Apply_limit_comesAfterTheThreshold()
    {
        var plan = Of(K, Number, Id) with { Limit = 2 };
        var released = ListGate.Apply(plan, Pairs(K));

        released.Table.Rows.Select(row => string.Join(",", row)).Should().Equal("0,u0", "1,u1");
        released.Units.Single().Ids.Should().BeEquivalentTo("u0", "u1");
        Table(plan, [.. Pairs(K - 1)]).Should().BeEmpty();
        Table(plan with { Limit = null, MaxRows = 3 }, [.. Pairs(K)]).Should().HaveCount(3, "the contract's bound holds too");
    }

    [Fact]
    public void Apply_withoutOrder_ordersByAllOutputsAndThenByPeople()
    {
        var plan = Of(1, Number, OwnId) with { Limit = 3 };
        ImmutableArray<CellValue>[] rows = [Row(2, "b", "u2", 4), Row(null, "a", "u1", 4), Row(2, "a", "u4", 4), Row(2, "a", "u3", 4)];

        foreach (var order in new[] { rows, [.. rows.Reverse()] })
        {
            var released = ListGate.Apply(plan, order);
            released.Table.Rows.Select(row => string.Join(",", row)).Should().Equal("2,a", "2,a", "2,b");
            released.Units.Single().Ids.Should().BeEquivalentTo("u3", "u4", "u2");
            ListGate.Apply(plan with { Limit = 1 }, order).Units.Single().Ids.Should().BeEquivalentTo("u3");
        }
    }

    [Fact]
    public void Apply_order_isTheQuerys()
    {
        var plan = Of(1, Number, OwnId) with { Order = [new OutputOrder(1, Descending: true, NullsFirst: true)] };

        Table(plan, Row(1, "a", "u1", 3), Row(2, "b", "u2", 3), Row(3, null, "u3", 3)).Should().Equal("3,null", "2,b", "1,a");
    }

    [Fact]
    public void Apply_text_isOrderedByCodePoints() =>
        Table(Of(1, OwnId), Row("\U0001F600", "u1", 2), Row("\uFF5E", "u2", 2)).Should().Equal(["\uFF5E", "\U0001F600"], "UTF-16 would turn them round");

    [Theory]
    [InlineData("c", "")]
    [InlineData("id", "1")]
    [InlineData("own", "1")]
    public void Apply_columnsWithThePeople_areNamed(string output, string expected)
    {
        var plan = Of(1, Number, output switch { "id" => Id, "own" => OwnId, _ => new PlanColumn(0, "c", ColumnType.String, 0) });

        string.Join(",", ListGate.Apply(plan, [Row(1, "u1", "u1", 1)]).Units.Single().Columns).Should().Be(expected);
    }

    [Fact]
    public void Apply_datasetTwice_isOneSetOfPeople()
    {
        var second = Id with { Table = 2 };
        var plan = Of(1, Number, Id) with
        {
            Tables = [Protected("x.a", 1), new PlanTable("z.own", "z", null, 0), Protected("x.a", 1)],
            Joins = [new PlanJoin(Id, OwnId), new PlanJoin(new PlanColumn(0, "email", ColumnType.String, 0), new PlanColumn(2, "email", ColumnType.String, 0))],
        };
        ImmutableArray<CellValue>[] rows = [Row(1, "u1", "u1", "u1", 1, 2), Row(2, "u1", "u1", "u2", 1, 2)];

        ListGate.Apply(plan, rows).Units.Should().ContainSingle().Which.Should()
            .Match<ReleasedUnits>(units => units.Ids.Count == 2 && units.Columns.IsEmpty, "the second occurrence's people are in no column");
        var both = plan with { Outputs = [.. plan.Outputs, new PlanOutput("c2", new OutputExpression.Listed(second))] };
        ListGate.Apply(both, [Row(1, "u1", "u1", "u1", "u1", 1, 2), Row(2, "u1", "u2", "u1", "u2", 1, 2)]).Units.Single().Columns.Should().Equal(1, 2);
    }

    [Fact]
    public void Apply_rowsOfAnotherShape_areRefused()
    {
        var plan = Of(2, Number);
        ImmutableArray<CellValue>[][] wrong =
        [
            [Row(1, "u1")],
            [Row("text", "u1", 2)],
            [Row(1, 5, 2)],
            [Row(1, "u1", 1.5m)],
            [Row(1, "u1", 2), Row(2, "u2", 3)],
            [Row(1, "u1", null)],
            [Row(1, "u1", 2), Row(2, "u2", 2), Row(3, "u3", 2)],
        ];
        foreach (var rows in wrong)
        {
            var apply = () => ListGate.Apply(plan, rows);
            apply.Should().Throw<ArgumentException>(string.Join(" | ", rows.Select(row => string.Join(",", row))));
        }

        FluentActions.Invoking(() => ListGate.Apply(plan, wrong[^1])).Should().Throw<ArgumentException>()
            .WithMessage("wanted one number of units in every row, and at most so many units in all rows*");
        FluentActions.Invoking(() => ListGate.Apply(plan, wrong[0])).Should().Throw<ArgumentException>().WithMessage("wanted 3 columns of the plan's types, got others*");
    }

    [Fact]
    public void Apply_planOfAnotherTier_isTheCallersBug()
    {
        foreach (var plan in new[] { Of(2, Number) with { Tier = PolicyTier.Threshold }, Of(0, Number) })
        {
            var apply = () => ListGate.Apply(plan, []);
            apply.Should().Throw<ArgumentException>().WithMessage("wanted a plan of the tier list with a protected table*");
        }
    }

    [Fact]
    public void ReleasedUnits_doNotPrintPeople() => ListGate.Apply(Of(1, Number), Rows(1, 1)).Units.Single().ToString().Should().Be("[redacted]");

    private static IEnumerable<ImmutableArray<CellValue>> Rows(int people, int times) => Enumerable.Range(0, people)
        .SelectMany(person => Enumerable.Repeat(Row(person, $"u{person}", people), times));

    private static IEnumerable<ImmutableArray<CellValue>> Pairs(int people) =>
        Enumerable.Range(0, people).Reverse().Select(person => Row(person, $"u{person}", $"u{person}", people));

    private static string[] Table(QueryPlan plan, params ImmutableArray<CellValue>[] rows) =>
        [.. ListGate.Apply(plan, rows).Table.Rows.Select(row => string.Join(",", row))];
}
