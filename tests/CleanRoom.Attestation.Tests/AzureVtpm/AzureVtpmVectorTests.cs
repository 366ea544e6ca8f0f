using System.Globalization;
using CleanRoom.Attestation.AzureVtpm;
using CleanRoom.Attestation.Signatures;
using CleanRoom.Attestation.Tests.Support;
using CleanRoom.Attestation.Tpm;

namespace CleanRoom.Attestation.Tests.AzureVtpm;

/// <summary>Genuine evidence of Azure confidential VMs, field by field as the collection has it.</summary>
public sealed class AzureVtpmVectorTests
{
    [Fact]
    public void Every_vector_is_recognised_and_agrees_with_its_collection()
    {
        SharedVectors.Require();
        var cases = AzureVtpmVectors.Cases.ToList();

        cases.Should().HaveCount(9);
        cases.ForEach(VectorVerdict.Check);
    }

    [Fact]
    public void Header_and_quote_are_read_as_the_collection_reads_them()
    {
        SharedVectors.Require();
        foreach (var one in AzureVtpmVectors.Cases.Where(one => one.IsGenuine))
        {
            var entry = AzureVtpmVectors.Entry(one.Name["azure-vtpm/".Length..]);
            AzureEnvelopeReader.Read(one.Evidence.Span).TryGet(out var envelope, out _).Should().BeTrue();
            HclReport.Parse(envelope!.HclReport.Span).TryGet(out var report, out _).Should().BeTrue();
            TpmQuoteStatement.Parse(envelope.Quote.Span).TryGet(out var quote, out _).Should().BeTrue();

            var header = entry.GetProperty("hcl_header");
            report!.Kind.Should().Be(header.GetProperty("report_type").GetUInt32());
            report.RuntimeVersion.Should().Be(header.GetProperty("igvm_version").GetUInt32());
            report.RuntimeClaims.Length.Should().Be(header.GetProperty("var_size").GetInt32());
            report.Hash.Should().Be(HashName.Sha256);
            var stated = entry.GetProperty("quote");
            Convert.ToHexStringLower(quote!.QualifiedSigner.Span).Should().Be(stated.GetProperty("qualifiedSigner").GetString());
            Convert.ToHexStringLower(quote.ExtraData.Span).Should().Be(stated.GetProperty("extraData").GetString());
            Convert.ToHexStringLower(quote.PcrDigest.Span).Should().Be(stated.GetProperty("pcrDigest").GetString());
            quote.Clock.Should().Be(stated.GetProperty("clock").GetUInt64());
            quote.ResetCount.Should().Be(stated.GetProperty("resetCount").GetUInt32());
            quote.RestartCount.Should().Be(stated.GetProperty("restartCount").GetUInt32());
            quote.IsClockSafe.Should().Be(stated.GetProperty("safe").GetInt32() == 1);
            quote.FirmwareVersion.ToString("x", CultureInfo.InvariantCulture).Should().Be(stated.GetProperty("fw").GetString()![2..]);
            quote.Selections.Single().ToString().Should().Be($"sha256:{string.Join(',', Enumerable.Range(0, 24))}");
        }
    }

    [Theory]
    [InlineData("azure-cvm-tooling/hcl-report-snp.bin", "snp")]
    [InlineData("azure-cvm-tooling/hcl-report-tdx.bin", "tdx")]
    [InlineData("trustee-az-snp/hcl-report.bin", "snp")]
    [InlineData("trustee-az-tdx/hcl-report.bin", "tdx")]
    public void Reports_alone_are_read_and_name_the_key(string file, string kind)
    {
        HclReport.Parse(SharedVectors.Read($"azure-vtpm/{file}")).TryGet(out var report, out var failures).Should().BeTrue(string.Join(", ", failures));

        report!.Kind.Should().Be(kind == "snp" ? HclReport.SnpKind : HclReport.TdxKind);
        var runtime = RuntimeClaims.Parse(report.RuntimeClaims.Span)!;
        runtime.Key.IsRsa.Should().BeTrue();
        if (kind == "tdx")
        {
            report.TdReportData.Should().Be(report.WantedReportData);
        }
    }
}
