using System.Collections.Immutable;
using System.Text.Json.Nodes;
using CleanRoom.Benchmarks.Rooms;
using CleanRoom.TestKit;

namespace CleanRoom.Benchmarks.Cohort;

/// <summary>Real records: the NAFLD cohort of three institutions, under the example contract but for approvals and the number of questions.</summary>
/// <param name="History">The rule about earlier answers: <c>enforce</c>, as the contract has it, or <c>off</c>.</param>
internal sealed record CohortFiles(string History) : IRoomFiles
{
    private static readonly string s_folder = RepositoryFiles.Committed("contracts", "examples", "nafld");
    private static readonly string[] s_owners = ["registry", "laboratory", "hospital"];

    /// <inheritdoc/>
    public string Asker => "registry";

    /// <inheritdoc/>
    public ImmutableArray<string> Receivers => ["registry", "hospital"];

    /// <inheritdoc/>
    public void Write(PlainEngine engine, string folder)
    {
        var contract = (JsonObject)JsonNode.Parse(File.ReadAllText(Path.Combine(s_folder, "contract.json")))!;
        contract["approval"]!["standing"] = new JsonArray();
        foreach (var policy in contract["datasets"]!.AsArray().Select(dataset => dataset!["policy"]!))
        {
            policy["approval"] = "none";
            policy["access"] = new JsonObject { ["queriesPerDay"] = 10_000, ["queriesLifetime"] = 100_000 };
            policy["threshold"]!["history"] = History;
        }

        File.WriteAllText(Path.Combine(folder, "contract.json"), contract.ToJsonString());
        foreach (var owner in s_owners)
        {
            var path = Path.Combine(folder, owner);
            File.Copy(Path.Combine(s_folder, owner + ".csv"), path + ".csv");
            engine.Execute($"COPY (SELECT * {(owner == "laboratory" ? "REPLACE (value::DECIMAL(18, 4) AS value)" : string.Empty)} FROM read_csv('{path}.csv')) TO '{path}.parquet' (FORMAT parquet, COMPRESSION zstd)");
        }
    }

    /// <inheritdoc/>
    public string OfRoom(string sql) => sql
        .Replace("{registry}", "registry.people", StringComparison.Ordinal)
        .Replace("{laboratory}", "laboratory.tests", StringComparison.Ordinal)
        .Replace("{hospital}", "hospital.events", StringComparison.Ordinal);

    /// <inheritdoc/>
    public string OfPlain(string sql, string folder) => s_owners.Aggregate(sql, (text, owner) =>
        text.Replace($"{{{owner}}}", $"read_parquet('{Path.Combine(folder, owner + ".parquet")}')", StringComparison.Ordinal));
}
