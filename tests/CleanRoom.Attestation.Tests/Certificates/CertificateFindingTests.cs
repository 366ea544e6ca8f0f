using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Tests.AmdSevSnp;
using CleanRoom.Protocol;
using CleanRoom.TestKit.Certificates;

namespace CleanRoom.Attestation.Tests.Certificates;

/// <summary>The certificates of a chain one by one, beside the verdict: contracts/spec/0006 s.12.</summary>
public sealed class CertificateFindingTests
{
    [Fact]
    public void Good_chain_is_listed_from_the_key_to_the_pinned_root_and_says_what_was_not_checked()
    {
        var vek = TestSnp.Vek();

        var found = TestSnp.Judge(TestSnp.Report(), vek, TestSnp.Ask.Der).Certificates;

        found.Select(one => (one.Place, one.Subject, one.Issuer)).Should().Equal(
            (0, "CN=SEV-VCEK", "CN=SEV-Milan"), (1, "CN=SEV-Milan", "CN=ARK-Milan"), (2, "CN=ARK-Milan", "CN=ARK-Milan"));
        found.Should().OnlyContain(one => one.Chain == "the key of the report");
        found[0].Should().Match<CertificateFinding>(one => one.Fingerprint == Digest.Of(vek) && one.KeyDigest == Digest.Of(TestSnp.VekKey.Spki) && one.Key == "ecdsa 384 bits" && one.Pinned == null);
        found[2].Pinned.Should().NotBeNull();
        Outcomes(found[0]).Should().Equal(
            ("issuer-signature", CheckOutcome.Passed), ("revocation", CheckOutcome.NotMade), ("chain-validity", CheckOutcome.Passed),
            ("chain-constraints", CheckOutcome.Passed), ("chain-critical-extension", CheckOutcome.Passed));
        Outcomes(found[2]).Select(one => one.Check).Should().Equal(["chain-validity", "chain-constraints", "chain-critical-extension"], "a pinned root is trusted by its bytes");
    }

    [Fact]
    public void Missing_issuer_fails_the_last_certificate_and_nothing_beyond_it_is_shown()
    {
        var found = TestSnp.Judge(TestSnp.Report(), TestSnp.Vek()).Certificates;

        var only = found.Should().ContainSingle().Subject;
        Outcomes(only).Should().Contain(("issuer-signature", CheckOutcome.Failed)).And.Contain(("chain-validity", CheckOutcome.Passed));
        only.Checks[0].Failures.Should().ContainSingle().Which.Got.Should().Contain("whose issuer is not there");
    }

    [Fact]
    public void Issuer_that_may_not_issue_or_has_lapsed_fails_at_its_own_place_and_in_the_verdict()
    {
        var lapsed = TestSnp.Ark.Intermediate("CN=SEV-Milan", TestSnp.Ask.Key, new TestCertificateOptions { IsCa = true, NotAfter = new DateTime(2026, 5, 1, 0, 0, 0, DateTimeKind.Utc) });

        var result = TestSnp.Judge(TestSnp.Report(), TestSnp.Vek(issuer: lapsed), lapsed.Der);

        result.Failures.Select(failure => failure.Check).Should().Equal("chain-validity");
        result.Certificates.Should().HaveCount(3);
        result.Certificates.SelectMany(one => one.Checks.Where(check => check.Outcome == CheckOutcome.Failed).Select(check => (one.Place, check.Check))).Should().Equal((1, "chain-validity"));
    }

    [Fact]
    public void Evidence_without_a_chain_lists_none() => TestSnp.Judge(TestSnp.Report()).Certificates.Should().BeEmpty();

    private static IEnumerable<(string Check, CheckOutcome Outcome)> Outcomes(CertificateFinding one) => one.Checks.Select(check => (check.Check, check.Outcome));
}
