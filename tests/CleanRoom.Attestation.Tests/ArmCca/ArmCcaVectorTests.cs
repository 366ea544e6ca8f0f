using System.Text.Json;
using CleanRoom.Attestation.ArmCca;
using CleanRoom.Attestation.Tests.Support;

namespace CleanRoom.Attestation.Tests.ArmCca;

/// <summary>Genuine tokens and claim sets get the verdict that the collection's own verifier reached.</summary>
public sealed class ArmCcaVectorTests
{
    [Fact]
    public void Vectors_agree()
    {
        var cases = ArmCcaVectors.Cases().ToList();
        cases.Should().HaveCount(4);
        cases.ForEach(VectorVerdict.Check);
    }

    [Fact]
    public void Platform_claim_sets_agree()
    {
        var files = Files("platform", 16);
        var read = files.Where(file => Reads(new CcaMaker { Platform = CcaClaimsJson.Platform(Json(file)) }));
        read.Select(Path.GetFileName).Should().Equal("test-token-valid-full.json");
    }

    [Fact]
    public void Realm_claim_sets_agree()
    {
        // The sets name a key that is no point of the curve, in the good one too: a real one of the same form takes its place.
        var files = Files("realm", 13);
        var read = files.Where(file => Reads(WithRealKey(new CcaMaker { Realm = CcaClaimsJson.Realm(Json(file)) })));
        read.Select(Path.GetFileName).Should().Equal("test-cca-claims-all-valid.json");
    }

    private static CcaMaker WithRealKey(CcaMaker maker) =>
        maker.Realm.Any(one => one is { Key: 44237L, Value: byte[] { Length: 97 } }) ? maker.WithRealm(44237, CcaMaker.BarePoint) : maker;

    private static bool Reads(CcaMaker maker) => new ArmCcaVerifier().Parse(maker.Make(), []).TryGet(out _, out _);

    private static JsonElement Json(string file) => JsonDocument.Parse(File.ReadAllBytes(file)).RootElement;

    private static List<string> Files(string folder, int count)
    {
        var files = Directory.GetFiles(Path.Combine(SharedVectors.Require(), "arm-cca", "claims-json", folder)).Order(StringComparer.Ordinal).ToList();
        files.Should().HaveCount(count);
        return files;
    }
}
