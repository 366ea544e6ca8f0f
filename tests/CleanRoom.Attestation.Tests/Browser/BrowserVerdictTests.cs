using System.Text;
using System.Text.Json.Nodes;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Attestation.Tests.Support;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Json;
using CleanRoom.TestKit;

namespace CleanRoom.Attestation.Tests.Browser;

/// <summary>The verifiers give the same answers inside headless Chromium as here, byte for byte: verdict, failures, claims and words.</summary>
/// <remarks>
/// The page interprets its code, and curves are slow there: the quick tier takes a genuine vector of each family and an altered
/// one of every second, the full tier takes all.
/// </remarks>
public sealed class BrowserVerdictTests
{
    /// <summary>A page has one thread.</summary>
    private const int Pages = 2;

    [Fact]
    public async Task Verdicts_in_the_browser_are_those_of_the_command_line()
    {
        Chromium.Require();
        SharedVectors.Require();
        var cases = Tier.IsLong ? ResultsTests.Cases() : Some(ResultsTests.Cases());
        var shares = Enumerable.Range(0, Math.Min(Pages, cases.Count)).Select(first => cases.Where((_, i) => i % Pages == first).ToList()).ToList();

        var found = await Task.WhenAll(shares.Select(RunAsync));

        found.Sum(results => results.Count).Should().Be(cases.Count);
        foreach (var (one, result) in shares.Zip(found).SelectMany(pair => pair.First.Zip(pair.Second)))
        {
            result.ToJsonString().Should().Be(Judge(one).ToJsonString(), one.Name);
        }
    }

    private static async Task<List<JsonNode>> RunAsync(List<VectorCase> cases)
    {
        await using var page = new BrowserPage(Request(cases));
        return await page.RunAsync(cases.Count, TestContext.Current.CancellationToken);
    }

    private static List<VectorCase> Some(List<VectorCase> all) =>
    [
        .. all.Where(one => one.IsGenuine).GroupBy(one => one.Family).Select(family => family.First()),
        .. all.Where(one => !one.IsGenuine).GroupBy(one => one.Family).Where((_, i) => i % 2 == 0).Select(family => family.First()),
    ];

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
