using System.Text;
using System.Text.Json.Nodes;
using CleanRoom.Attestation;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Json;
using Microsoft.AspNetCore.Components.WebAssembly.Hosting;

// Judges the evidence that the test serves, inside the browser, and sends back each result, as the command line would print it, when it has it.
var host = WebAssemblyHostBuilder.CreateDefault(args);
using var http = new HttpClient { BaseAddress = new Uri(host.HostEnvironment.BaseAddress) };
foreach (var one in JsonNode.Parse(await http.GetStringAsync(new Uri("cases", UriKind.Relative)))!.AsArray())
{
    using var content = new StringContent(Judge(one!)!.ToJsonString(), Encoding.UTF8, "application/json");
    using var answer = await http.PostAsync(new Uri("result", UriKind.Relative), content);
}

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
