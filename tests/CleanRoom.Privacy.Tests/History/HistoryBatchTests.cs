using System.Collections.Immutable;
using CleanRoom.Privacy.History;
using CleanRoom.Privacy.Tests.History.Support;
using CleanRoom.Protocol;
using CsCheck;

namespace CleanRoom.Privacy.Tests.History;

public class HistoryBatchTests
{
    private const int Units = 300;

    private static readonly Gen<UnitSet> Cell = Gen.Select(Gen.Int[0, 24], Gen.Int[0, 12]).Select((first, tens) =>
        UnitSet.Range((uint)first * 10, Math.Min(tens * 10, Units - (first * 10))));

    private static readonly Gen<OfferedRow[]> Rows = Gen.Select(Cell, Cell, Gen.Int[0, 12])
        .Select((units, other, cut) => Row(units, units.AndNot(UnitSet.Range(0, cut)), units.And(other)))
        .Array[1, 8];

    [Fact]
    public void Offer_rowsInAnyOrder_decidesEachAlike() => Rows.SelectMany(rows => Gen.Shuffle(Enumerable.Range(0, rows.Length).ToArray()), (rows, order) => (rows, order)).Sample(
        sample =>
        {
            var (first, second) = (new HistoryAudit(SmallUniverse.Scope, Units), new HistoryAudit(SmallUniverse.Scope, Units));
            var expected = Offer(first, 10, sample.rows);
            var shuffled = Offer(second, 10, [.. sample.order.Select(i => sample.rows[i])]);
            for (var i = 0; i < sample.order.Length; i++)
            {
                var (got, wanted) = (shuffled[i], expected[sample.order[i]]);
                got.Row.Should().Be(wanted.Row);
                got.Aggregates.Should().Equal(wanted.Aggregates);
            }

            HistoryStateCodec.Encode(second, new byte[32]).Should().Equal(HistoryStateCodec.Encode(first, new byte[32]));
        });

    [Fact]
    public void Offer_cellsOfOneResultThatDifferLittle_releasesTheLargerOne()
    {
        var decisions = Offer(new(SmallUniverse.Scope, Units), 10, Row(UnitSet.Range(0, 50)), Row(UnitSet.Range(0, 55)));
        decisions.Select(decision => decision.Row).Should().Equal(CellDecision.DenyDifference, CellDecision.Release);
    }

    [Fact]
    public void Offer_aggregatesWithFewerContributors_areSetsOfTheirOwn()
    {
        var all = UnitSet.Range(0, 50);
        var decision = Offer(new(SmallUniverse.Scope, Units), 10, Row(all, all, UnitSet.Range(0, 45), UnitSet.Range(0, 40), UnitSet.Range(0, 9))).Single();
        decision.Row.Should().Be(CellDecision.Release);
        decision.Aggregates.Should().Equal(CellDecision.Release, CellDecision.DenyDifference, CellDecision.Release, CellDecision.Suppress);
    }

    [Fact]
    public void Offer_aRowThatIsWithheld_withholdsItsAggregatesAndKeepsNoneOfThem()
    {
        var audit = new HistoryAudit(SmallUniverse.Scope, Units);
        var decision = Offer(audit, 10, Row(UnitSet.Range(0, Units - 5), UnitSet.Range(0, 100))).Single();
        decision.Aggregates.Should().Equal(CellDecision.DenyDifference);
        (audit.SetsReleased, audit.CellsOffered).Should().Be((0, 2));
    }

    [Theory]
    [InlineData(6, 6, true)]
    [InlineData(6, 7, false)]
    [InlineData(HistoryLimits.MaxCells + 1, HistoryLimits.MaxCells + 1, false)]
    public void Offer_cellsUpToTheCap_areCountedWhateverBecomesOfThem(int maxCells, int cells, bool isAccepted)
    {
        var audit = new HistoryAudit(SmallUniverse.Scope, Units);
        var result = HistoryBatch.Offer([new(audit, 10, maxCells)], [Row(UnitSet.Range(0, 50)), Row(UnitSet.Range(0, 3))], cells);
        result.IsAccepted.Should().Be(isAccepted);
        (audit.CellsOffered, audit.SetsReleased).Should().Be(isAccepted ? (cells, 1) : (0, 0));
        if (!isAccepted)
        {
            result.Refusals.Should().Equal(new Refusal(
                RefusalCode.BudgetExhausted,
                $"at most {Math.Min(maxCells, HistoryLimits.MaxCells)} cells offered over the life of a snapshot",
                $"0 before and {cells} now"));
        }
    }

    [Theory]
    [InlineData(0, 4, 8)]
    [InlineData(1, 4, 7)]
    [InlineData(4, 4, 4)]
    [InlineData(9, 4, 4)]
    public void Offer_cellsThatWereCountedBefore_areNotCountedAgain(int counted, int cells, int offered)
    {
        var audit = new HistoryAudit(SmallUniverse.Scope, Units);
        HistoryBatch.Offer([new(audit, 10, 8)], [Row(UnitSet.Range(0, 50))], cells).IsAccepted.Should().BeTrue();
        HistoryBatch.Offer([new(audit, 10, 8, counted)], [Row(UnitSet.Range(0, 50))], cells).IsAccepted.Should().BeTrue();
        audit.CellsOffered.Should().Be(offered);
        HistoryBatch.Offer([new(audit, 10, offered + 2, 1)], [Row(UnitSet.Range(0, 50))], 4).Refusals.Single().Got.Should().Be($"{offered} before and 3 now");
    }

    [Fact]
    public void Offer_untilTheCap_refusesTheNextBatchOnly()
    {
        var audit = new HistoryAudit(SmallUniverse.Scope, Units);
        HistoryRule[] rules = [new(audit, 10, 3)];
        HistoryBatch.Offer(rules, [Row(UnitSet.Range(0, 2))], 2).IsAccepted.Should().BeTrue();
        HistoryBatch.Offer(rules, [Row(UnitSet.Range(0, 50))], 2).IsAccepted.Should().BeFalse();
        HistoryBatch.Offer(rules, [Row(UnitSet.Range(0, 50))], 1).IsAccepted.Should().BeTrue();
    }

    [Fact]
    public void Offer_aCellThatOneHistoryDenies_isNotRememberedByTheOther()
    {
        var (people, homes) = (new HistoryAudit(SmallUniverse.Scope, Units), new HistoryAudit(SmallUniverse.Scope, Units));
        var row = new OfferedRow([new(0, UnitSet.Range(0, 50)), new(1, UnitSet.Range(0, Units - 5))], []);
        HistoryBatch.Offer([new(people, 10, 100), new(homes, 10, 100)], [row], 1).Value.Single().Row.Should().Be(CellDecision.DenyDifference);
        (people.SetsReleased, homes.SetsReleased).Should().Be((0, 0));
        (people.CellsOffered, homes.CellsOffered).Should().Be((1, 1));
    }

    [Fact]
    public void Offer_twoSetsOfOneHistory_wantsBothToPass()
    {
        var audit = new HistoryAudit(SmallUniverse.Scope, Units);
        var row = new OfferedRow([new(0, UnitSet.Range(0, 50)), new(0, UnitSet.Range(0, 45))], []);
        HistoryBatch.Offer([new(audit, 10, 100)], [row], 1).Value.Single().Row.Should().Be(CellDecision.DenyDifference);
    }

    [Fact]
    public void Offer_aCellThatBeginsLikeAnother_isJudgedAfterIt()
    {
        var (audit, larger, smaller) = (new HistoryAudit(SmallUniverse.Scope, Units), UnitSet.Range(0, 50), UnitSet.Range(0, 20));
        OfferedRow[] rows = [new([new(0, smaller), new(0, larger)], []), new([new(0, larger)], [])];
        HistoryBatch.Offer([new(audit, 10, 100)], rows, 2).Value.Select(decision => decision.Row).Should().Equal(CellDecision.Release, CellDecision.Release);
        audit.SetsReleased.Should().Be(2);
    }

    [Fact]
    public void Offer_leastThresholdAndNoCells_areRules()
    {
        var audit = new HistoryAudit(SmallUniverse.Scope, Units);
        HistoryBatch.Offer([new(audit, 1, 0)], [Row(UnitSet.Range(0, 1))], 1).Refusals.Single().Wanted.Should().StartWith("at most 0 cells");
        HistoryBatch.Offer([new(audit, 1, 1)], [Row(UnitSet.Range(0, 1))], 1).Value.Single().Row.Should().Be(CellDecision.Release);
    }

    [Fact]
    public void Offer_cellsWithoutASetOrBeyondTheUnits_throws()
    {
        var audit = new HistoryAudit(SmallUniverse.Scope, Units);
        var other = new HistoryAudit(SmallUniverse.Scope, Units);
        HistoryRule[] one = [new(audit, 10, 100)];
        var row = Row(UnitSet.Range(0, 50));
        const string Rules = "wanted different histories, at least one, each with a threshold of at least 1*";
        const string Sets = "wanted a set within the units of every history for each cell*";
        Throws(Rules, () => HistoryBatch.Offer([], [row], 1));
        Throws(Rules, () => HistoryBatch.Offer([one[0], one[0]], [row], 1));
        Throws(Rules, () => HistoryBatch.Offer([new(audit, 0, 100)], [row], 1));
        Throws(Rules, () => HistoryBatch.Offer([one[0], new(other, 0, 100)], [row], 1));
        Throws(Rules, () => HistoryBatch.Offer([new(audit, 10, -1)], [row], 1));
        Throws(Rules, () => HistoryBatch.Offer([new(audit, 10, 100, -1)], [row], 1));
        Throws(Sets, () => HistoryBatch.Offer([one[0], new(other, 10, 100)], [row], 1));
        Throws(Sets, () => HistoryBatch.Offer(one, [new([], [])], 1));
        Throws(Sets, () => HistoryBatch.Offer(one, [row with { Aggregates = [[]] }], 2));
        Throws(Sets, () => HistoryBatch.Offer(one, [new([new(1, UnitSet.Empty)], [])], 1));
        Throws(Sets, () => HistoryBatch.Offer(one, [new([new(-1, UnitSet.Empty)], [])], 1));
        Throws(Sets, () => HistoryBatch.Offer(one, [Row(UnitSet.Range(Units - 10, 11))], 1));
        Throws(Sets, () => HistoryBatch.Offer(one, [new([new(0, UnitSet.Range(0, 50)), new(0, UnitSet.Range(Units - 10, 11))], [])], 1));
        Throws("wanted at least the 1 cells that there are*", () => HistoryBatch.Offer(one, [row], 0));
        Throws("wanted at least the 4 cells that there are*", () => HistoryBatch.Offer(one, [Row(UnitSet.Empty, UnitSet.Empty), Row(UnitSet.Empty, UnitSet.Empty)], 3));
        (audit.CellsOffered, other.CellsOffered).Should().Be((0, 0));
    }

    private static void Throws(string message, Action offer) => offer.Should().Throw<ArgumentException>().WithMessage(message);

    private static OfferedRow Row(UnitSet units, params UnitSet[] aggregates) =>
        new([new(0, units)], [.. aggregates.Select(set => ImmutableArray.Create(new OfferedSet(0, set)))]);

    private static ImmutableArray<RowDecision> Offer(HistoryAudit audit, int minUnits, params OfferedRow[] rows) =>
        HistoryBatch.Offer([new(audit, minUnits, 1_000)], rows, rows.Sum(row => 1 + row.Aggregates.Length)).Value;
}
