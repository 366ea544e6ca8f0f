using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Attestation.Tests.AzureUvm;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.TestKit.Certificates;

namespace CleanRoom.Attestation.Tests.AmdSevSnp;

/// <summary>What Azure hands to a container beside a report: its statement about the utility VM, and certificates in JSON.</summary>
public sealed class SnpUvmTests
{
    private const string Feed = "ContainerPlat-AMD-UVM";

    private static readonly UvmMaker s_statement = Statement(string.Concat(Enumerable.Repeat("44", 48)));
    private static readonly string s_issuer = UvmMaker.Issuer(UvmMaker.Root.Der, UvmMaker.Purpose);

    [Fact]
    public void Statement_about_the_measurement_gives_issuer_feed_and_version()
    {
        var statement = s_statement.Make();
        var result = Judge(statement);

        result.Verdict.Should().Be(AttestationVerdict.Affirming);
        result.Claims!.Values.Should().Contain("uvmIssuer", s_issuer).And.Contain("uvmFeed", Feed);
        result.Claims.Tcb.Should().Contain("uvmSvn", 22);
        result.Words.Should().Contain("when microsoft signed its statement about the measurement is known from that statement alone");
        Judge(Base64(statement)).Claims!.Values.Should().Contain("uvmFeed", Feed);
        Judge(statement, statement).Failures.Should().BeEmpty("the same statement twice is one");
    }

    [Fact]
    public void Statement_that_is_wrong_is_a_failed_check_and_no_claim()
    {
        Refused("uvm-measurement", Statement(string.Concat(Enumerable.Repeat("45", 48))).Make());
        Refused("uvm-signature", (s_statement with { Signer = TestKey.Rsa2048().AsPss384() }).Make());
        Refused("uvm-format", s_statement.Without("feed").Make());
        Refused("uvm-format", s_statement.Make()[..^1]);
        Refused("uvm-format", s_statement.Make(), (s_statement with { Payload = UvmMaker.Json("99", new string('4', 96)) }).Make());
        Refused("uvm-signing-time", s_statement.With("signingtime", new Cose.CoseBuilder.Tagged(1, UvmMaker.SignedAt.AddSeconds(1).ToUnixTimeSeconds())).Make());
    }

    [Fact]
    public void Contract_may_demand_issuer_feed_and_a_least_version()
    {
        Appraise(s_statement.Make(), Tuple("uvmIssuer", s_issuer, 22)).Should().BeEmpty();
        Appraise(s_statement.Make(), Tuple("uvmFeed", Feed, 22)).Should().BeEmpty();
        Appraise(s_statement.Make(), Tuple("uvmFeed", Feed, 23)).Should().Equal("tcb.uvmSvn");
        Appraise(s_statement.Make(), Tuple("uvmFeed", "ConfAKS-AMD-UVM", 22)).Should().Equal("uvmFeed");
        Appraise(s_statement.Make(), Tuple("uvmIssuer", "did:x509:0:sha256:other", 22)).Should().Equal("uvmIssuer");
        Appraise(TestSnp.Ask.Der, Tuple("uvmFeed", Feed, 22)).Should().Equal("uvmFeed", "tcb.uvmSvn");
    }

    [Fact]
    public void Certificates_may_come_as_azures_cache_answers_them()
    {
        TestSnp.Failed(TestSnp.Report(), Thim(TestSnp.Vek(), TestSnp.Ask.Der, TestSnp.Ark.Der)).Should().BeEmpty();
        TestSnp.Failed(TestSnp.Report(), Base64(Thim(TestSnp.Vek(), TestSnp.Ask.Der))).Should().BeEmpty();
        TestSnp.Failed(TestSnp.Report(), Thim(TestSnp.Vek())).Should().Equal("chain");
        TestSnp.Failed(TestSnp.Report(), Thim(TestSnp.Vek(extensions => extensions.Remove(TestSnp.Arc + ".4")), TestSnp.Ask.Der)).Should().Equal("vek-chip-id");
        foreach (var other in new[] { "{}", "[]", "{\"vcekCert\":1,\"certificateChain\":null}", "{\"vcekCert\":\"-----BEGIN", "{\"vcekCert\":\"a\",\"vcekCert\":\"b\"}", "\\ud800" })
        {
            TestSnp.Failed(TestSnp.Report(), Encoding.UTF8.GetBytes(other), Base64(Encoding.UTF8.GetBytes(other))).Should().Equal("vek");
        }
    }

    private static UvmMaker Statement(string measurement) => new() { Payload = UvmMaker.Json("22", measurement) };

    private static byte[] Base64(byte[] content) => Encoding.ASCII.GetBytes(Convert.ToBase64String(content) + "\n");

    private static string Pem(byte[] certificate) => PemEncoding.WriteString("CERTIFICATE", certificate) + "\n";

    private static byte[] Thim(byte[] vek, params byte[][] chain) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        vcekCert = Pem(vek),
        tcbm = "DB08000000000003",
        certificateChain = string.Concat(chain.Select(Pem)),
        cacheControl = "86400",
    });

    private static AttestationResult Judge(params byte[][] statements) => TestSnp.Judge(TestSnp.Report(), [TestSnp.Vek(), TestSnp.Ask.Der, .. statements]);

    private static void Refused(string check, params byte[][] statements)
    {
        var result = Judge(statements);
        result.Failures.Select(failure => failure.Check).Should().OnlyContain(one => one == check).And.NotBeEmpty();
        result.Claims!.Values.Should().NotContainKeys("uvmIssuer", "uvmFeed");
        result.Claims.Tcb.Should().NotContainKey("uvmSvn");
    }

    private static IEnumerable<string> Appraise(byte[] statement, ReferenceTuple tuple) => EvidenceAppraiser.Appraise(
        new PresentedEvidence(TeeNames.AmdSevSnp, new Bytes(TestSnp.Report()), [new Bytes(TestSnp.Vek()), new Bytes(TestSnp.Ask.Der), new Bytes(statement)]),
        Expected.Learned<Bytes>("a test looks at what it says"),
        new AttestationPolicy { Accepted = [tuple], CodeEndorsers = [] },
        allowInsecure: false,
        TestSnp.At,
        [TestSnp.Verifier]).Failures.Select(failure => failure.Check);

    private static ReferenceTuple Tuple(string claim, string value, int leastVersion) => new()
    {
        Tee = TeeNames.AmdSevSnp,
        Values = ImmutableSortedDictionary<string, string>.Empty.Add("measurement", string.Concat(Enumerable.Repeat("44", 48))).Add(claim, value),
        MinimumTcb = ImmutableSortedDictionary<string, int>.Empty.Add("uvmSvn", leastVersion),
        ChipIds = ["any"],
        Anchors = [Digest.Of(TestSnp.Ark.Key.Spki)],
        Debug = false,
    };
}
