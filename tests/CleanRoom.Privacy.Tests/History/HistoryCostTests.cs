using System.Diagnostics;
using CleanRoom.Privacy.History;
using CleanRoom.Privacy.Tests.History.Support;

namespace CleanRoom.Privacy.Tests.History;

/// <summary>What a long history costs. To measure: <c>--explicit only --filter-class "*HistoryCostTests"</c> on a Release build.</summary>
public class HistoryCostTests(ITestOutputHelper output)
{
    /// <summary>A history of any length is as many steps: nothing here depends on speed.</summary>
    [Fact]
    public void Offer_aHundredCellsOverManyUnits_readsBackAsItIs()
    {
        var audit = Filled(40_000, sides: 24, cells: 100);
        audit.SetsReleased.Should().BeGreaterThan(60);
        var state = HistoryStateCodec.Encode(audit, new byte[32]);
        var again = HistoryStateCodec.Decode(state, HistoryStateCodec.Commit(state), SmallUniverse.Scope, audit.Units).Value;
        for (var cell = 100; cell < 140; cell++)
        {
            var set = Rectangle(40_000, 24, cell);
            again.Offer(set).Should().Be(audit.Offer(set));
        }
    }

    /// <summary>The largest state: 2,000 cells over a million units, in 16,384 atoms of 61 units, so that nearly every cell adds a dense row.</summary>
    [Fact(Explicit = true)]
    public void Measure_offersToTheLargestState()
    {
        const int Units = 1_000_000;
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var watch = Stopwatch.StartNew();
        var audit = Filled(Units, sides: 128, cells: 2_000);
        output.WriteLine($"filled: {audit.SetsReleased} sets, {audit.Atoms} atoms, {watch.Elapsed.TotalSeconds:F1} s");
        output.WriteLine($"state in memory: {(GC.GetTotalMemory(forceFullCollection: true) - before) / 1e6:F0} MB");
        for (var cell = 2_000; cell < 2_005; cell++)
        {
            var set = Rectangle(Units, 128, cell);
            watch.Restart();
            var decision = audit.Offer(set);
            output.WriteLine($"one more cell of {set.Cardinality} units: {decision}, {watch.Elapsed.TotalMilliseconds:F0} ms");
        }

        watch.Restart();
        var state = HistoryStateCodec.Encode(audit, new byte[32]);
        output.WriteLine($"written: {state.Length / 1e6:F1} MB, {watch.Elapsed.TotalSeconds:F1} s");
        watch.Restart();
        HistoryStateCodec.Decode(state, HistoryStateCodec.Commit(state), SmallUniverse.Scope, Units).IsAccepted.Should().BeTrue();
        output.WriteLine($"read: {watch.Elapsed.TotalSeconds:F1} s");
    }

    private static HistoryAudit Filled(int units, int sides, int cells)
    {
        var audit = SmallUniverse.Audit(units, 50);
        for (var cell = 0; cell < cells; cell++)
        {
            audit.Offer(Rectangle(units, sides, cell));
        }

        return audit;
    }

    /// <summary>Units lie on a square grid, mixed; a cell is a rectangle on it. Stripes of one grid line each come first and make all atoms.</summary>
    private static UnitSet Rectangle(int units, int sides, int cell)
    {
        var (left, right, low, high) = cell < sides ? (cell, cell, 0, sides - 1)
            : cell < 2 * sides ? (0, sides - 1, cell - sides, cell - sides)
            : Random(sides, cell);
        var builder = new UnitSetBuilder();
        for (var unit = 0u; unit < units; unit++)
        {
            var place = (int)((unit * 2_654_435_761u >> 8) % (uint)(sides * sides));
            if (place / sides is var x && x >= left && x <= right && place % sides is var y && y >= low && y <= high)
            {
                builder.Add(unit);
            }
        }

        return builder.Build();
    }

    private static (int Left, int Right, int Low, int High) Random(int sides, int cell)
    {
        var draws = Enumerable.Range(0, 4).Select(i => (int)(Field61.Spread((ulong)((cell * 4) + i)) % (ulong)sides)).ToArray();
        return (Math.Min(draws[0], draws[1]), Math.Max(draws[0], draws[1]), Math.Min(draws[2], draws[3]), Math.Max(draws[2], draws[3]));
    }
}
