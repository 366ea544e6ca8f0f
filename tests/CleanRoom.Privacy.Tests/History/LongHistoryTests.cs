using CleanRoom.Privacy.History;
using CleanRoom.Privacy.Tests.History.Support;

namespace CleanRoom.Privacy.Tests.History;

/// <summary>Long histories. What they cost is measured in <c>tests/CleanRoom.Benchmarks</c>.</summary>
public class LongHistoryTests
{
    /// <summary>A history of any length is as many steps: nothing here depends on speed.</summary>
    [Fact]
    public void Offer_aHundredCellsOverManyUnits_readsBackAsItIs()
    {
        var audit = GridHistory.Filled(40_000, sides: 24, cells: 100);
        audit.SetsReleased.Should().BeGreaterThan(60);
        var state = HistoryStateCodec.Encode(audit, new byte[32]);
        var again = HistoryStateCodec.Decode(state, HistoryStateCodec.Commit(state), SmallUniverse.Scope, audit.Units).Value;
        for (var cell = 100; cell < 140; cell++)
        {
            var set = GridHistory.Rectangle(40_000, 24, cell);
            again.Offer(set).Should().Be(audit.Offer(set));
        }
    }
}
