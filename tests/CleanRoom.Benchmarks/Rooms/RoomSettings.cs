using System.Text.Json.Nodes;

namespace CleanRoom.Benchmarks.Rooms;

/// <summary>Configurations of nodes.</summary>
internal static class RoomSettings
{
    private const long EngineBytes = 4L << 30;
    private const long KeptBytes = 2L << 30;

    /// <summary>Returns one in which a run may take the memory that plain DuckDB takes for the same rows.</summary>
    /// <param name="isKept">Whether columns stay in clear for the next run.</param>
    public static JsonObject Of(bool isKept) => new()
    {
        ["logLevel"] = "Warning",
        ["limits"] = new JsonObject { ["engineMemoryBytes"] = EngineBytes, ["keptBytes"] = isKept ? KeptBytes : 0 },
    };
}
