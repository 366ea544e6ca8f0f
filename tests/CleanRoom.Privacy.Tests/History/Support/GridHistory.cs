using CleanRoom.Privacy.History;

namespace CleanRoom.Privacy.Tests.History.Support;

/// <summary>Long histories of cells that overlap in every way: units lie on a square grid, mixed, and a cell is a rectangle on it.</summary>
internal static class GridHistory
{
    /// <summary>Begins an audit, with a threshold of 50, and offers it the first cells.</summary>
    /// <param name="units">How many units there are.</param>
    /// <param name="sides">Lines of the grid in each direction: its square is the number of atoms.</param>
    /// <param name="cells">How many cells are offered.</param>
    public static HistoryAudit Filled(int units, int sides, int cells)
    {
        var audit = SmallUniverse.Audit(units, 50);
        for (var cell = 0; cell < cells; cell++)
        {
            audit.Offer(Rectangle(units, sides, cell));
        }

        return audit;
    }

    /// <summary>Makes a cell. Stripes of one grid line each come first and make all atoms; the others are any rectangles.</summary>
    public static UnitSet Rectangle(int units, int sides, int cell)
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
