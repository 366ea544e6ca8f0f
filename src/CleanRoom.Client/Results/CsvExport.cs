using System.Text;

namespace CleanRoom.Client.Results;

/// <summary>An answer as comma-separated UTF-8 with a header. RFC 4180 with LF; no value is an empty field, empty text is <c>""</c>.</summary>
public static class CsvExport
{
    /// <summary>Writes a table.</summary>
    public static byte[] Of(ArrowTable table)
    {
        var text = new StringBuilder();
        Record(text, table.Columns);
        foreach (var row in table.Rows)
        {
            Record(text, row);
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static void Record(StringBuilder text, IEnumerable<string?> cells) => text.AppendJoin(',', cells.Select(Field)).Append('\n');

    private static string Field(string? cell) => cell switch
    {
        null => string.Empty,
        "" => "\"\"",
        _ when cell.AsSpan().IndexOfAny(",\"\r\n") >= 0 => $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"",
        _ => cell,
    };
}
