using System.Text;
using System.Text.Json.Nodes;
using CleanRoom.Attestation;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Json;
using Microsoft.AspNetCore.Components.WebAssembly.Hosting;

// Judges the evidence that the test serves, inside the browser, and sends back each result as the command line would print it.
var host = WebAssemblyHostBuilder.CreateDefault(args);
using var http = new HttpClient { BaseAddress = new Uri(host.HostEnvironment.BaseAddress) };
var results = new System.Text.Json.Nodes.JsonArray();
foreach (var one in JsonNode.Parse(await http.GetStringAsync(new Uri("cases", UriKind.Relative)))!.AsArray())
{
    results.Add(Judge(one!));
}

using var content = new StringContent(results.ToJsonString(), Encoding.UTF8, "application/json");
await http.PostAsync(new Uri("results", UriKind.Relative), content);

static JsonNode? Judge(JsonNode one)
{
    try
    {
        var presented = new PresentedEvidence(
            one["tee"]!.GetValue<string>(),
            new Bytes(Convert.FromBase64String(one["evidence"]!.GetValue<string>())),
            [.. one["endorsements"]!.AsArray().Select(text => new Bytes(Convert.FromBase64String(text!.GetValue<string>())))]);
        _ = Timestamp.TryParse(one["at"]!.GetValue<string>(), out var at);
        var result = EvidenceAppraiser.Authenticate(presented, Expected.Learned<Bytes>("the test compares what was found"), at, EvidenceVerifiers.All);
        return JsonNode.Parse(Encoding.UTF8.GetString(Jcs.Write(result.ToJson())));
    }
    catch (Exception exception)
    {
        return exception.ToString();
    }
}
