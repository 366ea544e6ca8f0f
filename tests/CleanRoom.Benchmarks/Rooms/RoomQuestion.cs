using System.Globalization;
using CleanRoom.Benchmarks.Measures;
using CleanRoom.Benchmarks.Ratios;
using CleanRoom.Benchmarks.Running;

namespace CleanRoom.Benchmarks.Rooms;

/// <summary>A question that a room and plain DuckDB are asked in turns; both must give the same rows.</summary>
/// <param name="Name">Of the measure.</param>
/// <param name="Sql">The question; <c>{again}</c> in the name of a column becomes another text each time, so that the room does not answer from an earlier answer.</param>
/// <param name="Goal">What the ratio may be at most; null where there is no goal.</param>
internal sealed record RoomQuestion(string Name, string Sql, double? Goal)
{
    /// <summary>The baseline of most questions, in words.</summary>
    public const string Plain = "plain DuckDB on plain zstd Parquet, no threshold";

    private static int s_asked;

    /// <summary>Gets the baseline, in words.</summary>
    public string Against { get; init; } = Plain;

    /// <summary>Gets the text for the plain files, where it is another one.</summary>
    public string? PlainSql { get; init; }

    /// <summary>Gets what must be true of the plain files, or the measure is of something else; null where nothing has to be.</summary>
    public string? Premise { get; init; }

    /// <summary>Gets which time of ours counts: that of the answer's row in the ledger, or that of the answer in clear.</summary>
    public Func<Asked, TimeSpan> Counted { get; init; } = asked => asked.Answered;

    /// <summary>Returns the measure.</summary>
    public RatioMeasure Beside(BenchmarkRoom room, PlainEngine plain)
    {
        if (Premise is { } premise)
        {
            Outcome.Require(plain.Ask(room.Data.OfPlain(premise, room.Folder)).Rows[0] is ["True"], $"{Name}: {premise}");
        }

        List<string[]> expected = [];
        return new RatioMeasure(
            Name,
            Against,
            Goal,
            async () => Counted(await AskAsync(room, expected)),
            () =>
            {
                (expected, var took) = plain.Ask(room.Data.OfPlain(Text(PlainSql ?? Sql, string.Empty), room.Folder));
                return Task.FromResult(took);
            })
        {
            Note = () => FormattableString.Invariant($"node at most {room.Node.Processes.Sum(PeakMemory.OfProcess) >> 20} MiB"),
        };
    }

    /// <summary>Asks the room once.</summary>
    /// <param name="room">The room.</param>
    /// <param name="expected">The rows that the answer must have.</param>
    public async Task<Asked> AskAsync(BenchmarkRoom room, List<string[]> expected)
    {
        var asked = await room.AskAsync(Text(Sql, Interlocked.Increment(ref s_asked).ToString(CultureInfo.InvariantCulture)));
        RequireSame(Name, asked.Rows, expected);
        return asked;
    }

    /// <summary>Throws unless the rows are those that are expected, and some: an answer of nothing is soon there.</summary>
    public static void RequireSame(string name, List<string[]> rows, List<string[]> expected)
    {
        var (ours, theirs) = (rows.ConvertAll(Line), expected.ConvertAll(Line));
        var differing = ours.Zip(theirs).FirstOrDefault(pair => pair.First != pair.Second);
        Outcome.Require(expected.Count > 0 && ours.Count == theirs.Count && differing == default, $"{name}: {ours.Count} rows and {theirs.Count}, {differing}");
    }

    private static string Text(string sql, string again) => sql.Replace("{again}", again, StringComparison.Ordinal);

    /// <summary>A row as text in which equal numbers and truths look alike.</summary>
    private static string Line(string[] row) => string.Join('|', row.Select(cell => decimal.TryParse(cell, CultureInfo.InvariantCulture, out var number)
        ? (number / 1.000000000000000000m).ToString(CultureInfo.InvariantCulture)
        : bool.TryParse(cell, out var truth) ? truth.ToString() : cell));
}
