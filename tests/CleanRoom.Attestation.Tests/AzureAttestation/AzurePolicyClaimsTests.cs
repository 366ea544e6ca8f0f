using System.Buffers.Text;
using System.Collections.Immutable;
using System.Text.Json.Nodes;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.AzureAttestation;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Attestation.Tests.Support;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.TestKit.Certificates;

namespace CleanRoom.Attestation.Tests.AzureAttestation;

/// <summary>Tokens about machines with a TPM and about VBS enclaves, whose claims are the word of the instance's policy.</summary>
public sealed class AzurePolicyClaimsTests
{
    private const string Issuer = "https://test.weu.attest.azure.net";
    private static readonly Timestamp s_at = Timestamp.From(new DateTimeOffset(2026, 6, 1, 0, 0, 0, TimeSpan.Zero));
    private static readonly AzureAttestationVerifier s_verifier = new([new TrustedTokenIssuer(Issuer, TestToken.KeySet("k", TestKey.SharedRsa))]);
    private static readonly string s_signer = string.Concat(Enumerable.Repeat("33", 32)) + string.Concat(Enumerable.Repeat("44", 16)) + string.Concat(Enumerable.Repeat("55", 16));

    [Fact]
    public void Token_about_a_tpm_is_a_warning_and_names_no_code()
    {
        var result = Judge(Machine());

        result.Failures.Should().BeEmpty();
        result.Verdict.Should().Be(AttestationVerdict.Warning);
        result.Words.Should().Contain(word => word.Contains("policy")).And.Contain(word => word.Contains("reading its memory"));
        result.Claims!.ReportData.Should().Be(string.Concat(Enumerable.Repeat("5a", 64)));
        result.Claims.Values["measurement"].Should().Be("none", "a contract's measurement is hex, so no contract accepts it");
        result.Claims.Values["attestationType"].Should().Be("tpm");
    }

    [Theory]
    [InlineData("vbs")]
    [InlineData("tpm")]
    public void Token_about_an_enclave_names_who_signed_it(string type)
    {
        var result = Judge(Enclave(type));

        result.Failures.Should().BeEmpty();
        result.Verdict.Should().Be(AttestationVerdict.Warning);
        result.Claims!.Values["measurement"].Should().Be(s_signer);
        result.Claims.Values["ownerId"].Should().Be(string.Concat(Enumerable.Repeat("66", 32)));
        result.Claims.Tcb.Should().Contain("enclaveSvn", 7).And.Contain("platformSvn", 8);
    }

    [Fact]
    public void Contract_that_does_not_name_the_policy_refuses()
    {
        var values = ImmutableSortedDictionary<string, string>.Empty.Add("measurement", s_signer);

        Appraise(values.Add("policyHash", "hash")).Should().BeEmpty();
        Appraise(values).Should().Equal("policyHash");
        Appraise(values.Add("policyHash", "another")).Should().Equal("policyHash");
    }

    [Theory]
    [InlineData("aikValidated", "false", "aikValidated")]
    [InlineData("bootDebuggingDisabled", "false", "debug")]
    [InlineData("enclaveFlags", "1", "debug")]
    [InlineData("enclaveFlags", "-1", "evidence-format")]
    [InlineData("enclaveSvn", "null", "evidence-format")]
    [InlineData("enclavePlatformSvn", "4294967296", "evidence-format")]
    [InlineData("enclaveAuthorId", "\"MzM\"", "evidence-format")]
    [InlineData("enclaveOwnerId", "7", "evidence-format")]
    [InlineData("secureBootEnabled", "\"true\"", "evidence-format")]
    [InlineData("vbsEnabled", "\"true\"", "evidence-format")]
    [InlineData("rp_data", "\"+\"", "evidence-format")]
    [InlineData("rp_data", "7", "evidence-format")]
    public void Wrong_claim_is_named(string claim, string value, string check)
    {
        var payload = Enclave("vbs");
        payload[claim] = JsonNode.Parse(value);

        Judge(payload).Failures.Select(failure => failure.Check).Should().Equal(check);
    }

    [Theory]
    [InlineData("aikValidated")]
    [InlineData("secureBootEnabled")]
    [InlineData("bootDebuggingDisabled")]
    [InlineData("enclaveFamilyId")]
    [InlineData("enclaveFlags")]
    public void Claim_that_the_policy_did_not_issue_is_missed(string claim)
    {
        var payload = Enclave("vbs");
        payload.Remove(claim);

        Judge(payload).Failures.Select(failure => failure.Check).Should().Equal("evidence-format");
    }

    [Fact]
    public void Token_without_the_askers_data_has_none()
    {
        var payload = Machine();
        payload.Remove("rp_data");

        Judge(payload).Claims!.ReportData.Should().BeEmpty();
    }

    [Fact]
    public void Enclave_without_its_claims_is_no_machine()
    {
        var payload = Machine();
        payload["x-ms-attestation-type"] = "vbs";

        Judge(payload).Failures.Select(failure => failure.Check).Should().Equal("evidence-format");
    }

    private static JsonObject Machine()
    {
        var now = s_at.Value.ToUnixTimeSeconds();
        return new JsonObject
        {
            ["x-ms-attestation-type"] = "tpm", ["x-ms-ver"] = "1.0", ["x-ms-policy-hash"] = "hash", ["iss"] = Issuer, ["iat"] = now, ["nbf"] = now, ["exp"] = now + 28_800,
            ["aikValidated"] = true, ["secureBootEnabled"] = true, ["bootDebuggingDisabled"] = true, ["vbsEnabled"] = true, ["rp_data"] = Text(0x5A, 64),
        };
    }

    private static JsonObject Enclave(string type)
    {
        var payload = Machine();
        payload["x-ms-attestation-type"] = type;
        payload["enclaveAuthorId"] = Text(0x33, 32);
        payload["enclaveFamilyId"] = Text(0x44, 16);
        payload["enclaveImageId"] = Text(0x55, 16);
        payload["enclaveOwnerId"] = Text(0x66, 32);
        payload["enclaveSvn"] = 7;
        payload["enclavePlatformSvn"] = 8;
        payload["enclaveFlags"] = 0;
        return payload;
    }

    private static string Text(byte value, int count) => Base64Url.EncodeToString([.. Enumerable.Repeat(value, count)]);

    private static IEnumerable<string> Appraise(ImmutableSortedDictionary<string, string> values) => EvidenceAppraiser.Appraise(
        Presented(Enclave("vbs")),
        Expected.Learned<Bytes>("a test"),
        new AttestationPolicy
        {
            CodeEndorsers = [],
            Accepted =
            [
                new ReferenceTuple
                {
                    Tee = s_verifier.Tee,
                    Values = values,
                    MinimumTcb = ImmutableSortedDictionary<string, int>.Empty,
                    ChipIds = ["any"],
                    Anchors = [Digest.Of(TestKey.SharedRsa.Spki)],
                    Debug = false,
                },
            ],
        },
        allowInsecure: false,
        s_at,
        [s_verifier]).Failures.Select(failure => failure.Check);

    private static AttestationResult Judge(JsonObject payload) =>
        EvidenceAppraiser.Authenticate(Presented(payload), Expected.Learned<Bytes>("a test"), s_at, [s_verifier]);

    private static PresentedEvidence Presented(JsonObject payload) =>
        new(s_verifier.Tee, TestToken.Sign(new JsonObject { ["alg"] = "RS256", ["kid"] = "k" }, payload, TestKey.SharedRsa), []);
}
