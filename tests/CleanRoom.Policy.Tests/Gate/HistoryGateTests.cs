using System.Collections.Immutable;
using CleanRoom.Policy.Gate;
using CleanRoom.Policy.Plans;
using CleanRoom.Privacy.History;
using CleanRoom.Protocol;
using static CleanRoom.Policy.Tests.Support.SamplePlans;
using HistoryRule = CleanRoom.Privacy.History.HistoryRule;

namespace CleanRoom.Policy.Tests.Gate;

/// <summary>What a history withholds looks like what a threshold withholds, and HAVING, ORDER BY and LIMIT see none of it.</summary>
public sealed class HistoryGateTests
{
    private const int K = 10;
    private const int Units = 300;

    private static readonly QueryPlan _plan = Grouped(K, Count, Sum) with
    {
        History = new PlanHistory { Datasets = [new AuditedDataset("x.a", K, 100)], Aggregates = [1], Rows = 4 },
    };

    [Fact]
    public void Apply_rowThatDiffersLittle_isAbsent()
    {
        var histories = Histories();

        Released(_plan, histories, Line("a", (0, 50)), Line("b", (0, 55))).Should().Equal("b,7,1.00");
        Released(_plan, histories, Line("a", (0, 50))).Should().BeEmpty("it differs from a released one by 5");
        Released(_plan, histories, Line("c", (0, 55))).Should().Equal("c,7,1.00");
    }

    [Fact]
    public void Apply_aggregateOfFewerContributors_isBlankAlone() => Released(
        _plan, Histories(), Line("a", (0, 50), (0, 45)), Line("b", (100, 50), (100, 40)), Line("c", (200, 50)))
        .Should().Equal("a,7,null", "b,7,1.00", "c,7,1.00");

    [Fact]
    public void Apply_aggregatesOverTheSameColumn_areOneCell()
    {
        var plan = Grouped(K, Sum, Average) with { History = _plan.History! with { Aggregates = [0] } };
        var histories = Histories();

        Released(plan, histories, Row("a", 1.00m, 9.00m, 3, 50, 45, 45, Set(0, 50), Set(0, 45), Units)).Should().Equal("a,null,null");
        Released(plan, histories, Row("b", 1.00m, 9.00m, 3, 50, 40, 40, Set(100, 50), Set(100, 40), Units)).Should().Equal("b,1.00,3.00000000");
        histories[0].Audit.CellsOffered.Should().Be(2 * 4 * 2, "four rows of two cells, each time");
    }

    [Fact]
    public void Apply_rowBelowItsThreshold_isNotRemembered()
    {
        var histories = Histories();

        Released(_plan, histories, Row("a", 7, 1.00m, K - 1, K - 1, null, null, Units)).Should().BeEmpty();

        histories[0].Audit.SetsReleased.Should().Be(0);
    }

    [Fact]
    public void Apply_moreRowsThanTheBound_releasesThoseOfMostPeople()
    {
        var plan = _plan with { History = _plan.History! with { Rows = 2 } };
        var histories = Histories();

        Released(plan, histories, Line("a", (0, 40)), Line("b", (50, 60)), Line("c", (120, 50))).Should().Equal("b,7,1.00", "c,7,1.00");

        histories[0].Audit.SetsReleased.Should().Be(2);
    }

    [Fact]
    public void Apply_postProcessing_seesOnlyWhatSurvived()
    {
        var plan = _plan with { Limit = 1, Order = [new OutputOrder(0, Descending: false, NullsFirst: false)] };

        Released(plan, Histories(), Line("a", (0, 50)), Line("b", (0, 55))).Should().Equal("b,7,1.00");
    }

    [Fact]
    public void Apply_occurrencesOfOneDataset_areJudgedOneByOne()
    {
        var plan = Grouped(K, Count) with
        {
            Tables = [Protected("x.a", K), Protected("x.a", K)],
            History = _plan.History! with { Aggregates = [] },
        };
        var histories = Histories();

        Released(plan, histories, Row("a", 7, 50, 60, Set(0, 50), Set(100, 60), Units)).Should().Equal("a,7");
        Released(plan, histories, Row("b", 7, 50, 57, Set(0, 50), Set(100, 57), Units)).Should().BeEmpty("the union of both would differ by 3 as well");
        Released(plan, histories, Row("c", 7, 80, 60, Set(80, 80), Set(100, 60), Units)).Should().Equal("c,7");
    }

    [Fact]
    public void Apply_twoOwners_bothMustAgreeAndNeitherRemembersWhatTheOtherWithheld()
    {
        var plan = Grouped(K, Count) with
        {
            Tables = [Protected("x.a", K), Protected("y.a", K)],
            History = new PlanHistory { Datasets = [new AuditedDataset("x.a", K, 100), new AuditedDataset("y.a", 2 * K, 100)], Aggregates = [], Rows = 4 },
        };
        ImmutableArray<HistoryRule> histories = [Histories()[0], new(new HistoryAudit(Scope("y"), 200), 2 * K, 100)];

        Released(plan, histories, Row("a", 7, 50, 60, Set(0, 50), Set(0, 60), Units, 200)).Should().Equal("a,7");
        Released(plan, histories, Row("b", 7, 70, 45, Set(0, 70), Set(0, 45), Units, 200)).Should().BeEmpty("15 people of y are fewer than 20");
        histories.Select(history => history.Audit.SetsReleased).Should().Equal(1, 1);
    }

    [Fact]
    public void Apply_withoutRoom_offersNothing()
    {
        var histories = Histories(maxCells: 7);

        HistoryGate.Apply(_plan, [Line("a", (0, 50))], histories).Refusals.Should().ContainSingle(refusal => refusal.Code == RefusalCode.BudgetExhausted);

        (histories[0].Audit.CellsOffered, histories[0].Audit.SetsReleased).Should().Be((0, 0));
    }

    [Fact]
    public void Apply_listsThatDoNotFit_areTheEnginesFault()
    {
        ImmutableArray<CellValue>[] wrong =
        [
            Row("a", 7, 1.00m, 50, 50, null, null, Units),
            Row("a", 7, 1.00m, 50, 50, Set(0, 49), null, Units),
            Row("a", 7, 1.00m, 50, 50, 50, null, Units),
            Row("a", 7, 1.00m, 50, 40, Set(0, 50), null, Units),
            Row("a", 7, 1.00m, 50, 40, Set(0, 50), Set(0, 41), Units),
            Row("a", 7, 1.00m, 50, 50, Set(Units - 49, 50), null, Units),
            Row("a", 7, 1.00m, 50, 50, Set(0, 50), null),
        ];

        foreach (var row in wrong)
        {
            FluentActions.Invoking(() => HistoryGate.Apply(_plan, [row], Histories())).Should().Throw<ArgumentException>(string.Join(",", row));
        }

        FluentActions.Invoking(() => HistoryGate.Apply(_plan, [wrong[1]], Histories())).Should().Throw<ArgumentException>()
            .WithMessage("wanted the numbers of 50 units, got others*");
    }

    [Fact]
    public void Units_areTheNumbersThatAllRowsName()
    {
        HistoryGate.Units(_plan, [Line("a", (0, 50)), Line("b", (0, 50))]).Should().Equal(Units);
        HistoryGate.Units(_plan, [Row(null, null, null, null, null, null, null, 0)]).Should().Equal([1], "a history has a number, though nobody has it");
        ImmutableArray<ImmutableArray<CellValue>>[] wrong =
        [
            [],
            [Line("a", (0, 50)), Row("b", 7, 1.00m, 50, 50, Set(0, 50), null, Units + 1)],
            [Row("a", 7, 1.00m, 50, 50, Set(0, 50), null, -1)],
            [Row("a", 7, 1.00m, 50, 50, Set(0, 50), null, HistoryLimits.MaxUnits + 1)],
            [Row("a", 7, 1.00m, 50, 50, Set(0, 50), null, null)],
            [Row("a", 7, 1.00m)],
            [Line("a", (0, 50)), Row("a", 7, 1.00m)],
        ];
        foreach (var rows in wrong)
        {
            FluentActions.Invoking(() => HistoryGate.Units(_plan, rows)).Should().Throw<ArgumentException>();
        }

        HistoryGate.Units(_plan, [Row("a", 7, 1.00m, 50, 50, Set(0, 50), null, HistoryLimits.MaxUnits)]).Should().Equal(HistoryLimits.MaxUnits);
        FluentActions.Invoking(() => HistoryGate.Units(_plan, wrong[0])).Should().Throw<ArgumentException>().WithMessage("wanted rows, at least one, of 8 columns*");
        FluentActions.Invoking(() => HistoryGate.Units(_plan, wrong[1])).Should().Throw<ArgumentException>()
            .WithMessage($"wanted one number of units in every row, at most {HistoryLimits.MaxUnits}*");
    }

    [Fact]
    public void Apply_gateOfTheOtherKind_isTheCallersBug()
    {
        FluentActions.Invoking(() => ThresholdGate.Apply(_plan, [])).Should().Throw<InvalidOperationException>()
            .WithMessage("wanted a plan without an audit of earlier answers; got one with it");
        FluentActions.Invoking(() => HistoryGate.Apply(_plan with { History = null }, [], Histories())).Should().Throw<ArgumentException>()
            .WithMessage("wanted a history for each dataset that wants one*");
        FluentActions.Invoking(() => HistoryGate.Apply(_plan, [], [])).Should().Throw<ArgumentException>();
    }

    private static string[] Released(QueryPlan plan, ImmutableArray<HistoryRule> histories, params ImmutableArray<CellValue>[] rows) =>
        [.. HistoryGate.Apply(plan, rows, histories).Value.Rows.Select(row => string.Join(",", row))];

    private static ImmutableArray<HistoryRule> Histories(int maxCells = 100) => [new(new HistoryAudit(Scope("x"), Units), K, maxCells)];

    private static HistoryScope Scope(string name) => new(name, "person-v1", Digest.Of([]), ["*"]);

    /// <summary>A row of these people, of whom these have a value: first number and how many.</summary>
    private static ImmutableArray<CellValue> Line(string key, (uint First, int Count) people, (uint First, int Count)? valued = null) => Row(
        key, 7, 1.00m, people.Count, (valued ?? people).Count, Set(people.First, people.Count), valued is { } some ? Set(some.First, some.Count) : null, Units);

    private static CellValue.People Set(uint first, int count) => new(UnitSet.Range(first, count));
}
