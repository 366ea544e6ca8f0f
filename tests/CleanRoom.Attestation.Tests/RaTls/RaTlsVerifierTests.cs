using System.Formats.Cbor;
using System.Security.Cryptography;
using System.Text;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.RaTls;
using CleanRoom.Attestation.Tests.Intel;
using CleanRoom.Attestation.Tests.OpenEnclave;
using CleanRoom.Attestation.Tests.Support;
using CleanRoom.Protocol;
using CleanRoom.TestKit.Certificates;

namespace CleanRoom.Attestation.Tests.RaTls;

/// <summary>Certificates with a quote about their key, made up and genuine.</summary>
public sealed class RaTlsVerifierTests
{
    private const string Tagged = "2.23.133.5.4.9";
    private const string Gramine = "0.6.9.42.840.113741.1337.6";
    private static readonly RaTlsVerifier s_verifier = new(MadePlatform.Anchors);
    private static readonly TestKey s_key = TestKey.Ec("P-256");

    [Fact]
    public void Every_vector_is_judged_as_expected_and_recognised()
    {
        SharedVectors.Require();

        VectorAssertions.AllAgree(RaTlsVectors.Cases);
        RaTlsVectors.Cases.Should().OnlyContain(vector => vector.Verifier.Recognises(vector.Evidence.ToArray()));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(8)]
    public void Good_certificate_is_affirmed(int hash)
    {
        var result = Judge(Made(Claims(hash, s_key)));

        result.Failures.Should().BeEmpty();
        result.Claims!.Values["publicKey"].Should().Be(Digest.Of(s_key.Spki).ToString());
        result.Claims.Values["quote"].Should().Be("intel-sgx");
    }

    [Fact]
    public void Older_form_is_bound_to_the_key_itself()
    {
        Judge(Issue(s_key, Gramine, Quote(SHA256.HashData(s_key.Spki)))).Failures.Should().BeEmpty();
        Judge(Issue(s_key, Gramine, Quote(SHA256.HashData([1])))).Checks().Should().Equal("key-binding");
        Judge(Issue(s_key, Gramine, Quote([.. SHA256.HashData(s_key.Spki), 1]))).Checks().Should().Equal("key-binding");
    }

    [Theory]
    [InlineData("1.2.840.113556.10.1.1", false)]
    [InlineData("1.2.840.113556.10.1.2", true)]
    public void Open_enclaves_form_is_bound_to_the_text_of_the_key(string identifier, bool isEvidence)
    {
        byte[] text = [.. Encoding.ASCII.GetBytes(PemEncoding.WriteString("PUBLIC KEY", s_key.Spki)), (byte)'\n', 0];
        byte[] Framed(byte[] quote) => isEvidence ? OpenEnclaveVerifierTests.Evidence(OpenEnclaveVerifierTests.SgxEcdsa, [.. quote, .. text]) : OpenEnclaveVerifierTests.Report(quote);

        var result = Judge(Issue(s_key, identifier, Framed(Quote(SHA256.HashData(text)))));
        result.Failures.Should().BeEmpty();
        result.Claims!.Values["publicKey"].Should().Be(Digest.Of(s_key.Spki).ToString());
        Judge(Issue(TestKey.Ec("P-256"), identifier, Framed(Quote(SHA256.HashData(text))))).Checks().Should().Equal("key-binding");
        Judge(Issue(s_key, identifier, Framed(Quote(SHA256.HashData(text.AsSpan(0, text.Length - 1)))))).Checks().Should().Equal("key-binding");
        Judge(Issue(s_key, identifier, Framed(Quote([.. SHA256.HashData(text), 1])))).Checks().Should().Equal("key-binding");
        Judge(Issue(s_key, identifier, Quote(SHA256.HashData(text)))).Checks().Should().Equal("evidence-format");
    }

    [Fact]
    public void Result_holds_no_longer_than_the_certificate()
    {
        var claims = Claims(1, s_key);
        var end = new DateTime(2026, 6, 2, 0, 0, 0, DateTimeKind.Utc);
        var certificate = TestAuthority.Root("CN=enclave", s_key, new TestCertificateOptions { Extensions = [(Tagged, false, Content(Quote(SHA256.HashData(claims)), claims))], NotAfter = end });

        Judge(certificate.Der).ValidUntil.Should().Be(Timestamp.From(end));
        Judge(Made(claims)).ValidUntil.Should().Be(Judge(Issue(s_key, Gramine, Quote(SHA256.HashData(s_key.Spki)))).ValidUntil);
    }

    [Fact]
    public void Evidence_about_another_key_is_refused()
    {
        Judge(Made(Claims(1, TestKey.Ec("P-256")))).Checks().Should().Equal("key-binding");
        Judge(Made(Claims(9, s_key))).Checks().Should().Equal("key-binding");
    }

    [Fact]
    public void Claims_that_the_report_data_does_not_hold_are_refused()
    {
        Judge(Issue(s_key, Tagged, Content(Quote(SHA256.HashData([1])), Claims(1, s_key)))).Checks().Should().Equal("claims-binding");
        Judge(Issue(s_key, Tagged, Content(Quote([.. SHA256.HashData(Claims(1, s_key)), 1]), Claims(1, s_key)))).Checks().Should().Equal("claims-binding");
    }

    [Fact]
    public void Certificate_must_be_signed_by_its_key_and_valid()
    {
        var content = Content(Quote(SHA256.HashData(Claims(1, s_key))), Claims(1, s_key));
        var options = new TestCertificateOptions { Extensions = [(Tagged, false, content)], NotAfter = new DateTime(2026, 5, 1, 0, 0, 0, DateTimeKind.Utc) };

        Judge(TestAuthority.Root("CN=enclave", s_key, options).Der).Checks().Should().Equal("certificate-validity");
        var other = TestAuthority.Root("CN=enclave", TestKey.Ec("P-256"));
        Judge(other.Issue("CN=enclave", s_key.Spki, options with { NotAfter = new DateTime(2027, 1, 1, 0, 0, 0, DateTimeKind.Utc) }))
            .Checks().Should().Equal("certificate-signature");
    }

    [Fact]
    public void Other_forms_are_refused()
    {
        var content = Content(Quote(SHA256.HashData(Claims(1, s_key))), Claims(1, s_key));
        byte[] trailing = [.. content, 0];
        byte[] otherTag = [.. content];
        otherTag[2] ^= 1;

        foreach (var bytes in (byte[][])[[], [0x30], Issue(s_key, "1.2.3.4", content), Issue(s_key, Tagged, trailing), Issue(s_key, Tagged, otherTag)])
        {
            Judge(bytes).Checks().Should().Equal("evidence-format");
        }
    }

    /// <summary>Returns an honest one.</summary>
    internal static VectorCase Made() =>
        MadeEvidence.Of("ra-tls", s_verifier, Made(Claims(1, s_key)), new MadePlatform().Endorsements().Select(one => one.ToArray()));

    private static byte[] Made(byte[] claims) => Issue(s_key, Tagged, Content(Quote(SHA256.HashData(claims)), claims));

    private static byte[] Issue(TestKey key, string oid, byte[] content) =>
        TestAuthority.Root("CN=enclave", key, new TestCertificateOptions { Extensions = [(oid, false, content)] }).Der;

    private static byte[] Quote(byte[] reportData)
    {
        var body = MadeQuote.Report(0x05, 1, new string('D', 64), 3);
        body.AsSpan(320).Clear();
        reportData.CopyTo(body, 320);
        return new MadeQuote { Body = body }.ToBytes();
    }

    private static byte[] Claims(int hash, TestKey key)
    {
        var digest = hash switch { 7 => SHA384.HashData(key.Spki), 8 => SHA512.HashData(key.Spki), _ => SHA256.HashData(key.Spki) };
        var value = new CborWriter();
        value.WriteStartArray(2);
        value.WriteInt32(hash);
        value.WriteByteString(digest);
        value.WriteEndArray();
        var writer = new CborWriter();
        writer.WriteStartMap(1);
        writer.WriteTextString("pubkey-hash");
        writer.WriteByteString(value.Encode());
        writer.WriteEndMap();
        return writer.Encode();
    }

    private static byte[] Content(byte[] quote, byte[] claims)
    {
        var writer = new CborWriter();
        writer.WriteTag((CborTag)60000);
        writer.WriteStartArray(2);
        writer.WriteByteString(quote);
        writer.WriteByteString(claims);
        writer.WriteEndArray();
        return writer.Encode();
    }

    private static AttestationResult Judge(byte[] bytes) => MadeIntel.Judge(s_verifier, new Bytes(bytes), new MadePlatform().Endorsements());
}
