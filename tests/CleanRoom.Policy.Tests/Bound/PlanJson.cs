using System.Text.Json;
using System.Text.Json.Nodes;
using CleanRoom.Policy.Bound;

namespace CleanRoom.Policy.Tests.Bound;

/// <summary>The engine's plan JSON, a member at a time.</summary>
internal static class PlanJson
{
    /// <summary>A scan of two columns, as the engine writes it, with an index for each of <paramref name="columns"/>.</summary>
    public static JsonObject Scan(params long[] columns) => new()
    {
        ["type"] = "LOGICAL_GET",
        ["name"] = "seq_scan",
        ["function_data"] = new JsonObject { ["schema"] = "registry", ["table"] = "people", ["is_index_scan"] = false },
        ["extra_info"] = new JsonObject { ["sample_options"] = null, ["file_filters"] = "" },
        ["names"] = new JsonArray("id", "age"),
        ["column_indexes"] = new JsonArray([.. columns.Select(Column)]),
        ["table_filters"] = new JsonObject { ["filters"] = new JsonArray() },
        ["projection_ids"] = new JsonArray(),
    };

    public static JsonObject Column(long index) => new() { ["index_type"] = "FULL_READ", ["index"] = index, ["child_indexes"] = new JsonArray(), ["field"] = "" };

    public static JsonObject Operator(string type, params JsonNode[] children) => new() { ["type"] = type, ["children"] = new JsonArray(children) };

    /// <summary>A reference to the column with this number.</summary>
    public static JsonObject Reference(int index) => new()
    {
        ["expression_class"] = "BOUND_REF", ["index"] = index, ["alias"] = "a", ["return_type"] = Type("INTEGER"),
    };

    public static JsonObject Type(string id, int? scale = null) => new() { ["id"] = id, ["type_info"] = scale is { } digits ? new JsonObject { ["scale"] = digits } : null };

    /// <summary>Sets a member; dots lead into objects.</summary>
    public static JsonObject With(this JsonObject node, string path, JsonNode? value)
    {
        var names = path.Split('.');
        var owner = names[..^1].Aggregate(node, (inner, name) => (JsonObject)(inner[name] ??= new JsonObject()));
        owner[names[^1]] = value;
        return node;
    }

    public static BoundOperator? Read(JsonNode plan) => BoundPlanReader.Read(Element(new JsonObject { ["error"] = false, ["plans"] = new JsonArray(plan.DeepClone()) }));

    public static BoundExpression ReadExpression(JsonNode expression) => BoundExpressionReader.Read(Element(expression));

    public static JsonElement Element(JsonNode? node) => JsonDocument.Parse(node?.ToJsonString() ?? "null").RootElement;
}
