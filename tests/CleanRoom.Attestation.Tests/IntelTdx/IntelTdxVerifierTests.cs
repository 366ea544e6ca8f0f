using System.Buffers.Binary;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.IntelTdx;
using CleanRoom.Attestation.Tests.Intel;

namespace CleanRoom.Attestation.Tests.IntelTdx;

/// <summary>What TDX adds to SGX: TD reports, the TDX module and its identity, attributes of the trust domain.</summary>
public sealed class IntelTdxVerifierTests
{
    private static readonly IntelTdxVerifier s_verifier = new(MadePlatform.Anchors);
    private static readonly MadePlatform s_platform = new() { TcbInfo = MadeCollateral.TdxTcbInfo, Identity = MadeCollateral.Identity("TD_QE") };

    [Theory]
    [InlineData(4, false)]
    [InlineData(5, false)]
    [InlineData(5, true)]
    public void Good_quote_of_each_form_is_affirmed(ushort version, bool isTd15)
    {
        var result = Judge(Quote(MadeQuote.TdReport(isTd15), isTd15) with { Version = version });

        result.Failures.Should().BeEmpty();
        result.Verdict.Should().Be(AttestationVerdict.Affirming);
        result.Claims!.Values["measurement"].Should().Be(string.Concat(Enumerable.Repeat("e1", 48)));
        result.Claims.Values["rtmr3"].Should().Be(string.Concat(Enumerable.Repeat("77", 48)));
        result.Claims.Values["septVeDisable"].Should().Be("true");
        result.Claims.Values["migratable"].Should().Be("false");
        result.Claims.ReportData.Should().Be(string.Concat(Enumerable.Repeat("5a", 64)));
        result.Claims.Guarded.Select(guarded => guarded.Claim).Should().Equal("septVeDisable", "migratable", "mrServiceTd", "tcbStatus");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(136)]
    [InlineData(184)]
    [InlineData(232)]
    [InlineData(280)]
    [InlineData(328)]
    [InlineData(519)]
    [InlineData(520)]
    [InlineData(583)]
    public void Changed_byte_of_the_report_is_refused(int offset)
    {
        var bytes = Quote(MadeQuote.TdReport(isTd15: false)).ToBytes();
        bytes[MadeQuote.Header + offset] ^= 1;

        MadeIntel.Judge(s_verifier, new Protocol.Bytes(bytes), s_platform.Endorsements()).Checks().Should().Contain("signature");
    }

    [Theory]
    [InlineData(1UL << 28 | 1, "debug")]
    [InlineData(1UL << 28 | 1 << 4, "debug")]
    [InlineData(1UL << 28 | 1 << 8, "td-attributes")]
    [InlineData(1UL << 28 | 1UL << 62, "td-attributes")]
    public void Attributes_of_the_domain_are_judged(ulong attributes, string check)
    {
        Judge(Quote(With(120, attributes))).Checks().Should().Equal(check);
    }

    [Fact]
    public void Guarded_attributes_are_claims()
    {
        Judge(Quote(With(120, 0))).Claims!.Values["septVeDisable"].Should().Be("false");
        Judge(Quote(With(120, 1UL << 29))).Claims!.Values["migratable"].Should().Be("true");
    }

    [Theory]
    [InlineData(0x602E6)]
    [InlineData(0x602EF)]
    [InlineData(0x1000602E7)]
    public void Impossible_xfam_is_refused(ulong xfam)
    {
        Judge(Quote(With(128, xfam))).Checks().Should().Equal("xfam");
    }

    [Fact]
    public void Module_must_be_intels_and_without_attributes()
    {
        var signer = MadeQuote.TdReport(isTd15: false);
        signer[64] = 1;

        Judge(Quote(signer)).Checks().Should().Equal("tdx-module");
        Judge(Quote(With(112, 1))).Checks().Should().Equal("seam-attributes", "tdx-module");
    }

    [Fact]
    public void Module_without_an_identity_or_below_every_level_is_refused()
    {
        Judge(Quote(MadeQuote.TdReport(isTd15: false, major: 2))).Checks().Should().Equal("tdx-module");
        Judge(Quote(MadeQuote.TdReport(isTd15: false, minor: 1))).Checks().Should().Equal("tdx-module-level");
    }

    [Fact]
    public void Older_module_makes_the_platform_out_of_date()
    {
        var result = Judge(Quote(MadeQuote.TdReport(isTd15: false, minor: 3)));

        result.Checks().Should().Equal("tcbStatus");
        result.Claims!.Values["tcbStatus"].Should().Be("OutOfDate");
        result.Claims.Values["advisories"].Should().Be("INTEL-SA-00002");
    }

    [Fact]
    public void Module_of_major_version_0_is_judged_by_the_levels_of_the_platform()
    {
        Judge(Quote(MadeQuote.TdReport(isTd15: false, minor: 4, major: 0))).Checks().Should().Equal("tcb-level");
        var claims = Judge(Quote(MadeQuote.TdReport(isTd15: false, minor: 6, major: 0), svns: true)).Claims!;
        claims.Values["tcbStatus"].Should().Be("UpToDate");
    }

    [Fact]
    public void Older_component_of_the_report_lowers_the_level()
    {
        Judge(Quote(MadeQuote.TdReport(isTd15: false, rest: 5))).Claims!.Values["tcbStatus"].Should().Be("OutOfDate");
        Judge(Quote(MadeQuote.TdReport(isTd15: false, rest: 4))).Checks().Should().Equal("tcb-level");
    }

    [Fact]
    public void Module_that_was_updated_under_the_domain_advises_a_relaunch()
    {
        var report = MadeQuote.TdReport(isTd15: true, minor: 3);
        report[584] = 4;

        var result = Judge(Quote(report, isTd15: true));

        result.Checks().Should().Equal("tcbStatus");
        result.Claims!.Values["tcbStatus"].Should().Be("TDRelaunchAdvised");
        result.Claims.Values["advisories"].Should().Be("INTEL-SA-00002");
    }

    [Fact]
    public void Bound_service_domains_are_a_guarded_claim()
    {
        var report = MadeQuote.TdReport(isTd15: true);
        report[600] = 0x99;

        Judge(Quote(report, isTd15: true)).Claims!.Values["mrServiceTd"].Should().StartWith("99");
    }

    [Fact]
    public void Collateral_for_sgx_does_not_serve()
    {
        Judge(Quote(MadeQuote.TdReport(isTd15: false)) with { Platform = new MadePlatform() }).Checks().Should().Equal("qe-identity", "tcb-info");
    }

    [Fact]
    public void Version_3_and_a_body_of_another_type_are_refused()
    {
        Judge(Quote(MadeQuote.TdReport(isTd15: false)) with { Version = 3 }).Checks().Should().Equal("evidence-format");
        Judge(Quote(MadeQuote.TdReport(isTd15: true)) with { Version = 5, BodyType = 2 }).Checks().Should().Equal("evidence-format");
        Judge(Quote(MadeQuote.TdReport(isTd15: false)) with { Version = 5, BodyType = 1 }).Checks().Should().Equal("evidence-format");
    }

    private static MadeQuote Quote(byte[] body, bool isTd15 = false, bool svns = false)
    {
        // Without a module identity of its own, all 16 components must be reached; the major version is 0 then.
        var platform = svns
            ? s_platform with { TcbInfo = MadeCollateral.TdxTcbInfo.Replace("[{\"svn\":6},{\"svn\":6}", "[{\"svn\":6},{\"svn\":0}", StringComparison.Ordinal) }
            : s_platform;
        return new() { Version = isTd15 ? (ushort)5 : (ushort)4, Tee = 0x81, BodyType = isTd15 ? (ushort)3 : (ushort)2, Body = body, Platform = platform };
    }

    private static byte[] With(int offset, ulong value)
    {
        var report = MadeQuote.TdReport(isTd15: false);
        BinaryPrimitives.WriteUInt64LittleEndian(report.AsSpan(offset), value);
        return report;
    }

    private static AttestationResult Judge(MadeQuote quote) => MadeIntel.Judge(s_verifier, quote.ToEvidence(), quote.Platform.Endorsements());
}
