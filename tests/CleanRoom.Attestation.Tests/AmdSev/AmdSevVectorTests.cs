using CleanRoom.Attestation.AmdSev;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Attestation.Tests.Support;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.Tests.AmdSev;

/// <summary>Genuine platforms, and those derived from them.</summary>
public sealed class AmdSevVectorTests
{
    [Fact]
    public void Every_vector_has_the_verdict_that_the_collection_gives()
    {
        var cases = AmdSevVectors.Cases.ToList();

        cases.Should().HaveCount(6);
        foreach (var one in cases)
        {
            var result = EvidenceAppraiser.Authenticate(
                new PresentedEvidence(one.Verifier.Tee, one.Evidence, one.Endorsements), Expected.Learned<Bytes>("there is none"), one.At, [one.Verifier]);
            result.Failures.Select(failure => failure.Check).Should().Equal(one.FailedChecks, one.Name);
            (result.Verdict == AttestationVerdict.Warning).Should().Be(one.Expected == "accept", one.Name);
        }
    }

    [Theory]
    [InlineData("naples")]
    [InlineData("rome")]
    [InlineData("milan")]
    [InlineData("genoa")]
    [InlineData("turin")]
    public void Pinned_root_is_the_published_one_and_signed_the_published_key(string product)
    {
        var ark = SevAuthority.Parse(SharedVectors.Read($"roots/amd/sev-legacy/{product}/ark.cert"))!;
        var ask = SevAuthority.Parse(SharedVectors.Read($"roots/amd/sev-legacy/{product}/ask.cert"))!;

        SevRoot.Pinned.Should().ContainSingle(root => root.SpkiDigest == ark.Key.SpkiDigest()).Which.Name.Should().BeEquivalentTo(product);
        ark.Signs(ark).Should().BeTrue();
        ark.Signs(ask).Should().BeTrue();
        ask.Signs(ark).Should().BeFalse();
    }
}
