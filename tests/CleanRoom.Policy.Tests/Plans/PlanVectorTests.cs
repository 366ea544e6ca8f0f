using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CleanRoom.Policy.Plans;
using CleanRoom.TestKit;

namespace CleanRoom.Policy.Tests.Plans;

/// <summary>The bytes of plans, part by part, against the committed ones: approvals name their digests, so they never change by accident.</summary>
public sealed class PlanVectorTests
{
    private static string FileName => RepositoryFiles.Committed("contracts", "vectors", "policy", "plans.json");

    [Fact]
    public void Encode_givesTheCommittedBytes()
    {
        var committed = JsonNode.Parse(File.ReadAllText(FileName))!.AsArray();
        committed.Select(one => (string)one!["name"]!).Should().Equal(PlanVectors.All.Select(one => one.Name));
        foreach (var ((name, plan), one) in PlanVectors.All.Zip(committed))
        {
            Encoding.UTF8.GetString(PlanCodec.Encode(plan)).Should().Be((string)one!["jcs"]!, name);
            plan.Digest.ToString().Should().Be((string)one["digest"]!, name);
        }
    }

    /// <summary>Writes the file anew. Its changes are read before they are committed.</summary>
    [Fact(Explicit = true)]
    public void Rewrite_plan_vectors()
    {
        JsonNode[] vectors =
        [
            .. PlanVectors.All.Select(one => new JsonObject
            {
                ["name"] = one.Name,
                ["jcs"] = Encoding.UTF8.GetString(PlanCodec.Encode(one.Plan)),
                ["digest"] = one.Plan.Digest.ToString(),
            }),
        ];
        File.WriteAllText(
            FileName,
            new JsonArray(vectors).ToJsonString(new JsonSerializerOptions
            {
                WriteIndented = true,
                Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            }) + "\n");
    }
}
