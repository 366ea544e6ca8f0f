using System.Collections.Immutable;
using System.Text.Json.Nodes;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Certificates;
using CleanRoom.Attestation.ConfidentialSpace;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Attestation.Tests.Support;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.TestKit.Certificates;

namespace CleanRoom.Attestation.Tests.ConfidentialSpace;

/// <summary>A good token of the test PKI, and each way in which one may be wrong.</summary>
public sealed class ConfidentialSpaceVerifierTests
{
    private static readonly Timestamp s_at = Timestamp.From(new DateTimeOffset(2026, 6, 1, 0, 0, 0, TimeSpan.Zero));
    private static readonly long s_now = s_at.Value.ToUnixTimeSeconds();
    private static readonly TestAuthority s_root = TestAuthority.Root("CN=Root", TestKey.Ec("P-256"));
    private static readonly TestAuthority s_middle = s_root.Intermediate("CN=Middle", TestKey.Ec("P-256"));
    private static readonly byte[] s_leaf = s_middle.Issue("CN=Leaf", TestKey.SharedRsa.Spki);
    private static readonly byte[] s_reportData = [.. Enumerable.Range(0, 64).Select(i => (byte)i)];

    [Fact]
    public void Good_token_is_affirming_with_the_bytes_of_the_nonce()
    {
        var result = Judge(Token());

        result.Failures.Should().BeEmpty();
        result.Verdict.Should().Be(AttestationVerdict.Affirming);
        result.Claims!.ReportData.Should().Be(Convert.ToHexStringLower(s_reportData));
        result.Claims.Anchor.Should().Be(Digest.Of(s_root.Key.Spki));
        result.Claims.Values["measurement"].Should().Be(new string('a', 64));
        result.Claims.Guarded.Should().Contain(new GuardedClaim("aud", "cleanroom/v1/attest"));
    }

    [Theory]
    [InlineData("iss", "\"https://evil.example\"", "issuer")]
    [InlineData("oemid", "11130", "oemid")]
    [InlineData("hwmodel", "\"GCP_SHIELDED_VM\"", "hwModel")]
    [InlineData("dbgstat", "\"enabled\"", "debug")]
    [InlineData("submods", "{}", "measurement")]
    [InlineData("tdx", "{}", "tcbStatus")]
    [InlineData("tdx", """{"gcp_attester_tcb_status":"OutOfDate"}""", "tcbStatus")]
    public void Wrong_claim_is_named(string claim, string value, string check)
    {
        var payload = Payload();
        payload[claim] = JsonNode.Parse(value);

        Checks(Token(payload: payload)).Should().Equal(check);
    }

    [Theory]
    [InlineData("exp", -61, "token-validity")]
    [InlineData("nbf", 61, "token-validity")]
    [InlineData("iat", 61, "token-issued")]
    [InlineData("exp", 3_601, "token-lifetime")]
    public void Wrong_time_is_named(string claim, int seconds, string check)
    {
        var payload = Payload();
        payload[claim] = s_now + seconds;

        Checks(Token(payload: payload)).Should().Contain(check);
    }

    [Theory]
    [InlineData("exp")]
    [InlineData("iat")]
    [InlineData("nbf")]
    [InlineData("aud")]
    [InlineData("eat_nonce")]
    [InlineData("dbgstat")]
    [InlineData("swname")]
    [InlineData("hwmodel")]
    [InlineData("secboot")]
    public void Missing_claim_is_refused(string claim)
    {
        var payload = Payload();
        payload.Remove(claim);

        Checks(Token(payload: payload)).Should().Equal("evidence-format");
    }

    [Theory]
    [InlineData("none")]
    [InlineData("HS256")]
    [InlineData("RS512")]
    [InlineData("rs256")]
    public void Other_algorithm_is_refused(string algorithm)
    {
        var header = Header();
        header["alg"] = algorithm;

        Checks(Token(header)).Should().Equal("jws-algorithm");
    }

    [Fact]
    public void Decoy_root_is_refused_though_the_genuine_one_is_appended()
    {
        var decoy = TestAuthority.Root("CN=Root", TestKey.Ec("P-256"));
        var header = Header();
        header["x5c"] = TestToken.X5c(decoy.Issue("CN=Leaf", TestKey.SharedRsa.Spki), decoy.Der, s_root.Der);

        Checks(Token(header)).Should().Equal("chain");
    }

    [Fact]
    public void Leaf_of_another_key_is_refused()
    {
        var header = Header();
        header["x5c"] = TestToken.X5c(s_middle.Issue("CN=Leaf", TestKey.Rsa2048().Spki), s_middle.Der);

        Checks(Token(header)).Should().Equal("signature");
    }

    [Fact]
    public void Key_set_counts_only_when_its_key_is_pinned()
    {
        var header = new JsonObject { ["alg"] = "RS256", ["kid"] = "k" };
        ImmutableArray<Bytes> set = [TestToken.KeySet("k", TestKey.SharedRsa)];

        Judge(Token(header), set).Failures.Should().ContainSingle().Which.Should().Match<FailedCheck>(
            failure => failure.Check == "signing-key" && failure.Code == RefusalCode.EndorsementMissing);
        Judge(Token(header), set, Digest.Of(TestKey.SharedRsa.Spki)).Claims!.Anchor.Should().Be(Digest.Of(TestKey.SharedRsa.Spki));
    }

    [Theory]
    [InlineData("aud", "\"another\"", "aud")]
    [InlineData("swname", "\"GCE\"", "swName")]
    [InlineData("secboot", "false", "secureBoot")]
    [InlineData("submods/confidential_space/support_attributes", "[\"USABLE\"]", "stable")]
    [InlineData("submods/container/cmd_override", "[\"sh\"]", "cmdOverride")]
    [InlineData("submods/container/env_override", "{\"A\":\"b\"}", "envOverride")]
    [InlineData("eat_nonce", "[\"first-nonce\",\"second-nonce\"]", "nonceCount")]
    public void Guarded_claim_is_refused_unless_the_contract_names_it(string path, string value, string claim)
    {
        var payload = Payload();
        var names = path.Split('/');
        names[..^1].Aggregate((JsonNode)payload, (node, name) => node[name]!)[names[^1]] = JsonNode.Parse(value);
        var token = Token(payload: payload);
        var got = Judge(token).Claims!.Values[claim];

        Judge(token, Policy()).Should().Equal(claim);
        Judge(token, Policy((claim, got))).Should().BeEmpty();
        Judge(Token(), Policy()).Should().BeEmpty();
    }

    [Fact]
    public void First_nonce_of_an_array_is_the_report_data_and_more_than_six_are_refused()
    {
        var payload = Payload();
        payload["eat_nonce"] = new JsonArray(Convert.ToBase64String(s_reportData), "another-nonce");
        Judge(Token(payload: payload)).Claims!.ReportData.Should().Be(Convert.ToHexStringLower(s_reportData));

        payload["eat_nonce"] = new JsonArray("another-nonce", Convert.ToBase64String(s_reportData));
        Judge(Token(payload: payload)).Claims!.ReportData.Should().Be(Convert.ToHexStringLower("another-nonce"u8));

        foreach (var (count, isRead) in new[] { (0, false), (6, true), (7, false) })
        {
            payload["eat_nonce"] = new JsonArray([.. Enumerable.Range(0, count).Select(i => (JsonNode?)$"nonce-{i}")]);
            (Judge(Token(payload: payload)).Claims is not null).Should().Be(isRead, $"there are {count}");
        }
    }

    [Fact]
    public void Result_holds_until_the_token_or_a_certificate_lapses()
    {
        var soon = s_at.Value.UtcDateTime.AddMinutes(5);
        var header = Header();
        header["x5c"] = TestToken.X5c(s_middle.Issue("CN=Leaf", TestKey.SharedRsa.Spki, new TestCertificateOptions { NotAfter = soon }), s_middle.Der);
        ImmutableArray<Bytes> set = [TestToken.KeySet("k", TestKey.SharedRsa)];

        Judge(Token()).ValidUntil.Should().Be(s_at.Plus(TimeSpan.FromSeconds(3_599)));
        Judge(Token(header)).ValidUntil.Should().Be(Timestamp.From(soon));
        Judge(Token(new JsonObject { ["alg"] = "RS256", ["kid"] = "k" }), set, Digest.Of(TestKey.SharedRsa.Spki)).ValidUntil.Should().Be(s_at.Plus(TimeSpan.FromSeconds(3_599)));
    }

    [Fact]
    public void Every_cut_and_every_longer_token_is_refused_without_an_exception()
    {
        var token = Token();
        for (var length = 0; length < token.Length; length += 37)
        {
            Checks(new Bytes(token.Span[..length])).Should().NotBeEmpty();
        }

        Checks(new Bytes([.. token.Span, (byte)'\n'])).Should().Equal("evidence-format");
        Checks(new Bytes([.. token.Span, (byte)'A', (byte)'A'])).Should().NotBeEmpty();
    }

    [Fact]
    public void Vectors_agree() => Assert.All(ConfidentialSpaceVectors.All(), VectorVerdict.Check);

    /// <summary>Returns an honest one.</summary>
    internal static VectorCase Made() => MadeEvidence.Of(
        "gcp-confidential-space", new ConfidentialSpaceVerifier([TrustAnchor.Trusted("test root", s_root.Der)], []), Token().ToArray(), []);

    private static JsonObject Header() => new() { ["alg"] = "RS256", ["x5c"] = TestToken.X5c(s_leaf, s_middle.Der, s_root.Der) };

    private static JsonObject Payload() => new()
    {
        ["iss"] = "https://confidentialcomputing.googleapis.com",
        ["aud"] = "cleanroom/v1/attest",
        ["iat"] = s_now,
        ["nbf"] = s_now,
        ["exp"] = s_now + 3_599,
        ["eat_nonce"] = Convert.ToBase64String(s_reportData),
        ["secboot"] = true,
        ["oemid"] = 11_129,
        ["hwmodel"] = "GCP_AMD_SEV_SNP",
        ["swname"] = "CONFIDENTIAL_SPACE",
        ["swversion"] = new JsonArray("250800"),
        ["dbgstat"] = "disabled-since-boot",
        ["submods"] = JsonNode.Parse(
            $$$"""{"confidential_space":{"support_attributes":["STABLE"]},"container":{"image_digest":"sha256:{{{new string('a', 64)}}}","args":[]}}"""),
    };

    private static Bytes Token(JsonObject? header = null, JsonObject? payload = null) =>
        TestToken.Sign(header ?? Header(), payload ?? Payload(), TestKey.SharedRsa);

    private static IEnumerable<string> Checks(Bytes token) => Judge(token).Failures.Select(failure => failure.Check);

    private static AttestationPolicy Policy(params (string Claim, string Value)[] more) => new()
    {
        Accepted =
        [
            new ReferenceTuple
            {
                Tee = TeeNames.ConfidentialSpace,
                Values = more.ToImmutableSortedDictionary(one => one.Claim, one => one.Value, StringComparer.Ordinal).Add(EvidenceClaims.Measurement, new string('a', 64)),
                MinimumTcb = ImmutableSortedDictionary<string, int>.Empty,
                ChipIds = ["any"],
                Anchors = [Digest.Of(s_root.Key.Spki)],
                Debug = false,
            },
        ],
        CodeEndorsers = [],
    };

    private static IEnumerable<string> Judge(Bytes token, AttestationPolicy policy)
    {
        var verifier = new ConfidentialSpaceVerifier([TrustAnchor.Trusted("test root", s_root.Der)], []);
        return EvidenceAppraiser.Appraise(
            new PresentedEvidence(verifier.Tee, token, []), Expected.Learned<Bytes>("a test"), policy, allowInsecure: false, s_at, [verifier])
            .Failures.Select(failure => failure.Check);
    }

    private static AttestationResult Judge(Bytes token, ImmutableArray<Bytes>? endorsements = null, params ImmutableArray<Digest> pinned)
    {
        var verifier = new ConfidentialSpaceVerifier([TrustAnchor.Trusted("test root", s_root.Der)], pinned);
        return EvidenceAppraiser.Authenticate(
            new PresentedEvidence(verifier.Tee, token, endorsements ?? []), Expected.Learned<Bytes>("a test"), s_at, [verifier]);
    }
}
