using CleanRoom.Attestation.AmdSevSnp;
using CleanRoom.Protocol;
using CleanRoom.TestKit.Certificates;
using Org.BouncyCastle.Math;

namespace CleanRoom.Attestation.Tests.AmdSevSnp;

/// <summary>Chains from a report's key to the root, and each way in which one may be forged.</summary>
public sealed class SnpChainTests
{
    private static readonly byte[] s_ask = TestSnp.Ask.Der;

    [Fact]
    public void Forged_chains_are_refused()
    {
        var decoyArk = TestAuthority.Root("CN=ARK-Milan", TestKey.Rsa2048().AsPss384());
        var decoyAsk = decoyArk.Intermediate("CN=SEV-Milan", TestSnp.Ask.Key);
        var otherAsk = TestSnp.Ark.Intermediate("CN=SEV-Milan", TestKey.SharedRsa.AsPss384());

        TestSnp.Failed(TestSnp.Report(), TestSnp.Vek(issuer: decoyAsk), decoyAsk.Der, decoyArk.Der).Should().Equal("chain");
        TestSnp.Failed(TestSnp.Report(), TestSnp.Vek(), otherAsk.Der).Should().Equal("chain");
        TestSnp.Failed(TestSnp.Report(), TestSnp.Vek(issuer: TestAuthority.Root("CN=SEV-Milan", TestSnp.VekKey)), s_ask).Should().Equal("chain");
        TestSnp.Failed(TestSnp.Report(), TestSnp.Vek(issuer: TestSnp.Ark)).Should().Equal("vek-issuer", "chain-product");
    }

    [Fact]
    public void A_further_intermediate_is_refused()
    {
        var below = TestSnp.Ask.Intermediate("CN=SEV-Milan", TestKey.SharedRsa.AsPss384());

        TestSnp.Failed(TestSnp.Report(), TestSnp.Vek(issuer: below), below.Der, s_ask).Should().Equal("chain");
    }

    [Fact]
    public void Dates_of_the_chain_count()
    {
        var expired = TestSnp.Ark.Intermediate(
            "CN=SEV-Milan", TestSnp.Ask.Key, new TestCertificateOptions { IsCa = true, NotAfter = new DateTime(2026, 5, 1, 0, 0, 0, DateTimeKind.Utc) });

        TestSnp.Failed(TestSnp.Report(), TestSnp.Vek(), expired.Der).Should().Equal("chain-validity");
    }

    [Fact]
    public void Revocation_list_counts_when_it_is_there()
    {
        var clean = TestSnp.Ark.RevocationList([BigInteger.ValueOf(8)]);
        var revoked = TestSnp.Ark.RevocationList([BigInteger.ValueOf(7)]);
        var stale = TestSnp.Ark.RevocationList([], nextUpdate: new DateTime(2026, 5, 1, 0, 0, 0, DateTimeKind.Utc));
        var decoy = TestAuthority.Root("CN=ARK-Milan", TestKey.Ec("P-384")).RevocationList([]);

        var result = TestSnp.Judge(TestSnp.Report(), TestSnp.Vek(), s_ask, clean);
        result.Failures.Should().BeEmpty();
        result.Words.Should().BeEmpty();
        TestSnp.Judge(TestSnp.Report(), TestSnp.Vek(), s_ask, revoked).Failures.Should().ContainSingle().Which.Code.Should().Be(RefusalCode.Revoked);
        TestSnp.Failed(TestSnp.Report(), TestSnp.Vek(), s_ask, stale).Should().Equal("crl-validity");
        TestSnp.Failed(TestSnp.Report(), TestSnp.Vek(), s_ask, decoy).Should().Equal("crl-signature");
    }

    [Fact]
    public void Result_holds_until_the_first_certificate_or_list_lapses()
    {
        var soon = new DateTime(2026, 6, 3, 0, 0, 0, DateTimeKind.Utc);

        TestSnp.Judge(TestSnp.Report(), TestSnp.Vek(), s_ask).ValidUntil.Should().Be(Timestamp.From(new DateTime(2027, 1, 1, 0, 0, 0, DateTimeKind.Utc)));
        TestSnp.Judge(TestSnp.Report(), TestSnp.Vek(), s_ask, TestSnp.Ark.RevocationList([], nextUpdate: soon)).ValidUntil.Should().Be(Timestamp.From(soon));
    }

    [Fact]
    public void Pinned_roots_do_not_know_the_made_up_one()
    {
        var verifier = new AmdSevSnpVerifier();
        verifier.Parse(TestSnp.Report(), [new Bytes(TestSnp.Vek()), new Bytes(s_ask)]).TryGet(out var parsed, out _).Should().BeTrue();

        verifier.Verify(parsed!, TestSnp.At).Failures.Should().ContainSingle().Which.Check.Should().Be("chain");
    }
}
