using System.Text;
using System.Text.Json.Nodes;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Attestation.Tests.Support;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Json;

namespace CleanRoom.Attestation.Tests.Browser;

/// <summary>The verifiers give the same answers inside headless Chromium as here, byte for byte: verdict, failures, claims and words.</summary>
public sealed class BrowserVerdictTests
{
    [Fact]
    public async Task Verdicts_in_the_browser_are_those_of_the_command_line()
    {
        Chromium.Require();
        var cases = ResultsTests.Cases();
        SharedVectors.Require();
        await using var page = new BrowserPage(Request(cases));

        var results = await page.RunAsync(TestContext.Current.CancellationToken);

        results.Should().HaveCount(cases.Count);
        for (var i = 0; i < cases.Count; i++)
        {
            results[i]!.ToJsonString().Should().Be(Judge(cases[i]).ToJsonString(), cases[i].Name);
        }
    }

    private static byte[] Request(IEnumerable<VectorCase> cases) => Encoding.UTF8.GetBytes(new System.Text.Json.Nodes.JsonArray(
    [
        .. cases.Select(one => new System.Text.Json.Nodes.JsonObject
        {
            ["tee"] = one.Verifier.Tee,
            ["evidence"] = Convert.ToBase64String(one.Evidence.Span),
            ["endorsements"] = new System.Text.Json.Nodes.JsonArray([.. one.Endorsements.Select(endorsement => (JsonNode)Convert.ToBase64String(endorsement.Span))]),
            ["at"] = one.At.ToString(),
        }),
    ]).ToJsonString());

    /// <summary>With the program's own roots, as in the browser: a case that brings a root of its own is refused on both sides alike.</summary>
    private static JsonNode Judge(VectorCase one) => JsonNode.Parse(Encoding.UTF8.GetString(Jcs.Write(EvidenceAppraiser.Authenticate(
        new PresentedEvidence(one.Verifier.Tee, one.Evidence, one.Endorsements),
        Expected.Learned<Bytes>("the two sides are compared"),
        one.At,
        EvidenceVerifiers.All).ToJson())))!;
}
