namespace CleanRoom.Benchmarks.Ingest;

/// <summary>How much is taken in.</summary>
/// <param name="Tier">Its name.</param>
/// <param name="Bytes">The least size of the CSV file, in bytes; it ends with the record that reaches it.</param>
/// <param name="Rounds">How often each of the two is measured.</param>
internal sealed record IngestSize(string Tier, long Bytes, int Rounds)
{
    /// <summary>Gets the size of every day.</summary>
    public static IngestSize Quick { get; } = new("quick", 256L << 20, 5);

    /// <summary>Gets the size of the goal: 5 GB.</summary>
    public static IngestSize Full { get; } = new("full", 5_000_000_000, 5);

    /// <summary>Reads the arguments behind the verb; null if they are none.</summary>
    public static IngestSize? Parse(ReadOnlySpan<string> args)
    {
        var size = Quick;
        while (args is [var name, var value, .. var rest])
        {
            switch (name, value)
            {
                case ("--tier", "quick" or "full"):
                    size = value == "full" ? Full : Quick;
                    break;
                case ("--megabytes", _) when int.TryParse(value, out var megabytes) && megabytes > 0:
                    size = size with { Bytes = megabytes * 1_000_000L };
                    break;
                case ("--rounds", _) when int.TryParse(value, out var rounds) && rounds > 0:
                    size = size with { Rounds = rounds };
                    break;
                default:
                    return null;
            }

            args = rest;
        }

        return args.IsEmpty ? size : null;
    }
}
