using System.Globalization;

namespace CleanRoom.Cli.Commands.Demo.Story;

/// <summary>Counts, from the files in clear, the people behind each row of an answer: what the room counts and never tells.</summary>
/// <remarks>The story holds all three files; no party to a real room could do this.</remarks>
internal sealed class PeopleCounts
{
    private readonly DemoData _data;

    private PeopleCounts(DemoData data) => _data = data;

    /// <summary>Returns status to number of people of registry who have a test of a kind and, when one is named, an event.</summary>
    /// <param name="data">The three files.</param>
    /// <param name="test">The kind of test.</param>
    /// <param name="hospitalEvent">The kind of event; null when the hospital has no part in the question.</param>
    public static IReadOnlyDictionary<string, int> ByStatus(DemoData data, string test, string? hospitalEvent)
    {
        var counts = new PeopleCounts(data);
        var tested = counts.Ids("laboratory", row => row["test"] == test);
        var seen = hospitalEvent is null ? null : counts.Ids("hospital", row => row["event"] == hospitalEvent);
        return counts.Rows("registry")
            .Where(row => tested.Contains(row["id"]) && seen?.Contains(row["id"]) != false)
            .GroupBy(row => row["status"], row => row["id"])
            .ToDictionary(group => group.Key, group => group.Distinct().Count());
    }

    private HashSet<string> Ids(string owner, Func<Dictionary<string, string>, bool> isWanted) =>
        [.. Rows(owner).Where(isWanted).Select(row => row["id"])];

    /// <summary>The files of the example quote only text without commas; an id is the same number in any spelling.</summary>
    private IEnumerable<Dictionary<string, string>> Rows(string owner)
    {
        var lines = File.ReadLines(Path.Combine(_data.Directory.FullName, $"{owner}.csv"));
        string[]? header = null;
        foreach (var line in lines)
        {
            var cells = line.Split(',').Select(cell => cell.Trim('"')).ToArray();
            if (header is null)
            {
                header = cells;
                continue;
            }

            var row = header.Zip(cells).ToDictionary(pair => pair.First, pair => pair.Second);
            row["id"] = long.Parse(row["id"], CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture);
            yield return row;
        }
    }
}
