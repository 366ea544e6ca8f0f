using System.Collections.Immutable;
using System.Text.Json.Nodes;
using CleanRoom.Cli.Answers;
using CleanRoom.Client.Results;

namespace CleanRoom.Cli.Commands.Query;

/// <summary>An answer on made-up data, in words and for programs.</summary>
internal static class TwinWords
{
    /// <summary>The most rows that a terminal is shown.</summary>
    private const int MostRows = 20;

    public static ImmutableArray<string> Of(ArrowTable table, int people) =>
    [
        $"MADE UP: what an answer would look like, from {people} people that nobody knows. Only the contract was read; the numbers say nothing about the data.",
        .. TableWords.Of(table with { Rows = [.. table.Rows.Take(MostRows)] }).Select(line => "  " + line),
        .. table.Rows.Length switch
        {
            0 => ImmutableArray.Create("  no row: made-up groups are too small for the threshold, and real ones may be too"),
            > MostRows => [$"  and {table.Rows.Length - MostRows} rows more"],
            _ => [],
        },
    ];

    public static JsonNode Json(ArrowTable table, int people) => new JsonObject
    {
        ["madeUp"] = true,
        ["people"] = people,
        ["columns"] = new JsonArray([.. table.Columns.Select(column => (JsonNode)column)]),
        ["rows"] = new JsonArray([.. table.Rows.Select(row => new JsonArray([.. row.Select(cell => cell is null ? null : (JsonNode)cell)]))]),
    };
}
