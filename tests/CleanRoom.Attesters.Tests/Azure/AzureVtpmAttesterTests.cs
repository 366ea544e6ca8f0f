using System.Buffers.Text;
using System.Security.Cryptography;
using CleanRoom.Attesters.Azure;
using CleanRoom.Attesters.Tests.Support;
using CleanRoom.Attesters.Tpm;
using CleanRoom.Protocol;

namespace CleanRoom.Attesters.Tests.Azure;

/// <summary>A real software TPM that is set up as Azure's, and a stand-in for the metadata service.</summary>
public class AzureVtpmAttesterTests
{
    private const uint Snp = 2;
    private const uint Tdx = 4;
    private const int SignatureHeaderBytes = 6;

    private static readonly byte[] _reportData = SHA512.HashData("a question"u8);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Snp_evidence_is_report_and_quote_with_the_chips_certificates()
    {
        var report = AzureMachine.HclReport(Snp);
        await using var tpm = await AzureMachine.StartAsync(report);
        await using var metadata = StandInHttp.OnLoopback((_, _) => (200, Certificates()));

        var made = await AttestAsync(tpm, metadata);

        var evidence = TpmEvidence.Read(made);
        evidence.Members.Members.Select(member => member.Name).Should().BeEquivalentTo("hclReport", "pcrs", "quote", "signature", "type");
        evidence.Binary("hclReport").Should().Equal(report[..2_048]);
        evidence.ExtraData.Should().Equal(_reportData);
        evidence.Pcrs.Should().HaveCount(PcrSelection.Default.Count);
        using var key = RSA.Create();
        key.ImportFromPem(await File.ReadAllTextAsync(Path.Combine(tpm.Directory, "ak.pem"), Token));
        key.VerifyData(evidence.Quote, evidence.Signature[SignatureHeaderBytes..], HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).Should().BeTrue();
        made.Endorsements.Should().Equal(new Bytes([1]), new Bytes([2]), new Bytes([3]));
        var (head, _) = metadata.Requests.Single();
        head.Should().StartWith("GET /metadata/THIM/amd/certification HTTP/1.1").And.Contain("Metadata: true");
    }

    [Fact]
    public async Task Tdx_evidence_has_the_quote_that_the_service_made_of_the_report()
    {
        var report = AzureMachine.HclReport(Tdx);
        await using var tpm = await AzureMachine.StartAsync(report);
        byte[] quote = [4, 0, 2, 0, 0xff];
        await using var metadata = StandInHttp.OnLoopback((_, _) => (200, System.Text.Encoding.ASCII.GetBytes($$"""{"quote":"{{Base64Url.EncodeToString(quote)}}"}""")));

        var made = await AttestAsync(tpm, metadata);

        TpmEvidence.Read(made).Binary("tdQuote").Should().Equal(quote);
        made.Endorsements.Should().BeEmpty();
        var (head, body) = metadata.Requests.Single();
        head.Should().StartWith("POST /acc/tdquote HTTP/1.1");
        body.Should().Be($$"""{"report":"{{Base64Url.EncodeToString(report.AsSpan(32, AzureMachine.TdReportBytes))}}"}""");
    }

    [Theory]
    [InlineData("""{"vcekCert":"","certificateChain":""}""", "at least one certificate")]
    [InlineData("""{"vcekCert":1,"certificateChain":""}""", "member vcekCert")]
    [InlineData("""[]""", "members")]
    [InlineData("""{"vcekCert":"-----BEGIN KEY-----\nAQ==\n-----END KEY-----","certificateChain":""}""", "certificates")]
    public async Task Another_answer_of_the_service_is_refused(string answer, string wanted)
    {
        await using var metadata = StandInHttp.OnLoopback((_, _) => (200, System.Text.Encoding.UTF8.GetBytes(answer)));
        using var client = new HttpClient { BaseAddress = metadata.Address };

        var ask = async () => await new AzureMetadata(client).CertificatesAsync(Token);

        await ask.Should().ThrowAsync<AttesterException>().WithMessage($"azure metadata: wanted an answer with {wanted}, got another");
    }

    [Theory]
    [InlineData(3u)]
    [InlineData(0u)]
    public void Report_of_another_kind_is_refused(uint kind) => FluentActions.Invoking(() => HclReport.Parse(AzureMachine.HclReport(kind)))
        .Should().Throw<AttesterException>().WithMessage($"*got {kind}");

    [Fact]
    public void Report_of_another_form_is_refused()
    {
        FluentActions.Invoking(() => HclReport.Parse(new byte[2_600])).Should().Throw<AttesterException>();
        FluentActions.Invoking(() => HclReport.Parse(AzureMachine.HclReport(Snp)[..1_236])).Should().Throw<AttesterException>();
    }

    [Fact]
    public async Task Tpm_without_a_report_is_not_azures()
    {
        await using var tpm = await RealTpm.StartAsync();
        await using var metadata = StandInHttp.OnLoopback((_, _) => (200, []));

        var attest = async () => await AttestAsync(tpm, metadata);

        await attest.Should().ThrowAsync<AttesterException>().WithMessage("*wanted an hcl report at nv 0x01400001, got none");
    }

    private static async Task<Attestation.Guest.AttesterEvidence> AttestAsync(TestKit.SwTpm tpm, StandInHttp metadata)
    {
        using var access = new TpmAccess(tpm.Endpoint);
        using var client = new HttpClient { BaseAddress = metadata.Address };
        return await new AzureVtpmAttester(access, PcrSelection.Default, client).AttestAsync(_reportData, Token);
    }

    private static byte[] Certificates()
    {
        static string Pem(byte content) => $"-----BEGIN CERTIFICATE-----\\n{Convert.ToBase64String([content])}\\n-----END CERTIFICATE-----\\n";
        return System.Text.Encoding.ASCII.GetBytes($$"""{"vcekCert":"{{Pem(1)}}","tcbm":"00","certificateChain":"{{Pem(2)}}{{Pem(3)}}","cacheControl":"86400"}""");
    }
}
