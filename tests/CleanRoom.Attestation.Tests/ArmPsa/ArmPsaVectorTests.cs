using System.Text.Json;
using CleanRoom.Attestation.ArmPsa;
using CleanRoom.Attestation.Tests.Cose;
using CleanRoom.Attestation.Tests.Support;

namespace CleanRoom.Attestation.Tests.ArmPsa;

/// <summary>Genuine tokens and claim sets get the verdict that the collection's own verifier reached.</summary>
public sealed class ArmPsaVectorTests
{
    [Fact]
    public void Vectors_agree()
    {
        var cases = ArmPsaVectors.Cases().ToList();
        cases.Should().HaveCount(5);
        cases.ForEach(VectorVerdict.Check);
    }

    [Fact]
    public void Claim_sets_agree()
    {
        var files = Directory.GetFiles(Path.Combine(SharedVectors.Require(), "arm-psa", "claims-json")).Order(StringComparer.Ordinal).ToList();
        files.Should().HaveCount(33);
        var read = files.SelectMany(file => new[] { true, false }.Where(isFirst => Reads(file, isFirst)).Select(isFirst => (Path.GetFileNameWithoutExtension(file), isFirst ? 1 : 2)));

        // Each set in both versions of the token. The first version may leave the profile out, and the second one the boot seed.
        read.Should().Equal(
            ("test-boot-seed-invalid-missing", 2),
            ("test-profile-invalid-missing", 1),
            ("test-profile-valid-missing", 1),
            ("test-token-valid-full", 1),
            ("test-token-valid-full", 2),
            ("test-token-valid-minimalist-no-sw-measurements", 1),
            ("test-token-valid-minimalist-p1", 1),
            ("test-token-valid-minimalist-p2", 2));
    }

    private static bool Reads(string file, bool isFirst)
    {
        var claims = PsaClaimsJson.ToCbor(JsonDocument.Parse(File.ReadAllBytes(file)).RootElement, isFirst);
        return new ArmPsaVerifier().Parse(CoseBuilder.Sign(PsaMaker.Key, CoseBuilder.Header(-7), claims), []).TryGet(out _, out _);
    }
}
