using CleanRoom.Client.Results;

namespace CleanRoom.Cli.Answers;

/// <summary>An answer as lines of a terminal, columns aligned; a cell without a value is a hyphen.</summary>
internal static class TableWords
{
    private const string None = "-";

    public static IEnumerable<string> Of(ArrowTable table)
    {
        var widths = table.Columns.Select((column, i) => table.Rows.Select(row => (row[i] ?? None).Length).Append(column.Length).Max()).ToList();
        yield return string.Join("  ", table.Columns.Select((column, i) => column.PadLeft(widths[i])));
        foreach (var row in table.Rows)
        {
            yield return string.Join("  ", row.Select((cell, i) => (cell ?? None).PadLeft(widths[i])));
        }
    }
}
