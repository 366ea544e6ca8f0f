using System.Collections.Immutable;
using System.Text.Json.Nodes;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.AzureAttestation;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Attestation.Tests.Support;
using CleanRoom.Protocol;
using CleanRoom.TestKit.Certificates;

namespace CleanRoom.Attestation.Tests.AzureAttestation;

/// <summary>A good token of each kind, and each way in which one may be wrong.</summary>
public sealed class AzureAttestationVerifierTests
{
    private const string Issuer = "https://test.weu.attest.azure.net";
    private static readonly Timestamp s_at = Timestamp.From(new DateTimeOffset(2026, 6, 1, 0, 0, 0, TimeSpan.Zero));
    private static readonly long s_now = s_at.Value.ToUnixTimeSeconds();
    private static readonly AzureAttestationVerifier s_verifier = new([new TrustedTokenIssuer(Issuer, TestToken.KeySet("k", TestKey.SharedRsa))]);

    [Theory]
    [InlineData("sgx", 64, "11")]
    [InlineData("sevsnpvm", 96, "11")]
    [InlineData("tdxvm", 96, "11")]
    [InlineData("azurevm", 96, "22")]
    public void Good_token_of_each_kind_is_affirming(string kind, int measurementChars, string reportData)
    {
        var result = Judge(Token(Payload(kind)));

        result.Failures.Should().BeEmpty();
        result.Verdict.Should().Be(AttestationVerdict.Affirming);
        result.ValidUntil.Should().Be(s_at.Plus(TimeSpan.FromSeconds(28_800)));
        result.VouchedBy.Should().Be(Issuer);
        result.Claims!.Anchor.Should().Be(Digest.Of(TestKey.SharedRsa.Spki));
        result.Claims.Values["measurement"].Should().Be(new string('a', measurementChars));
        result.Claims.ReportData.Should().Be(string.Concat(Enumerable.Repeat(reportData, 64)));
    }

    [Theory]
    [InlineData("sgx", "iss", "\"https://other.weu.attest.azure.net\"", "issuer")]
    [InlineData("sgx", "x-ms-ver", "\"2.0\"", "token-version")]
    [InlineData("sgx", "x-ms-sgx-is-debuggable", "true", "debug")]
    [InlineData("sevsnpvm", "x-ms-sevsnpvm-is-debuggable", "true", "debug")]
    [InlineData("tdxvm", "tdx_td_attributes_debug", "true", "debug")]
    [InlineData("tdxvm", "attester_tcb_status", "\"OutOfDate\"", "tcbStatus")]
    [InlineData("azurevm", "x-ms-azurevm-bootdebug-enabled", "true", "debug")]
    [InlineData("azurevm", "x-ms-azurevm-kerneldebug-enabled", "true", "debug")]
    [InlineData("azurevm", "x-ms-azurevm-hypervisordebug-enabled", "true", "debug")]
    [InlineData("azurevm", "x-ms-azurevm-testsigning-enabled", "true", "testSigning")]
    [InlineData("azurevm", "x-ms-isolation-tee", "{}", "evidence-format")]
    [InlineData("sgx", "x-ms-attestation-type", "\"tpm\"", "evidence-format")]
    [InlineData("sgx", "x-ms-sgx-mrenclave", "\"aa\"", "evidence-format")]
    public void Wrong_claim_is_named(string kind, string claim, string value, string check)
    {
        var payload = Payload(kind);
        payload[claim] = JsonNode.Parse(value);

        Checks(Token(payload)).Should().Equal(check);
    }

    [Fact]
    public void Machine_that_azure_does_not_call_compliant_is_refused()
    {
        var payload = Payload("azurevm");
        payload["x-ms-isolation-tee"]!["x-ms-compliance-status"] = "none";

        Checks(Token(payload)).Should().Equal("compliance");
    }

    [Fact]
    public void Keys_that_the_caller_saved_make_the_verifier_of_their_issuer()
    {
        AttestationResult Judge(string issuer, ImmutableArray<IEvidenceVerifier> verifiers)
        {
            var payload = Payload("sgx");
            payload["iss"] = issuer;
            return EvidenceAppraiser.Authenticate(
                new PresentedEvidence(TeeNames.AzureAttestation, Token(payload), [TestToken.KeySet("k", TestKey.SharedRsa)]), Expected.Learned<Bytes>("a test"), s_at, verifiers);
        }

        var trusting = EvidenceVerifiers.Trusting(EvidenceVerifiers.All, new TrustedTokenIssuer(Issuer, TestToken.KeySet("k", TestKey.SharedRsa)))!.Value;

        trusting.Select(verifier => verifier.Tee).Should().Equal(EvidenceVerifiers.All.Select(verifier => verifier.Tee));
        Judge(Issuer, trusting).Failures.Should().BeEmpty();
        Judge("https://other.weu.attest.azure.net", trusting).Failures.Select(failure => failure.Check).Should().Equal("issuer");
        Judge(Issuer, EvidenceVerifiers.All).Failures.Should().NotBeEmpty("nobody is trusted by default, whatever key set comes along");
        EvidenceVerifiers.Trusting(EvidenceVerifiers.All, new TrustedTokenIssuer(Issuer, default)).Should().BeNull();
    }

    [Theory]
    [InlineData("exp", -61, "token-validity")]
    [InlineData("nbf", 61, "token-validity")]
    [InlineData("iat", 61, "token-issued")]
    [InlineData("exp", 28_801, "token-lifetime")]
    public void Wrong_time_is_named(string claim, int seconds, string check)
    {
        var payload = Payload("sgx");
        payload[claim] = s_now + seconds;

        Checks(Token(payload)).Should().Contain(check);
    }

    [Fact]
    public void Key_in_the_header_is_never_used()
    {
        var other = TestKey.Rsa2048();
        var header = new JsonObject
        {
            ["alg"] = "RS256",
            ["kid"] = "k",
            ["jku"] = "https://evil.example/certs",
            ["jwk"] = JsonNode.Parse(TestToken.KeySet("k", other).Span.ToArray())!["keys"]![0]!.DeepClone(),
        };

        Judge(TestToken.Sign(header, Payload("sgx"), other), TestToken.KeySet("k", other)).Failures.Select(failure => failure.Check).Should().Equal("signature");
    }

    [Fact]
    public void Unknown_key_is_a_missing_endorsement()
    {
        var header = new JsonObject { ["alg"] = "RS256", ["kid"] = "other" };

        Judge(TestToken.Sign(header, Payload("sgx"), TestKey.SharedRsa)).Failures.Should().ContainSingle()
            .Which.Code.Should().Be(RefusalCode.EndorsementMissing);
    }

    [Fact]
    public void Keys_that_come_along_are_accepted_by_nobody_who_does_not_name_them()
    {
        var verifier = new AzureAttestationVerifier();
        var presented = new PresentedEvidence(verifier.Tee, Token(Payload("sgx")), [TestToken.KeySet("k", TestKey.SharedRsa)]);

        var result = EvidenceAppraiser.Authenticate(presented, Expected.Learned<Bytes>("a test"), s_at, [verifier]);

        result.Failures.Select(failure => failure.Check).Should().Equal("signingKey", "issuer");
        result.Claims!.Values["signingKey"].Should().Be(Digest.Of(TestKey.SharedRsa.Spki).ToString());
    }

    [Theory]
    [InlineData(2026, 12, "")]
    [InlineData(2026, 5, "signing-key-validity")]
    public void Certificate_of_the_signing_key_must_be_valid(int year, int month, string check)
    {
        var certificate = TestAuthority.Root("CN=signer", TestKey.SharedRsa, new TestCertificateOptions { NotAfter = new DateTime(year, month, 1, 0, 0, 0, DateTimeKind.Utc) }).Der;
        var set = new JsonObject { ["keys"] = new JsonArray(new JsonObject { ["kty"] = "RSA", ["kid"] = "k", ["x5c"] = TestToken.X5c(certificate) }) };
        var verifier = new AzureAttestationVerifier([new TrustedTokenIssuer(Issuer, new Bytes(System.Text.Encoding.UTF8.GetBytes(set.ToJsonString())))]);

        var result = EvidenceAppraiser.Authenticate(
            new PresentedEvidence(verifier.Tee, Token(Payload("sgx")), []), Expected.Learned<Bytes>("a test"), s_at, [verifier]);

        string[] wanted = check.Length == 0 ? [] : [check];
        result.Failures.Select(failure => failure.Check).Should().Equal(wanted);
    }

    [Fact]
    public void Vectors_agree() => Assert.All(AzureAttestationVectors.All(), VectorVerdict.Check);

    /// <summary>Returns an honest one of each kind.</summary>
    internal static IEnumerable<VectorCase> Made() => ((string[])["sgx", "sevsnpvm", "tdxvm", "azurevm"]).Select(kind =>
        MadeEvidence.Of($"azure-attestation {kind}", s_verifier, Token(Payload(kind)).ToArray(), []));

    private static JsonObject Payload(string kind)
    {
        var claims = kind == "azurevm" ? Machine() : Hardware(kind);
        claims["iss"] = Issuer;
        claims["iat"] = s_now;
        claims["nbf"] = s_now;
        claims["exp"] = s_now + 28_800;
        claims["x-ms-ver"] = "1.0";
        claims["x-ms-policy-hash"] = "hash";
        return claims;
    }

    private static JsonObject Machine() => new()
    {
        ["x-ms-attestation-type"] = "azurevm",
        ["secureboot"] = true,
        ["x-ms-azurevm-testsigning-enabled"] = false,
        ["x-ms-azurevm-bootdebug-enabled"] = false,
        ["x-ms-azurevm-kerneldebug-enabled"] = false,
        ["x-ms-azurevm-hypervisordebug-enabled"] = false,
        ["x-ms-azurevm-vmid"] = "id",
        ["x-ms-isolation-tee"] = Hardware("sevsnpvm"),
        ["x-ms-runtime"] = new JsonObject
        {
            ["client-payload"] = new JsonObject { ["nonce"] = Convert.ToBase64String([.. Enumerable.Repeat((byte)0x22, 64)]) },
        },
    };

    private static JsonObject Hardware(string kind)
    {
        var reportData = string.Concat(Enumerable.Repeat("11", 64));
        var (a64, a96) = (new string('a', 64), new string('a', 96));
        return kind switch
        {
            "sgx" => new JsonObject
            {
                ["x-ms-attestation-type"] = "sgx", ["x-ms-sgx-report-data"] = reportData, ["x-ms-sgx-is-debuggable"] = false,
                ["x-ms-sgx-mrenclave"] = a64, ["x-ms-sgx-mrsigner"] = a64, ["x-ms-sgx-product-id"] = 1, ["x-ms-sgx-svn"] = 1,
            },
            "tdxvm" => new JsonObject
            {
                ["x-ms-attestation-type"] = "tdxvm", ["tdx_report_data"] = reportData, ["tdx_td_attributes_debug"] = false, ["tdx_mrtd"] = a96,
                ["tdx_rtmr0"] = a96, ["tdx_rtmr1"] = a96, ["tdx_rtmr2"] = a96, ["tdx_rtmr3"] = a96, ["attester_tcb_status"] = "UpToDate",
            },
            _ => new JsonObject
            {
                ["x-ms-attestation-type"] = "sevsnpvm", ["x-ms-compliance-status"] = "azure-compliant-cvm", ["x-ms-sevsnpvm-reportdata"] = reportData,
                ["x-ms-sevsnpvm-is-debuggable"] = false, ["x-ms-sevsnpvm-migration-allowed"] = false, ["x-ms-sevsnpvm-launchmeasurement"] = a96,
                ["x-ms-sevsnpvm-hostdata"] = a64, ["x-ms-sevsnpvm-idkeydigest"] = a96, ["x-ms-sevsnpvm-authorkeydigest"] = a96,
                ["x-ms-sevsnpvm-vmpl"] = 0, ["x-ms-sevsnpvm-bootloader-svn"] = 3, ["x-ms-sevsnpvm-tee-svn"] = 0,
                ["x-ms-sevsnpvm-snpfw-svn"] = 8, ["x-ms-sevsnpvm-microcode-svn"] = 115, ["x-ms-sevsnpvm-guestsvn"] = 2,
            },
        };
    }

    private static Bytes Token(JsonObject payload) => TestToken.Sign(new JsonObject { ["alg"] = "RS256", ["kid"] = "k" }, payload, TestKey.SharedRsa);

    private static IEnumerable<string> Checks(Bytes token) => Judge(token).Failures.Select(failure => failure.Check);

    private static AttestationResult Judge(Bytes token, params ImmutableArray<Bytes> endorsements) =>
        EvidenceAppraiser.Authenticate(new PresentedEvidence(s_verifier.Tee, token, endorsements), Expected.Learned<Bytes>("a test"), s_at, [s_verifier]);
}
