using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.GoogleVtpm;
using CleanRoom.Attestation.Tests.AmdSevSnp;
using CleanRoom.Attestation.Tests.Support;
using CleanRoom.Protocol;
using static CleanRoom.Attestation.Tests.GoogleVtpm.ProtoBytes;

namespace CleanRoom.Attestation.Tests.GoogleVtpm;

/// <summary>The hardware's evidence inside a message: put together, verified by its own verifier, and as fresh as the quotes.</summary>
public sealed class GoogleHardwareTests
{
    private static readonly MadeGoogle s_snp = new() { More = MadeHardware.Snp(MadeHardware.SnpReport(MadeGoogle.Nonce)) };
    private static readonly MadeGoogle s_tdx = new() { More = MadeHardware.Tdx(MadeHardware.TdQuote(MadeGoogle.Nonce)) };

    [Fact]
    public void Snp_inside_holds_and_says_its_claims_and_that_the_two_are_apart()
    {
        var result = s_snp.Judge();

        result.Failures.Should().BeEmpty();
        result.Verdict.Should().Be(AttestationVerdict.Warning);
        result.Words.Should().Contain(GoogleVtpmVerifier.ApartFromHardware);
        result.Claims!.Values["hardware"].Should().Be(TeeNames.AmdSevSnp);
        result.Claims.Values["launchMeasurement"].Should().Be(string.Concat(Enumerable.Repeat("44", 48)));
        result.Claims.Values["hardwareAnchor"].Should().Be(Digest.Of(TestSnp.Ark.Key.Spki).ToString());
        result.Claims.Anchor.Should().Be(Digest.Of(MadeGoogle.Root.Key.Spki));
        result.Claims.ChipId.Should().Be(Convert.ToHexStringLower(TestSnp.ChipId));
        result.Claims.Tcb["reported.microcode"].Should().Be(219);
        result.Claims.Guarded.Should().Contain(guarded => guarded.Claim == "vmpl");
    }

    [Fact]
    public void Tdx_inside_holds_with_its_collateral()
    {
        var result = s_tdx.Judge(Collateral());

        result.Failures.Should().BeEmpty();
        result.Claims!.Values["hardware"].Should().Be(TeeNames.IntelTdx);
        result.Claims.Values["launchMeasurement"].Should().Be(string.Concat(Enumerable.Repeat("e1", 48)));
        result.Claims.Values["tcbStatus"].Should().Be("UpToDate");
        s_tdx.Failed().Should().Contain("tcb-info");
    }

    [Fact]
    public void Hardware_with_another_nonce_is_refused()
    {
        (s_snp with { More = MadeHardware.Snp(MadeHardware.SnpReport([1])) }).Failed().Should().Equal("hardware-nonce");
        (s_snp with { More = MadeHardware.Snp(MadeHardware.SnpReport([])) }).Failed().Should().Equal("hardware-nonce");
        (s_tdx with { More = MadeHardware.Tdx(MadeHardware.TdQuote([1])) }).Failed(Collateral()).Should().Equal("hardware-nonce");
    }

    [Fact]
    public void A_shorter_nonce_is_followed_by_zeros()
    {
        byte[] nonce = [1, 2, 3];
        var quote = s_snp.Quote(MadeGoogle.Sha256, made => made with { ReportData = nonce });

        (s_snp with { Quotes = [quote], More = MadeHardware.Snp(MadeHardware.SnpReport(nonce)) }).Failed().Should().BeEmpty();
        (s_snp with { Quotes = [quote], More = MadeHardware.Snp(MadeHardware.SnpReport([1, 2, 3, 4])) }).Failed().Should().Equal("hardware-nonce");
    }

    [Fact]
    public void Failures_of_the_hardware_and_of_the_quotes_are_listed_together()
    {
        var report = MadeHardware.SnpReport(MadeGoogle.Nonce);
        report[0x90] ^= 1;

        (s_snp with { More = MadeHardware.Snp(report), Quotes = [s_snp.Quote(MadeGoogle.Sha1)] }).Failed().Should().Equal("pcr-bank", "signature");
        (s_snp with { More = MadeHardware.Snp(MadeHardware.SnpReport(MadeGoogle.Nonce, bytes => bytes[TestSnp.PolicyAt + 2] |= 8)) }).Failed().Should().Equal("debug");
    }

    [Fact]
    public void A_processor_that_the_report_does_not_name_breaks_its_signature() =>
        (s_snp with { More = MadeHardware.Snp(MadeHardware.SnpReport(MadeGoogle.Nonce), 0x00A0_0F12) }).Failed().Should().Equal("signature");

    [Fact]
    public void Messages_with_other_fields_or_lengths_are_refused()
    {
        var snp = MadeHardware.SnpContent(MadeHardware.SnpReport(MadeGoogle.Nonce));
        var tdx = MadeHardware.TdxContent(MadeHardware.TdQuote(MadeGoogle.Nonce));
        foreach (var more in new[]
        {
            [.. Field(8, snp), .. Field(9, tdx)], Field(8, [.. snp, .. Field(4, 1)]), Field(8, Field(1, [1])), Field(9, [.. tdx, .. Field(6, 1)]), Field(9, Field(1, [1])),
            MadeHardware.Snp(MadeHardware.SnpReport(MadeGoogle.Nonce), 0x10A0_0F11), MadeHardware.Snp(MadeHardware.SnpReport(MadeGoogle.Nonce), 0x00A0_0E11),
        })
        {
            (s_snp with { More = more }).Failed().Should().Equal(["evidence-format"], Convert.ToHexStringLower(more.AsSpan(0, Math.Min(more.Length, 8))));
        }
    }

    [Fact]
    public void What_is_put_together_is_what_was_taken_apart()
    {
        var report = MadeHardware.SnpReport(MadeGoogle.Nonce);
        var quote = MadeHardware.TdQuote(MadeGoogle.Nonce);

        SnpMessage.Read(new Bytes(MadeHardware.SnpContent(report)))!.Evidence.ToArray().Should().Equal(report);
        TdxMessage.Read(new Bytes(MadeHardware.TdxContent(quote)))!.Evidence.ToArray().Should().Equal(quote);
    }

    [Theory]
    [InlineData("intel-tdx/go-tdx-guest/ccel/cos-113-tdx-quote.dat")]
    [InlineData("intel-tdx/phala/tdx_quote")]
    public void Genuine_quotes_survive_the_message(string file)
    {
        var quote = SharedVectors.Read(file);

        TdxMessage.Read(new Bytes(MadeHardware.TdxContent(quote)))!.Evidence.ToArray().Should().Equal(quote);
    }

    [Theory]
    [InlineData("amd-snp/go-sev-guest-milan/report.bin", 0u)]
    [InlineData("amd-snp/lunal-genoa-v5/live-report-v5-genoa.bin", null)]
    public void Genuine_reports_survive_the_message(string file, uint? cpuid)
    {
        var report = SharedVectors.Read(file);

        SnpMessage.Read(new Bytes(MadeHardware.SnpContent(report, cpuid ?? Cpuid(report))))!.Evidence.ToArray().Should().Equal(report);
    }

    private static byte[][] Collateral() => [.. MadeHardware.Platform.Endorsements().Select(one => one.ToArray())];

    /// <summary>Families above 15 are written as 15 and the rest.</summary>
    private static uint Cpuid(byte[] report)
    {
        var (family, model, stepping) = (report[0x188], report[0x189], report[0x18A]);
        return ((uint)(family - 0xF) << 20) | ((uint)(model >> 4) << 16) | (0xFu << 8) | ((uint)(model & 0xF) << 4) | stepping;
    }
}
