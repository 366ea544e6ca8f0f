using CleanRoom.Privacy.History;
using CleanRoom.Privacy.Tests.History.Support;

namespace CleanRoom.Benchmarks.Measures;

/// <summary>The audit of earlier answers when it has seen the most: 2,000 cells over a million units, in 16,129 atoms, so that nearly every cell adds a dense row.</summary>
internal static class HistoryMeasures
{
    private const int Units = 1_000_000;
    private const int Sides = 127;
    private const int Cells = 2_000;
    private const int MinUnits = 50;
    private const long MegaByte = 1_000_000;
    private const long MaxStateMegaBytes = 300;

    /// <summary>One more cell must not be felt.</summary>
    private static readonly TimeSpan s_goal = TimeSpan.FromMilliseconds(300);

    /// <summary>Returns one measure. Its first run also makes the state, which takes minutes; each run offers another cell of its own.</summary>
    public static IEnumerable<Measure> All()
    {
        const string Name = "history/one more cell after 2,000";
        var (next, megaBytes) = (Cells, 0L);
        var filled = new Lazy<HistoryAudit>(() =>
        {
            var before = GC.GetTotalMemory(forceFullCollection: true);
            var audit = GridHistory.Filled(Units, Sides, Cells);
            megaBytes = (GC.GetTotalMemory(forceFullCollection: true) - before) / MegaByte;
            return audit;
        });
        var cells = new Lazy<UnitSet[]>(() => [.. Enumerable.Range(Cells, 64).Select(cell => GridHistory.Rectangle(Units, Sides, cell))]);
        yield return new Measure(Name, s_goal, () =>
        {
            var rule = new HistoryRule(filled.Value, MinUnits, HistoryLimits.MaxCells);
            var row = new OfferedRow([new OfferedSet(0, cells.Value[next++ - Cells])], []);
            var offered = HistoryBatch.Offer([rule], [row], 1);
            Outcome.Require(offered.TryGet(out var decisions, out _) && decisions[0].Row == CellDecision.Release, Name);
        })
        {
            Note = () => $"{filled.Value.SetsReleased} sets, {filled.Value.Atoms} atoms, state {megaBytes} MB (goal {MaxStateMegaBytes} MB: {(megaBytes <= MaxStateMegaBytes ? "met" : "missed")})",
        };
    }
}
