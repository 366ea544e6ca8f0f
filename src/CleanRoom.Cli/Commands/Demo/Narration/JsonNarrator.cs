using System.Text.Json;
using System.Text.Json.Nodes;
using CleanRoom.Cli.Commands.Query;
using CleanRoom.Client.Results;

namespace CleanRoom.Cli.Commands.Demo.Narration;

/// <summary>Keeps the facts of every step and writes them as one JSON object: {ok, steps: [{title, facts}], refusals}.</summary>
internal sealed class JsonNarrator : INarrator
{
    private static readonly JsonSerializerOptions _indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly JsonArray _steps = [];
    private JsonObject _facts = [];

    public void Step(string title)
    {
        _facts = [];
        _steps.Add(new JsonObject { ["title"] = title, ["facts"] = _facts });
    }

    public void Say(string sentence)
    {
    }

    public void Fact(string name, JsonNode? value) => _facts[name] = value;

    public void Progress(string label, int percent)
    {
    }

    public void Table(ArrowTable table) => _facts["rows"] = new JsonArray([.. table.Rows.Select(row => new JsonObject(
        table.Columns.Select((column, index) => KeyValuePair.Create(column, (JsonNode?)row[index]))))]);

    public void Sketch(ArrowTable table, int people) => _facts["madeUp"] = TwinWords.Json(table, people);

    /// <summary>Returns the whole object.</summary>
    /// <param name="isOk">Whether the story came to its end.</param>
    /// <param name="refusals">Why it did not.</param>
    public string ToJson(bool isOk, IEnumerable<Protocol.Refusal> refusals) => new JsonObject
    {
        ["ok"] = isOk,
        ["steps"] = _steps,
        ["refusals"] = new JsonArray([.. refusals.Select(refusal => new JsonObject
        {
            ["code"] = refusal.Slug,
            ["wanted"] = refusal.Wanted,
            ["got"] = refusal.Got,
        })]),
    }.ToJsonString(_indented);
}
