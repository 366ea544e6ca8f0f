using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.AzureAttestation;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Attestation.Tests.Intel;
using CleanRoom.Attestation.Tests.Support;
using CleanRoom.Protocol;
using CleanRoom.TestKit.Certificates;

namespace CleanRoom.Attestation.Tests.AzureAttestation;

/// <summary>The quote of the service's own enclave in the certificate of the key that signs tokens.</summary>
public sealed class ServiceQuoteTests
{
    private const string Issuer = "https://test.weu.attest.azure.net";
    private const string Extension = "1.3.6.1.4.1.311.105.1";
    private static readonly byte[] s_bound = SHA256.HashData(Encoding.ASCII.GetBytes(PemEncoding.WriteString("PUBLIC KEY", TestKey.SharedRsa.Spki) + "\n\0"));

    [Theory]
    [InlineData(Extension)]
    [InlineData("1.2.840.113556.10.1.1")]
    public void Quote_about_the_key_is_verified_with_the_collateral_that_came(string oid)
    {
        var result = Judge(Report(Quote()), oid, new MadePlatform().Endorsements());

        result.Failures.Should().BeEmpty();
        result.Claims!.Values["serviceQuote"].Should().Be("verified");
        result.Claims.Values["serviceMeasurement"].Should().Be(string.Concat(Enumerable.Repeat("e1", 32)));
        result.Claims.Values["serviceSigner"].Should().Be(string.Concat(Enumerable.Repeat("dd", 32)));
        result.Claims.Values["serviceTcbStatus"].Should().Be("UpToDate");
        result.Words.Should().NotContain(word => word.Contains("not verified"));
    }

    [Fact]
    public void Without_collateral_the_quote_says_nothing_and_the_words_say_so()
    {
        var result = Judge(Report(Quote()), Extension, []);

        result.Failures.Should().BeEmpty();
        result.Claims!.Values["serviceQuote"].Should().Be("unverified");
        result.Claims.Values.Should().NotContainKey("serviceMeasurement");
        result.Words.Should().Contain(word => word.Contains("not verified"));
    }

    [Fact]
    public void Quote_of_another_time_than_the_token_says_nothing()
    {
        var lapsed = new MadePlatform { PckNotAfter = new DateTime(2026, 5, 1, 0, 0, 0, DateTimeKind.Utc) };

        var result = Judge(Report(Quote(platform: lapsed)), Extension, lapsed.Endorsements());

        result.Failures.Should().BeEmpty();
        result.Claims!.Values["serviceQuote"].Should().Be("unverified", "a contract may insist on verified");
    }

    [Fact]
    public void Enclave_that_a_debugger_may_read_is_called_so() =>
        Judge(Report(Quote(flags: 0x07)), Extension, new MadePlatform().Endorsements()).Claims!.Values["serviceQuote"].Should().Be("debuggable");

    [Fact]
    public void Certificate_without_a_quote_is_called_so() =>
        Judge([1], "1.2.3.4", []).Claims!.Values["serviceQuote"].Should().Be("none");

    [Fact]
    public void Genuine_quote_beside_another_key_is_refused()
    {
        Checks(Report(Quote(bound: SHA256.HashData([1])))).Should().Equal("service-quote");
        Checks(Report(Quote(bound: [.. s_bound, 1]))).Should().Equal("service-quote");
    }

    [Fact]
    public void Other_forms_are_refused()
    {
        var report = Report(Quote());
        foreach (var content in (byte[][])[[1], report[..^1], [.. report, 0], Quote(), report[16..]])
        {
            Checks(content).Should().Equal("service-quote");
        }
    }

    [Fact]
    public void Quote_that_does_not_hold_is_refused_with_or_without_collateral()
    {
        var report = Report(Quote());
        report[16 + MadeQuote.Header + 64] ^= 1;
        var decoy = TestAuthority.Root("CN=Intel SGX Root CA", TestKey.Ec("P-256"));

        Checks(report).Should().Equal("service-quote-signature");
        Judge(report, Extension, []).Failures.Select(failure => failure.Check).Should().Contain("service-quote-signature");
        Judge(Report(Quote(platform: new MadePlatform { Root = decoy })), Extension, []).Failures.Select(failure => failure.Check).Should().Contain("service-quote-chain");
    }

    private static byte[] Quote(byte flags = 0x05, byte[]? bound = null, MadePlatform? platform = null)
    {
        var body = MadeQuote.Report(flags, 1, new string('D', 64), 3);
        body.AsSpan(320).Clear();
        (bound ?? s_bound).CopyTo(body, 320);
        return new MadeQuote { Body = body, Platform = platform ?? new MadePlatform() }.ToBytes();
    }

    private static byte[] Report(byte[] quote)
    {
        var header = new byte[16];
        (header[0], header[4]) = (1, 2);
        BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(8), (ulong)quote.Length);
        return [.. header, .. quote];
    }

    private static IEnumerable<string> Checks(byte[] content) => Judge(content, Extension, new MadePlatform().Endorsements()).Failures.Select(failure => failure.Check);

    private static AttestationResult Judge(byte[] content, string oid, ImmutableArray<Bytes> endorsements)
    {
        var certificate = TestAuthority.Root(
            "CN=service", TestKey.SharedRsa, new TestCertificateOptions { Extensions = [(oid, false, content)] }).Der;
        var keys = new JsonObject { ["keys"] = new JsonArray(new JsonObject { ["kty"] = "RSA", ["kid"] = "k", ["x5c"] = TestToken.X5c(certificate) }) };
        var verifier = new AzureAttestationVerifier([new TrustedTokenIssuer(Issuer, new Bytes(Encoding.UTF8.GetBytes(keys.ToJsonString())))], MadePlatform.Anchors);
        return EvidenceAppraiser.Authenticate(new PresentedEvidence(verifier.Tee, Token(), endorsements), Expected.Learned<Bytes>("a test"), MadePlatform.At, [verifier]);
    }

    private static Bytes Token()
    {
        var now = MadePlatform.At.Value.ToUnixTimeSeconds();
        var payload = new JsonObject
        {
            ["x-ms-attestation-type"] = "sgx", ["x-ms-ver"] = "1.0", ["x-ms-policy-hash"] = "hash", ["iss"] = Issuer, ["iat"] = now, ["nbf"] = now, ["exp"] = now + 28_800,
            ["x-ms-sgx-report-data"] = new string('1', 128), ["x-ms-sgx-is-debuggable"] = false, ["x-ms-sgx-mrenclave"] = new string('a', 64),
            ["x-ms-sgx-mrsigner"] = new string('a', 64), ["x-ms-sgx-product-id"] = 1, ["x-ms-sgx-svn"] = 1,
        };
        return TestToken.Sign(new JsonObject { ["alg"] = "RS256", ["kid"] = "k" }, payload, TestKey.SharedRsa);
    }
}
