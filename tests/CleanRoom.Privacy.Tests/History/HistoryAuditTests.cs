using CleanRoom.Privacy.History;
using CleanRoom.Privacy.Tests.History.Support;

namespace CleanRoom.Privacy.Tests.History;

/// <summary>The attacks of policy section 7, rows 12 to 16, as sets. The ids are those of the collection of attacks.</summary>
public class HistoryAuditTests
{
    private const int MinUnits = 10;
    private const int Units = 400;
    private readonly HistoryAudit _audit = SmallUniverse.Audit(Units, MinUnits);

    [Theory]
    [InlineData(0, CellDecision.Suppress)]
    [InlineData(MinUnits - 1, CellDecision.Suppress)]
    [InlineData(MinUnits, CellDecision.Release)]
    [InlineData(MinUnits + 1, CellDecision.Release)]
    public void Offer_cellAroundTheThreshold_isReleasedFromItOn(int units, CellDecision expected) => Offer(100, units).Should().Be(expected);

    [Theory]
    [InlineData(1, CellDecision.DenyDifference)]
    [InlineData(MinUnits - 1, CellDecision.DenyDifference)]
    [InlineData(MinUnits, CellDecision.Release)]
    public void Offer_A161ThenA162_isDeniedWhileFewUnitsDiffer(int fewer, CellDecision expected)
    {
        Offer(0, 60).Should().Be(CellDecision.Release);
        Offer(fewer, 60 - fewer).Should().Be(expected);
    }

    [Theory]
    [InlineData(1, CellDecision.DenyDifference)]
    [InlineData(MinUnits - 1, CellDecision.DenyDifference)]
    [InlineData(MinUnits, CellDecision.Release)]
    public void Offer_A163AllButAFew_isDeniedSinceTheTotalIsKnown(int victims, CellDecision expected) => Offer(victims, Units - victims).Should().Be(expected);

    [Theory]
    [InlineData(MinUnits - 1, CellDecision.DenyLinear)]
    [InlineData(MinUnits, CellDecision.Release)]
    public void Offer_A164CellsThatLeaveOneSmallCellOfATotal_deniesTheLast(int small, CellDecision expected)
    {
        Offer(0, 200).Should().Be(CellDecision.Release, "the total over regions");
        Offer(0, 70).Should().Be(CellDecision.Release);
        Offer(70, 65).Should().Be(CellDecision.Release);
        Offer(135, 65 - small).Should().Be(expected);
        Offer(200 - small, small).Should().Be(small < MinUnits ? CellDecision.Suppress : CellDecision.Release);
    }

    [Fact]
    public void Offer_A164TotalAfterItsCells_deniesTheTotal()
    {
        Offer(0, 70);
        Offer(70, 65);
        Offer(135, 60);
        Offer(0, 200).Should().Be(CellDecision.DenyLinear, "five units are left of the total");
    }

    [Fact]
    public void Offer_twoSetsAndTheirUnionButAFew_deniesIt()
    {
        Offer(0, 60).Should().Be(CellDecision.Release);
        Offer(60, 60).Should().Be(CellDecision.Release);
        Offer(0, 115).Should().Be(CellDecision.DenyLinear);
        Offer(0, 110).Should().Be(CellDecision.Release);
    }

    [Fact]
    public void Offer_A167EveryCellOfATotal_releasesThem()
    {
        Offer(0, 120).Should().Be(CellDecision.Release);
        for (var first = 0; first < 120; first += 20)
        {
            Offer(first, 20).Should().Be(CellDecision.Release);
        }
    }

    [Fact]
    public void Offer_A168ListWithAndWithoutTheVictim_isDenied()
    {
        Offer(0, 1).Should().Be(CellDecision.Suppress, "the other members of the list match nobody");
        Offer(0, 50).Should().Be(CellDecision.Release);
        Offer(0, 49).Should().Be(CellDecision.DenyDifference);
    }

    [Fact]
    public void Offer_aReleasedSetAgain_releasesItAndKeepsNothing()
    {
        Offer(0, 60);
        Offer(0, 60).Should().Be(CellDecision.Release);
        Offer(0, Units).Should().Be(CellDecision.Release, "the total is known");
        (_audit.SetsReleased, _audit.Atoms).Should().Be((1, 2));
    }

    [Fact]
    public void Offer_deniedSets_changesNothing()
    {
        Offer(0, 60);
        Offer(60, 60);
        var before = HistoryStateCodec.Encode(_audit, new byte[32]);
        Offer(0, 5);
        Offer(0, 61);
        Offer(0, 115);
        HistoryStateCodec.Encode(_audit, new byte[32]).Should().Equal(before);
    }

    [Fact]
    public void Offer_aThresholdThatRises_holdsForWhatFollows()
    {
        Offer(0, 60);
        _audit.Charge(0, 25);
        Offer(20, 40).Should().Be(CellDecision.DenyDifference);
        _audit.Charge(0, MinUnits);
        Offer(20, 40).Should().Be(CellDecision.DenyDifference, "it never falls again");
    }

    [Fact]
    public void Offer_moreAtomsThanTheLimit_isDenied()
    {
        var audit = SmallUniverse.Audit(1 << 16, 1);
        for (var bit = 0; bit < 14; bit++)
        {
            audit.Offer(Bit(bit)).Should().Be(CellDecision.Release);
        }

        audit.Atoms.Should().Be(HistoryLimits.MaxAtoms);
        audit.Offer(Bit(14)).Should().Be(CellDecision.DenyLinear);
        audit.Offer(Bit(0).And(Bit(1))).Should().Be(CellDecision.Release, "it cuts no atom");
        audit.Atoms.Should().Be(HistoryLimits.MaxAtoms);
    }

    [Fact]
    public void Offer_aNumberBeyondTheUnits_throws() =>
        FluentActions.Invoking(() => Offer(Units - 20, 21)).Should().Throw<ArgumentOutOfRangeException>();

    [Theory]
    [InlineData(0)]
    [InlineData(HistoryLimits.MaxUnits + 1)]
    public void Constructor_unitsOutsideTheLimits_throws(int units) =>
        FluentActions.Invoking(() => new HistoryAudit(SmallUniverse.Scope, units)).Should().Throw<ArgumentOutOfRangeException>();

    private static UnitSet Bit(int bit) =>
        UnitSet.Of([.. Enumerable.Range(0, 1 << 16).Where(unit => (unit >> bit & 1) != 0).Select(unit => (uint)unit)]);

    private CellDecision Offer(int first, int count) => _audit.Offer(UnitSet.Range((uint)first, count));
}
