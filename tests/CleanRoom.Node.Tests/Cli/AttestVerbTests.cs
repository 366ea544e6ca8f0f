using System.Buffers.Text;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using CleanRoom.Attestation.Corim;
using CleanRoom.Cli.Commands.Attest;
using CleanRoom.Node.Tests.Client.Support;
using CleanRoom.Protocol.Documents;
using CleanRoom.TestKit.Certificates;

namespace CleanRoom.Node.Tests.Cli;

/// <summary>The verbs about evidence beside <c>attest verify</c> without a policy: fetching, saved keys, results for other programs, reference values.</summary>
public sealed class AttestVerbTests
{
    private const string Google = "https://confidentialcomputing.googleapis.com";
    private const string Azure = "https://shared.weu.attest.azure.net";

    private static readonly byte[] _report = Report();
    private static readonly TestAuthority _ark = TestAuthority.Root("CN=ARK-Milan", TestKey.Ec("P-384"));
    private static readonly TestAuthority _ask = _ark.Intermediate("CN=SEV-Milan", TestKey.Ec("P-384"));

    [Fact]
    public async Task Fetch_asks_the_maker_about_the_chip_and_writes_what_it_answered()
    {
        using var user = await UserAsync();
        using var maker = new StandInMaker(Answer);
        user.Maker = maker;

        (await user.RunAsync("attest", "fetch", "--evidence", "@report", "--out", "@bundle", "--json")).Should().Be(0, user.Messages);

        var hwid = string.Concat(Enumerable.Range(1, 64).Select(i => i.ToString("x2", CultureInfo.InvariantCulture)));
        maker.Asked.Should().Equal(
            $"https://kdsintf.amd.com/vcek/v1/Milan/{hwid}?blSPL=3&teeSPL=0&snpSPL=8&ucodeSPL=219",
            "https://kdsintf.amd.com/vcek/v1/Milan/cert_chain",
            "https://kdsintf.amd.com/vcek/v1/Milan/crl");
        user.Json["files"]!.AsArray().Select(file => file!.ToString()).Should().Equal("00-amd-vcek.der", "01-amd-vcek-chain.pem", "02-amd-vcek-crl.crl");
        user.Json["endorsements"]!.AsArray().Select(one => one!["from"]!.ToString()).Should().AllBe("kdsintf.amd.com");
        user.Json["verdict"]!.ToString().Should().Be("contraindicated", "these are not amd's keys: an answer of a maker is not believed");
        Directory.GetFiles(user.File_("bundle")).Should().HaveCount(3);
        (await user.RunAsync("attest", "verify", "--evidence", "@report", "--endorsements", "@bundle")).Should().Be(2);
    }

    [Fact]
    public async Task Fetch_says_in_words_what_came_from_whom_until_when_and_asks_once()
    {
        using var user = await UserAsync();
        using var maker = new StandInMaker(Answer);
        user.Maker = maker;

        (await user.RunAsync("attest", "fetch", "--evidence", "@report", "--out", "@one")).Should().Be(0, user.Messages);
        user.Output.Should().Contain("amd-vcek from kdsintf.amd.com: fetched ").And.Contain("to be asked for again after ").And.Contain("wrote 3 files to ");
        (await user.RunAsync("attest", "fetch", "--evidence", "@report", "--out", "@two")).Should().Be(0, user.Messages);
        maker.Asked.Should().HaveCount(3, "the second answers came from the cache");
        (await user.RunAsync("attest", "fetch", "--evidence", "@report", "--out", "@two")).Should().Be(1, "the folder exists");
    }

    [Fact]
    public async Task Fetch_tells_what_is_missing_from_who_is_out_of_reach()
    {
        using var user = await UserAsync();
        using var refusing = new StandInMaker(address => address.EndsWith("crl", StringComparison.Ordinal) ? Answer(address) : new HttpResponseMessage(HttpStatusCode.NotFound));
        using var silent = new StandInMaker(_ => throw new HttpRequestException(HttpRequestError.ConnectionError));

        user.Maker = refusing;
        (await user.RunAsync("attest", "fetch", "--evidence", "@report", "--out", "@bundle")).Should().Be(3);
        user.Messages.Should().Contain("amd-vcek from").And.Contain("amd-vcek-chain from", "all that is missing is said at once");
        user.Maker = silent;
        (await user.RunAsync("attest", "fetch", "--evidence", "@report", "--out", "@bundle")).Should().Be(6);
        silent.Asked.Should().ContainSingle("who does not answer is not asked again");
        Directory.Exists(user.File_("bundle")).Should().BeFalse();
    }

    [Fact]
    public async Task Fetch_asks_nobody_about_evidence_that_says_too_little()
    {
        using var user = await UserAsync();
        using var maker = new StandInMaker(_ => throw new InvalidOperationException("asked"));
        user.Maker = maker;
        var masked = Report();
        masked.AsSpan(0x1A0, 64).Clear();
        File.WriteAllBytes(user.File_("masked"), masked);
        File.WriteAllBytes(user.File_("torn"), _report[..^1]);
        File.WriteAllText(user.File_("token"), Token(user.Now));

        (await user.RunAsync("attest", "fetch", "--evidence", "@masked", "--out", "@bundle")).Should().Be(3);
        (await user.RunAsync("attest", "fetch", "--evidence", "@torn", "--out", "@bundle")).Should().Be(2);
        (await user.RunAsync("attest", "fetch", "--evidence", "@token", "--out", "@bundle")).Should().Be(1);
        user.Messages.Should().Contain("evidence whose endorsements are fetched");
        maker.Asked.Should().BeEmpty();
    }

    [Fact]
    public async Task Token_is_verified_offline_with_keys_that_a_person_saved_for_its_issuer()
    {
        using var user = await UserAsync();
        File.WriteAllText(user.File_("token"), Token(user.Now));
        File.WriteAllText(user.File_("keys"), KeySet(TestKey.SharedRsa));
        File.WriteAllText(user.File_("others"), KeySet(TestKey.Rsa2048()));
        string[] verify = ["attest", "verify", "--evidence", "@token", "--json"];

        (await user.RunAsync([.. verify, "--issuer", Google, "--keys", "@keys"])).Should().Be(0, user.Messages + user.Output);
        user.Json["verdict"]!.ToString().Should().Be("affirming");
        user.Json["vouchedBy"]!.ToString().Should().Be(Google);
        (await user.RunAsync(verify)).Should().Be(3);
        (await user.RunAsync([.. verify, "--issuer", "https://other.weu.attest.azure.net", "--keys", "@keys"])).Should().Be(3, "keys of another issuer do not speak for this one");
        (await user.RunAsync([.. verify, "--issuer", Google, "--keys", "@others"])).Should().Be(2);
        (await user.RunAsync([.. verify, "--issuer", Google])).Should().Be(1);
        (await user.RunAsync([.. verify, "--issuer", Google, "--keys", "@token"])).Should().Be(1);
    }

    [Fact]
    public async Task Result_for_other_programs_has_the_status_of_the_verdict()
    {
        using var user = await UserAsync();
        File.WriteAllText(user.File_("token"), Token(user.Now));
        File.WriteAllText(user.File_("keys"), KeySet(TestKey.SharedRsa));

        (await user.RunAsync("attest", "verify", "--evidence", "@token", "--issuer", Google, "--keys", "@keys", "--ear", "@good")).Should().Be(0);
        (await user.RunAsync("attest", "verify", "--evidence", "@report", "--ear", "@bad")).Should().Be(3);

        Ear(user, "good")["submods"]!["gcp-confidential-space"]!["ear_status"]!.ToString().Should().Be("affirming");
        Ear(user, "good")["exp"]!.GetValue<long>().Should().Be(user.Now.ToUnixTimeSeconds() + 3_599);
        Ear(user, "bad")["submods"]!["amd-sev-snp"]!["ear_status"]!.ToString().Should().Be("contraindicated");
        Ear(user, "bad").AsObject().Should().NotContainKey("exp");
    }

    [Fact]
    public async Task Reference_values_go_to_corim_and_come_back_the_same()
    {
        using var user = await UserAsync();
        File.WriteAllBytes(user.File_("policy"), PolicyFile.Encode(new AttestationPolicy { Accepted = [FakeNode.Machine.ToReferenceTuple()], CodeEndorsers = [] }).Value);

        (await user.RunAsync("attest", "policy", "export", "--policy", "@policy", "--corim", "@corim")).Should().Be(0, user.Messages);
        (await user.RunAsync("attest", "policy", "import", "--corim", "@corim", "--out", "@back")).Should().Be(0, user.Messages);

        user.Output.Should().Contain("wrote a policy of one tuple to ");
        File.ReadAllBytes(user.File_("back")).Should().Equal(File.ReadAllBytes(user.File_("policy")));
        (await user.RunAsync("attest", "policy", "export", "--policy", "@back", "--corim", "@again")).Should().Be(0, user.Messages);
        File.ReadAllBytes(user.File_("again")).Should().Equal(File.ReadAllBytes(user.File_("corim")));
    }

    [Fact]
    public async Task Policy_is_made_of_evidence_that_names_its_code_and_of_no_other()
    {
        using var user = await UserAsync();
        File.WriteAllText(user.File_("container"), Token(user.Now));
        File.WriteAllText(user.File_("machine"), MachineToken(user.Now));
        File.WriteAllText(user.File_("keys"), KeySet(TestKey.SharedRsa));

        (await user.RunAsync("attest", "policy", "new", "--from", "@container", "--issuer", Google, "--keys", "@keys", "--out", "@good")).Should().Be(0, user.Messages);
        PolicyFile.Parse(File.ReadAllBytes(user.File_("good"))).Value.Policy.Accepted.Should().ContainSingle()
            .Which.Values.Should().Contain("measurement", new string('a', 64));

        (await user.RunAsync("attest", "verify", "--evidence", "@machine", "--issuer", Azure, "--keys", "@keys")).Should().Be(0, user.Messages + user.Output);
        (await user.RunAsync("attest", "policy", "new", "--from", "@machine", "--issuer", Azure, "--keys", "@keys", "--out", "@bad")).Should().Be(5);
        user.Messages.Should().Contain("attestation.accepted[0].values['measurement']: lower-case hex").And.Contain("none");
        File.Exists(user.File_("bad")).Should().BeFalse();
    }

    [Fact]
    public async Task Reference_values_that_no_contract_could_hold_are_not_imported()
    {
        using var user = await UserAsync();
        var tuple = FakeNode.Machine.ToReferenceTuple() with { Tee = "amd-sev-snp" };
        File.WriteAllBytes(user.File_("corim"), CorimPolicy.Export(new AttestationPolicy { Accepted = [tuple], CodeEndorsers = [] }).Value.Corim.ToArray());

        (await user.RunAsync("attest", "policy", "import", "--corim", "@corim", "--out", "@policy")).Should().Be(5);

        user.Messages.Should().Contain("attestation.accepted[0].anchors: at least one root to pin").And.Contain("in corim");
        File.Exists(user.File_("policy")).Should().BeFalse();
    }

    [Theory]
    [InlineData("attest", "policy", "export", "--policy", "@missing", "--corim", "@corim")]
    [InlineData("attest", "policy", "import", "--corim", "@garbage", "--out", "@policy")]
    [InlineData("attest", "policy", "import", "--corim", "@missing", "--out", "@policy")]
    [InlineData("attest", "fetch", "--evidence", "@missing", "--out", "@bundle")]
    public async Task Missing_or_garbled_input_is_a_usage_error(params string[] args)
    {
        using var user = await UserAsync();
        File.WriteAllText(user.File_("garbage"), "{\"type\":1}");

        (await user.RunAsync(args)).Should().Be(1);
        user.Messages.Should().NotBeEmpty().And.NotContain("bug");
    }

    private static JsonNode Ear(CliUser user, string file) => JsonNode.Parse(File.ReadAllText(user.File_(file)))!;

    private static async Task<CliUser> UserAsync()
    {
        var user = new CliUser(await World.MakeAsync());
        File.WriteAllBytes(user.File_("report"), _report);
        return user;
    }

    /// <summary>A report of Milan that nobody signed: its form is right, and it says what a maker is asked.</summary>
    private static byte[] Report()
    {
        var report = new byte[1_184];
        (report[0x00], report[0x0A], report[0x34]) = (3, 3, 1);
        (report[0x188], report[0x189]) = (0x19, 0x01);
        foreach (var tcb in (int[])[0x38, 0x180, 0x1E0, 0x1F0])
        {
            (report[tcb], report[tcb + 6], report[tcb + 7]) = (3, 8, 219);
        }

        for (var i = 0; i < 64; i++)
        {
            report[0x1A0 + i] = (byte)(i + 1);
        }

        return report;
    }

    private static HttpResponseMessage Answer(string address) => new(HttpStatusCode.OK)
    {
        Content = new ByteArrayContent(
            address.EndsWith("cert_chain", StringComparison.Ordinal) ? Encoding.ASCII.GetBytes(PemEncoding.WriteString("CERTIFICATE", _ask.Der) + "\n" + PemEncoding.WriteString("CERTIFICATE", _ark.Der) + "\n")
            : address.EndsWith("crl", StringComparison.Ordinal) ? _ark.RevocationList([])
            : _ask.Issue("CN=SEV-VCEK", TestKey.Ec("P-384").Spki)),
    };

    private static string Token(DateTimeOffset now)
    {
        var seconds = now.ToUnixTimeSeconds();
        var payload = new JsonObject
        {
            ["iss"] = Google,
            ["aud"] = "cleanroom/v1/attest",
            ["iat"] = seconds,
            ["nbf"] = seconds,
            ["exp"] = seconds + 3_599,
            ["eat_nonce"] = Convert.ToBase64String(new byte[64]),
            ["secboot"] = true,
            ["oemid"] = 11_129,
            ["hwmodel"] = "GCP_AMD_SEV_SNP",
            ["swname"] = "CONFIDENTIAL_SPACE",
            ["swversion"] = new JsonArray("250800"),
            ["dbgstat"] = "disabled-since-boot",
            ["submods"] = JsonNode.Parse(
                $$$"""{"confidential_space":{"support_attributes":["STABLE"]},"container":{"image_digest":"sha256:{{{new string('a', 64)}}}","args":[]}}"""),
        };
        return Sign(payload);
    }

    /// <summary>A token about a machine with a TPM, which names no code.</summary>
    private static string MachineToken(DateTimeOffset now)
    {
        var seconds = now.ToUnixTimeSeconds();
        return Sign(new JsonObject
        {
            ["x-ms-attestation-type"] = "tpm",
            ["x-ms-ver"] = "1.0",
            ["x-ms-policy-hash"] = "hash",
            ["iss"] = Azure,
            ["iat"] = seconds,
            ["nbf"] = seconds,
            ["exp"] = seconds + 28_800,
            ["aikValidated"] = true,
            ["secureBootEnabled"] = true,
            ["bootDebuggingDisabled"] = true,
        });
    }

    private static string Sign(JsonObject payload)
    {
        var signed = $"{Text("""{"alg":"RS256","kid":"k"}"""u8)}.{Text(Encoding.UTF8.GetBytes(payload.ToJsonString()))}";
        return $"{signed}.{Base64Url.EncodeToString(TestKey.SharedRsa.Sign(Encoding.ASCII.GetBytes(signed)))}";
    }

    private static string KeySet(TestKey key)
    {
        var (modulus, exponent) = key.RsaNumbers();
        return $$"""{"keys":[{"kty":"RSA","kid":"k","n":"{{Text(modulus)}}","e":"{{Text(exponent)}}"}]}""";
    }

    private static string Text(ReadOnlySpan<byte> bytes) => Base64Url.EncodeToString(bytes);

    /// <summary>Answers in place of the makers, and no network.</summary>
    private sealed class StandInMaker(Func<string, HttpResponseMessage> answer) : HttpMessageHandler
    {
        public List<string> Asked { get; } = [];

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Asked.Add(request.RequestUri!.AbsoluteUri);
            var response = answer(request.RequestUri.AbsoluteUri);
            response.RequestMessage = request;
            return Task.FromResult(response);
        }
    }
}
