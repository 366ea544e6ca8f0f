using CleanRoom.Attestation.Appraisal;
using CleanRoom.Protocol;
using CleanRoom.TestKit.Certificates;
using Org.BouncyCastle.Asn1;

namespace CleanRoom.Attestation.Tests.AmdSevSnp;

/// <summary>Reports of a made-up AMD: the good ones, and each of their parts forged.</summary>
public sealed class AmdSevSnpVerifierTests
{
    private static readonly byte[] s_ask = TestSnp.Ask.Der;

    [Fact]
    public void Good_report_is_affirmed()
    {
        var result = TestSnp.Judge(TestSnp.Report(), TestSnp.Vek(), s_ask);

        result.Failures.Should().BeEmpty();
        result.Verdict.Should().Be(AttestationVerdict.Affirming);
        result.Claims!.Anchor.Should().Be(Digest.Of(TestSnp.Ark.Key.Spki));
        result.Words.Should().ContainSingle().Which.Should().Contain("revocation was not checked");
    }

    [Fact]
    public void Chip_identifier_may_be_wrapped_and_the_root_may_come_too()
    {
        var wrapped = TestSnp.Vek(extensions => extensions[TestSnp.Arc + ".4"] = new DerOctetString(TestSnp.ChipId).GetDerEncoded());

        TestSnp.Failed(TestSnp.Report(), TestSnp.Ark.Der, s_ask, wrapped).Should().BeEmpty();
    }

    [Theory]
    [InlineData(2u, 0, 0)]
    [InlineData(3u, 0x19, 0x0F)]
    [InlineData(5u, 0x19, 0x01)]
    [InlineData(6u, 0x19, 0x01)]
    public void Every_version_from_2_is_read(uint version, byte family, byte model) => TestSnp.Failed(
        TestSnp.Report(report =>
        {
            report[0] = (byte)version;
            (report[TestSnp.ProcessorAt], report[TestSnp.ProcessorAt + 1], report[TestSnp.ProcessorAt + 2]) = (family, model, 0);
        }),
        TestSnp.Vek(),
        s_ask).Should().BeEmpty();

    [Fact]
    public void Genoa_has_its_own_root_and_turin_its_own_layout()
    {
        var genoaAsk = TestSnp.GenoaArk.Intermediate("CN=SEV-Genoa", TestSnp.Ask.Key);
        var turinAsk = TestSnp.TurinArk.Intermediate("CN=SEV-Turin", TestSnp.Ask.Key);
        var genoa = TestSnp.Vek(extensions => extensions[TestSnp.Arc + ".2"] = new DerIA5String("Genoa").GetDerEncoded(), genoaAsk);
        byte[] chip = [1, 2, 3, 4, 5, 6, 7, 8];
        var turin = TestSnp.Vek(
            extensions =>
            {
                extensions[TestSnp.Arc + ".2"] = new DerIA5String("Turin").GetDerEncoded();
                extensions[TestSnp.Arc + ".3.9"] = TestSnp.Integer(2);
                extensions[TestSnp.Arc + ".4"] = chip;
            },
            turinAsk);

        TestSnp.Failed(TestSnp.Report(report => report[TestSnp.ProcessorAt + 1] = 0xA0), genoa, genoaAsk.Der).Should().BeEmpty();
        TestSnp.Failed(TestSnp.Report(Turin), turin, turinAsk.Der).Should().BeEmpty();
        TestSnp.Failed(TestSnp.Report(report => Turin(report, 9)), turin, turinAsk.Der).Should().Equal("vek-chip-id");
        TestSnp.Failed(TestSnp.Report(), genoa, genoaAsk.Der).Should().Equal("vek-issuer", "vek-product", "chain-product");
        TestSnp.Judge(TestSnp.Report(Turin), turin, turinAsk.Der).Claims!.Tcb.Should().Contain("reported.fmc", 2).And.Contain("reported.bootloader", 3);
    }

    [Fact]
    public void Report_of_version_2_needs_an_issuer_that_is_known()
    {
        var naples = TestSnp.Ark.Intermediate("CN=SEV-Naples", TestSnp.Ask.Key);
        var report = TestSnp.Report(report =>
        {
            report[0] = 2;
            report.AsSpan(TestSnp.ProcessorAt, 3).Clear();
        });

        TestSnp.Failed(report, TestSnp.Vek(issuer: naples), naples.Der).Should().Equal("vek-issuer", "chain-product");
        TestSnp.Judge(report).Claims!.Tcb.Should().ContainSingle("the layout is not known without the certificate").Which.Key.Should().Be("guestSvn");
    }

    [Fact]
    public void Missing_endorsements_are_named_so()
    {
        TestSnp.Judge(TestSnp.Report()).Failures.Should().ContainSingle().Which.Should().Match<FailedCheck>(failure =>
            failure.Check == "vek" && failure.Code == RefusalCode.EndorsementMissing);
        TestSnp.Judge(TestSnp.Report(), TestSnp.Vek()).Failures.Should().ContainSingle().Which.Should().Match<FailedCheck>(failure =>
            failure.Check == "chain" && failure.Code == RefusalCode.EndorsementMissing);
    }

    [Theory]
    [InlineData(".3.1", "vek-tcb.bootloader")]
    [InlineData(".3.2", "vek-tcb.tee")]
    [InlineData(".3.3", "vek-tcb.snp")]
    [InlineData(".3.8", "vek-tcb.microcode")]
    public void Each_certified_version_must_equal_the_reported_one(string oid, string check)
    {
        TestSnp.Failed(TestSnp.Report(), TestSnp.Vek(extensions => extensions[TestSnp.Arc + oid] = TestSnp.Integer(99)), s_ask).Should().Equal(check);
        TestSnp.Failed(TestSnp.Report(), TestSnp.Vek(extensions => extensions.Remove(TestSnp.Arc + oid)), s_ask).Should().Equal(check);
        TestSnp.Failed(TestSnp.Report(), TestSnp.Vek(extensions => extensions[TestSnp.Arc + oid] = [4, 1, 3]), s_ask).Should().Equal(check);
    }

    [Fact]
    public void Version_of_two_bytes_is_not_its_last_byte()
    {
        TestSnp.Failed(TestSnp.Report(), TestSnp.Vek(extensions => extensions[TestSnp.Arc + ".3.8"] = TestSnp.Integer(256 + 219)), s_ask)
            .Should().Equal("vek-tcb.microcode");
        TestSnp.Failed(TestSnp.Report(), TestSnp.Vek(extensions => extensions[TestSnp.Arc + ".3.8"] = TestSnp.Integer(219 - 256)), s_ask)
            .Should().Equal("vek-tcb.microcode");
    }

    [Fact]
    public void Key_must_be_of_the_chip_unless_the_host_hides_it()
    {
        TestSnp.Failed(TestSnp.Report(report => report[TestSnp.ChipIdAt + 63] ^= 1), TestSnp.Vek(), s_ask).Should().Equal("vek-chip-id");
        TestSnp.Failed(TestSnp.Report(), TestSnp.Vek(extensions => extensions.Remove(TestSnp.Arc + ".4")), s_ask).Should().Equal("vek-chip-id");
        TestSnp.Failed(TestSnp.Report(), TestSnp.Vek(extensions => extensions[TestSnp.Arc + ".4"] = TestSnp.ChipId[..8]), s_ask).Should().Equal("vek-chip-id");
        TestSnp.Failed(TestSnp.Report(report => report.AsSpan(TestSnp.ChipIdAt, 64).Clear()), TestSnp.Vek(), s_ask).Should().Equal("vek-chip-id");
        TestSnp.Failed(TestSnp.Report(report => (report[TestSnp.FlagsAt], report[TestSnp.ChipIdAt]) = (2, 9)), TestSnp.Vek(), s_ask).Should().Equal("vek-chip-id");

        var hidden = TestSnp.Judge(TestSnp.Report(Hidden), TestSnp.Vek(), s_ask);
        hidden.Failures.Should().BeEmpty();
        hidden.Claims!.ChipId.Should().BeNull();
    }

    [Fact]
    public void Product_of_the_certificate_must_be_that_of_the_report()
    {
        TestSnp.Failed(TestSnp.Report(), TestSnp.Vek(extensions => extensions[TestSnp.Arc + ".2"] = new DerIA5String("Genoa-B0").GetDerEncoded()), s_ask)
            .Should().Equal("vek-product");
        TestSnp.Failed(TestSnp.Report(), TestSnp.Vek(extensions => extensions.Remove(TestSnp.Arc + ".2")), s_ask).Should().Equal("vek-product");
        TestSnp.Failed(TestSnp.Report(report => report[TestSnp.ProcessorAt + 1] = 0x30), TestSnp.Vek(), s_ask).Should().Equal("product");
    }

    [Fact]
    public void Versions_are_in_order_by_component()
    {
        TestSnp.Failed(TestSnp.Report(report => report[TestSnp.CommittedTcbAt + 6]--), TestSnp.Vek(), s_ask).Should().Equal("tcb-order");
        TestSnp.Failed(TestSnp.Report(report => report[TestSnp.CurrentTcbAt + 7]--), TestSnp.Vek(), s_ask).Should().Equal("tcb-order");

        // As one number, a higher microcode would outweigh the lower boot loader.
        TestSnp.Failed(TestSnp.Report(report => (report[TestSnp.CurrentTcbAt], report[TestSnp.CurrentTcbAt + 7]) = (2, 220)), TestSnp.Vek(), s_ask).Should().Equal("tcb-order");
        TestSnp.Failed(TestSnp.Report(report => report[TestSnp.CurrentTcbAt + 3] = 1), TestSnp.Vek(), s_ask).Should().Equal("tcb-reserved");
    }

    [Fact]
    public void Changed_or_misplaced_signature_is_refused()
    {
        var report = TestSnp.Report();
        var bigEndian = TestSnp.Report();
        bigEndian.AsSpan(TestSnp.SignatureAt, 48).Reverse();
        bigEndian.AsSpan(TestSnp.SignatureAt + 72, 48).Reverse();
        var zero = TestSnp.Report();
        zero.AsSpan(TestSnp.SignatureAt, 144).Clear();

        TestSnp.Failed(bigEndian, TestSnp.Vek(), s_ask).Should().Equal("signature");
        TestSnp.Failed(zero, TestSnp.Vek(), s_ask).Should().Equal("signature");
        TestSnp.Failed(TestSnp.Report(key: TestKey.Ec("P-384")), TestSnp.Vek(), s_ask).Should().Equal("signature");
        foreach (var offset in new[] { 0x00, 0x04, 0x09, 0x10, 0x2F, 0x50, 0x8F, 0x90, 0xBF, 0xC0, 0xDF, 0xE0, 0x140, 0x160, 0x29F })
        {
            var changed = (byte[])report.Clone();
            changed[offset] ^= offset == 0 ? (byte)7 : (byte)1;
            TestSnp.Failed(changed, TestSnp.Vek(), s_ask).Should().NotBeEmpty($"byte {offset:x} was changed");
        }
    }

    [Fact]
    public void Key_on_another_curve_signs_nothing()
    {
        var key = TestKey.Ec("P-256");

        TestSnp.Failed(TestSnp.Report(key: key), TestSnp.Vek(key: key), s_ask).Should().Equal("signature");
    }

    private static void Hidden(byte[] report)
    {
        report[TestSnp.FlagsAt] = 2;
        report.AsSpan(TestSnp.ChipIdAt, 64).Clear();
    }

    private static void Turin(byte[] report) => Turin(report, 0);

    private static void Turin(byte[] report, byte ninthByte)
    {
        (report[TestSnp.ProcessorAt], report[TestSnp.ProcessorAt + 1]) = (0x1A, 0x02);
        report.AsSpan(TestSnp.ChipIdAt + 8, 56).Clear();
        report[TestSnp.ChipIdAt + 8] = ninthByte;
        byte[] tcb = [2, 3, 0, 8, 0, 0, 0, 219];
        foreach (var offset in new[] { TestSnp.CurrentTcbAt, TestSnp.ReportedTcbAt, TestSnp.CommittedTcbAt, 0x1F0 })
        {
            tcb.CopyTo(report.AsSpan(offset));
        }
    }
}
