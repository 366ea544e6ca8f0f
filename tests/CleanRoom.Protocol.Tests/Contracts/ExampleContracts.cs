using System.Text.Json.Nodes;
using CleanRoom.Protocol.Documents;
using CleanRoom.TestKit;

namespace CleanRoom.Protocol.Tests.Contracts;

/// <summary>The example contract, as text that tests change before they read it.</summary>
internal static class ExampleContracts
{
    private const string Digest64 = "ab01ab01ab01ab01ab01ab01ab01ab01ab01ab01ab01ab01ab01ab01ab01ab01";

    public static string Folder { get; } = RepositoryFiles.Committed("contracts", "examples", "nafld");

    private static readonly string _text = File.ReadAllText(Path.Combine(Folder, "contract.json"));

    /// <summary>The committed example.</summary>
    public static Contract Nafld() => Read(NafldJson());

    public static JsonNode NafldJson() => JsonNode.Parse(_text)!;

    /// <summary>The example on real hardware, so that all floors hold.</summary>
    public static JsonNode StrictJson()
    {
        var json = NafldJson();
        json["allowInsecure"] = false;
        json["attestation"]!["accepted"]![0]!["tee"] = "sev-snp";
        json["attestation"]!["accepted"]![0]!["anchors"] = new JsonArray(Digest64);
        return json;
    }

    public static Contract Strict() => Read(StrictJson());

    /// <summary>The strict example with a dataset of the tier dp, and with every optional member in use somewhere.</summary>
    public static JsonNode RichJson()
    {
        var json = StrictJson();
        var policy = json["datasets"]![2]!["policy"]!;
        policy["tier"] = "dp";
        policy["dp"] = JsonNode.Parse("""{"epsilon":"4","delta":"0.000000001","maxEpsilonPerQuery":"0.5","maxGroupsPerUnit":2,"refresh":"none"}""");
        policy["threshold"]!["dominancePercent"] = 10;
        policy["join"]!["required"] = new JsonArray("registry", "analyst");
        json["datasets"]![2]!["schema"]!.AsArray().Add(JsonNode.Parse("""{"name":"email","nullable":true,"unique":false}"""));
        policy["columns"]!["email"] = JsonNode.Parse("""{"type":"sha256","uses":["join"],"normalise":"email.basic.v1"}""");
        json["datasets"]![2]!["schema"]!.AsArray().Add(JsonNode.Parse("""{"name":"seen","nullable":true,"unique":false}"""));
        policy["columns"]!["seen"] = JsonNode.Parse("""{"type":"date","uses":["group"],"grain":"week"}""");
        json["templates"]![0]!["parameters"]!.AsArray().Add(
            JsonNode.Parse("""{"name":"least","type":"int32","min":"0","max":"100","step":"10"}"""));
        json["templates"]![0]!["sql"] = json["templates"]![0]!["sql"]!.GetValue<string>().Replace(
            "WHERE ", "WHERE r.age >= $least AND ", StringComparison.Ordinal);
        json["approval"]!["quorum"] = JsonNode.Parse("""[{"collaborator":"laboratory","members":2},{"collaborator":"registry","members":1}]""");
        json["attestation"]!["accepted"]![0]!["minimumTcb"] = JsonNode.Parse("""{"microcode":115}""");
        json["attestation"]!["codeEndorsers"] = new JsonArray(json["collaborators"]![0]!["rootKey"]!.GetValue<string>());
        json["recovery"]!["k"] = 2;
        json["version"] = 2;
        json["previous"] = Digest64;
        json["carriesOver"] = JsonNode.Parse($$"""[{"dataset":"registry.people","manifestDigest":"{{Digest64}}"}]""");
        return json;
    }

    public static Contract Rich() => Read(RichJson());

    /// <summary>Reads a contract as a person writes it.</summary>
    public static Contract Read(JsonNode json) => TryRead(json).Value;

    public static Result<Contract> TryRead(JsonNode json) =>
        DocumentCodec.FromPerson<Contract>(System.Text.Encoding.UTF8.GetBytes(json.ToJsonString()));

    /// <summary>Replaces the value at a path such as <c>datasets/0/policy/tier</c>; the text <c>remove</c> takes the member away.</summary>
    public static JsonNode With(JsonNode json, string path, string value)
    {
        var steps = path.Split('/');
        var at = json;
        foreach (var step in steps[..^1])
        {
            at = int.TryParse(step, out var index) ? at[index]! : at[step]!;
        }

        var node = value == "remove" ? null : JsonNode.Parse(value);
        if (at is JsonArray array)
        {
            if (steps[^1] == "+")
            {
                array.Add(node);
            }
            else
            {
                array[int.Parse(steps[^1], System.Globalization.CultureInfo.InvariantCulture)] = node;
            }
        }
        else if (value == "remove")
        {
            at.AsObject().Remove(steps[^1]);
        }
        else
        {
            at[steps[^1]] = node;
        }

        return json;
    }
}
