using System.Text;
using System.Text.Json.Nodes;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Contracts;
using CleanRoom.Protocol.Documents;
using CleanRoom.TestKit;

namespace CleanRoom.Policy.Tests.Support;

/// <summary>The example contracts, and variants of them.</summary>
internal static class Examples
{
    /// <summary>The contract of the attack corpus.</summary>
    public static Contract Media { get; } = Read(MediaJson());

    /// <summary>The contract of the demo, which has templates and grains.</summary>
    public static Contract Nafld { get; } = Read(Json("nafld"));

    /// <summary>The contract of the demo with the hospital's events under differential privacy.</summary>
    public static Contract NafldDp { get; } = Read(Json("nafld-dp"));

    /// <summary>The contract of the corpus of lists.</summary>
    public static Contract Lists { get; } = Read(ListsJson());

    /// <summary>The contract with a column of each type and grain.</summary>
    public static Contract Edges { get; } = Read(VectorJson("edges"));

    /// <summary>The contract of the corpus of the tier dp.</summary>
    public static Contract Noise { get; } = Read(VectorJson("noise"));

    /// <summary>The contract of the corpus of lists with changes made to its JSON; it is valid after them.</summary>
    public static Contract ListsWith(Action<JsonNode> change)
    {
        var json = ListsJson();
        change(json);
        var contract = Read(json);
        ContractRules.Check(contract).Should().BeEmpty();
        return contract;
    }

    /// <summary>The media contract with changes made to its JSON; it is valid after them.</summary>
    public static Contract MediaWith(Action<JsonNode> change)
    {
        var json = MediaJson();
        change(json);
        var contract = Read(json);
        ContractRules.Check(contract).Should().BeEmpty();
        return contract;
    }

    /// <summary>Gets the media contract with the agency's seeds in the tier list.</summary>
    public static Contract MediaOfTiers { get; } = MediaWith(json =>
    {
        json.Policy(3)["tier"] = "list";
        json.Column(3, "label").Set("uses", "[\"list\"]");
        json.Column(3, "user_id").Set("uses", "[\"join\"]");
        json.Column(3, "email_sha256").Set("uses", "[\"join\"]");
        json.Policy(3).Set("analysts", "[\"agency\", \"brand\"]");
        json.Policy(3).Set("receivers", "[\"agency\", \"brand\"]");
        json.Policy(1).Set("analysts", "[\"agency\", \"brand\", \"pub\"]");
    });

    /// <summary>Gives datasets of the media contract the tier dp.</summary>
    public static JsonNode Blur(this JsonNode contract, string epsilon = "4", string each = "0.5", int groups = 1, params int[] datasets)
    {
        foreach (var dataset in datasets)
        {
            contract.Policy(dataset)["tier"] = "dp";
            contract.Policy(dataset).Set(
                "dp", $$"""{"epsilon":"{{epsilon}}","delta":"0.000000001","maxEpsilonPerQuery":"{{each}}","maxGroupsPerUnit":{{groups}},"refresh":"none"}""");
        }

        return contract;
    }

    /// <summary>What is wrong with the media contract after changes to its JSON, when it allows nothing insecure but its simulated TEE.</summary>
    public static IReadOnlyList<Refusal> MediaRefusals(Action<JsonNode> change)
    {
        var json = MediaJson();
        json["allowInsecure"] = false;
        change(json);
        var contract = DocumentCodec.FromPerson<Contract>(Encoding.UTF8.GetBytes(json.ToJsonString()));
        return contract.TryGet(out var read, out var refusals)
            ? [.. ContractRules.Check(read).Where(refusal => !refusal.Wanted.StartsWith("attestation", StringComparison.Ordinal))]
            : refusals;
    }

    /// <summary>The policy of a dataset of the media contract: 0 customers, 1 orders, 2 impressions, 3 seeds.</summary>
    public static JsonNode Policy(this JsonNode contract, int dataset) => contract["datasets"]![dataset]!["policy"]!;

    /// <summary>The rules of a column.</summary>
    public static JsonNode Column(this JsonNode contract, int dataset, string name) => contract.Policy(dataset)["columns"]![name]!;

    /// <summary>Puts a JSON text in place of a member.</summary>
    public static void Set(this JsonNode owner, string name, string json) => owner[name] = JsonNode.Parse(json);

    private static JsonNode MediaJson() => Json("media");

    private static JsonNode ListsJson() => VectorJson("lists");

    private static JsonNode VectorJson(string name) =>
        JsonNode.Parse(File.ReadAllText(RepositoryFiles.Committed("contracts", "vectors", "policy", $"{name}.contract.json")))!;

    private static JsonNode Json(string example) =>
        JsonNode.Parse(File.ReadAllText(RepositoryFiles.Committed("contracts", "examples", example, "contract.json")))!;

    private static Contract Read(JsonNode json) => DocumentCodec.FromPerson<Contract>(Encoding.UTF8.GetBytes(json.ToJsonString())).Value;
}
