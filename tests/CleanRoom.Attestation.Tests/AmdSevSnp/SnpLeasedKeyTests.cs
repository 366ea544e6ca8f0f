using Org.BouncyCastle.Asn1;

namespace CleanRoom.Attestation.Tests.AmdSevSnp;

/// <summary>Reports that a key leased to a cloud provider signed (VLEK).</summary>
public sealed class SnpLeasedKeyTests
{
    private static readonly byte[] s_ask = TestSnp.Ask.Der;

    [Fact]
    public void Leased_key_names_its_provider()
    {
        var result = TestSnp.Judge(TestSnp.Report(Leased), TestSnp.Vlek(), TestSnp.Asvk.Der);

        result.Failures.Should().BeEmpty();
        result.Claims!.Values["cspId"].Should().Be("CN=cc.cloud.example");
        result.Words.Should().HaveCount(2).And.Contain(word => word.Contains("leased", StringComparison.Ordinal));
        TestSnp.Failed(TestSnp.Report(Leased), TestSnp.Vlek(extensions => extensions.Remove(TestSnp.Arc + ".5")), TestSnp.Asvk.Der).Should().Equal("vek-csp-id");
        TestSnp.Failed(TestSnp.Report(Leased), TestSnp.Vlek(issuer: TestSnp.Ask), s_ask).Should().Equal("vek-issuer");
        TestSnp.Failed(TestSnp.Report(), TestSnp.Vek(issuer: TestSnp.Asvk), TestSnp.Asvk.Der).Should().Equal("vek-issuer");
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\nb")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890")]
    public void Provider_that_cannot_be_shown_is_none(string name) => TestSnp.Failed(
        TestSnp.Report(Leased),
        TestSnp.Vlek(extensions => extensions[TestSnp.Arc + ".5"] = new DerUtf8String(name).GetDerEncoded()),
        TestSnp.Asvk.Der).Should().Equal("vek-csp-id");

    [Fact]
    public void Key_of_the_other_kind_does_not_stand_in()
    {
        TestSnp.Failed(TestSnp.Report(Leased), TestSnp.Vek(), s_ask).Should().Equal("vek");
        TestSnp.Failed(TestSnp.Report(), TestSnp.Vlek(), TestSnp.Asvk.Der).Should().Equal("vek");
    }

    private static void Leased(byte[] report) => report[TestSnp.FlagsAt] = 1 << 2;
}
