using System.Text.Json.Nodes;

namespace CleanRoom.Benchmarks.Rooms;

/// <summary>A dataset in a contract, the only one of its owner.</summary>
/// <param name="Owner">The collaborator.</param>
/// <param name="Name">Of the dataset.</param>
/// <param name="Columns">In the order of the file.</param>
internal sealed record RoomDataset(string Owner, string Name, params RoomColumn[] Columns)
{
    private const int MinUnits = 50;

    /// <summary>Gets the column of who is protected; null where nobody is.</summary>
    public string? Unit { get; init; } = "id";

    /// <summary>Gets the domain of that column.</summary>
    public string Domain { get; init; } = "person-v1";

    /// <summary>Gets the most rows of one unit.</summary>
    public long MaxRowsPerUnit { get; init; } = 1;

    /// <summary>Gets the most rows that a joined row may stand for.</summary>
    public long MaxFanout { get; init; } = 1000;

    /// <summary>Gets a value that says whether its owner approves each question.</summary>
    public bool IsApproved { get; init; }

    /// <summary>Returns the dataset of a contract in which all may join, ask and receive.</summary>
    /// <param name="all">The collaborators.</param>
    public JsonObject Json(IReadOnlyList<string> all) => new()
    {
        ["name"] = Name,
        ["owner"] = Owner,
        ["schema"] = new JsonArray([.. Columns.Select(column => column.Schema())]),
        ["policy"] = new JsonObject
        {
            ["unit"] = Unit is { } unit ? new JsonObject { ["column"] = unit, ["domain"] = Domain } : null,
            ["tier"] = "threshold",
            ["columns"] = new JsonObject(Columns.Select(column => KeyValuePair.Create(column.Name, (JsonNode?)column.Policy()))),
            ["join"] = new JsonObject
            {
                ["required"] = new JsonArray(), ["with"] = Names(all.Where(one => one != Owner)), ["maxRowsPerUnit"] = MaxRowsPerUnit, ["maxFanout"] = MaxFanout,
            },
            ["threshold"] = new JsonObject { ["minUnits"] = Unit is null ? 0 : MinUnits, ["dominancePercent"] = null, ["history"] = "off", ["maxCells"] = 2000 },
            ["dp"] = null,
            ["access"] = new JsonObject { ["queriesPerDay"] = 10_000, ["queriesLifetime"] = 100_000 },
            ["receivers"] = Names(all),
            ["analysts"] = Names(all),
            ["approval"] = IsApproved ? "each" : "none",
        },
    };

    private static JsonArray Names(IEnumerable<string> names) => [.. names.Select(name => (JsonNode)name)];
}
