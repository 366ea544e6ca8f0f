using System.Collections.Immutable;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Certificates;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Attestation.Tests.Support;
using CleanRoom.Attestation.WindowsVbs;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.TestKit.Certificates;
using CsCheck;
using Org.BouncyCastle.Asn1.X509;

namespace CleanRoom.Attestation.Tests.WindowsVbs;

/// <summary>Good reports, alone and in the envelope of SQL Server, and each way in which one may be wrong.</summary>
public sealed class WindowsVbsVerifierTests
{
    private static readonly Timestamp s_at = Timestamp.From(new DateTimeOffset(2026, 6, 1, 0, 0, 0, TimeSpan.Zero));
    private static readonly TrustAnchor s_anchor = TrustAnchor.Trusted("made-up guardian", VbsMaker.TrustedService.Der);
    private static readonly WindowsVbsVerifier s_verifier = new([s_anchor]);

    /// <summary>An envelope binds the enclave's key and nothing that the asker chose.</summary>
    private static readonly VbsMaker s_sql = new() { Data = null };

    [Fact]
    public void Good_report_is_a_warning_that_says_what_it_does_not_prove()
    {
        var result = Judge(new VbsMaker());

        result.Failures.Should().BeEmpty();
        result.Verdict.Should().Be(AttestationVerdict.Warning);
        result.Words.Should().HaveCount(2).And.Contain(word => word.Contains("memory is not encrypted"));
        result.VouchedBy.Should().Be("made-up guardian");
        result.ValidUntil!.Value.Value.Should().Be(new DateTimeOffset(2026, 6, 1, 8, 0, 0, TimeSpan.Zero));
        result.Claims!.Anchor.Should().Be(s_anchor.SpkiDigest);
        result.Claims.ReportData.Should().Be(string.Concat(Enumerable.Repeat("5a", 64)));
        result.Claims.Values["measurement"].Should().Be(string.Concat(Enumerable.Repeat("e1", 32)));
        result.Claims.Values["authorId"].Should().Be(string.Concat(Enumerable.Repeat("03", 32)));
        result.Claims.Tcb.Should().Contain("enclaveSvn", 3).And.Contain("secureKernelSvn", 4).And.Contain("platformSvn", 5);
    }

    [Fact]
    public void Good_envelope_says_that_it_holds_no_nonce()
    {
        var result = Judge(new Bytes(s_sql.Envelope()));

        result.Failures.Should().BeEmpty();
        result.Verdict.Should().Be(AttestationVerdict.Warning);
        result.Words.Should().Contain(word => word.Contains("no nonce"));
        result.Claims!.Values.Should().ContainKey("sessionKey");
    }

    [Fact]
    public void Service_that_came_along_is_accepted_by_nobody_who_does_not_name_it()
    {
        var verifier = new WindowsVbsVerifier();
        var presented = new PresentedEvidence(verifier.Tee, new Bytes(new VbsMaker().Package()), [new Bytes(new VbsMaker().Health()), new Bytes(VbsMaker.TrustedService.Der)]);

        var alone = EvidenceAppraiser.Authenticate(presented, Expected.Learned<Bytes>("a test"), s_at, [verifier]);
        alone.Verdict.Should().Be(AttestationVerdict.Warning);
        alone.VouchedBy.Should().BeNull();
        alone.Words.Should().Contain(word => word.Contains("anybody could have made both"));
        Appraise(presented, s_anchor.SpkiDigest).Failures.Should().BeEmpty();
        Appraise(presented, Digest.Of("another"u8)).Failures.Select(failure => failure.Check).Should().Equal("anchor");

        AttestationResult Appraise(PresentedEvidence evidence, Digest anchor) => EvidenceAppraiser.Appraise(
            evidence, Expected.Learned<Bytes>("a test"), new AttestationPolicy { Accepted = [Tuple(anchor)], CodeEndorsers = [] }, allowInsecure: false, s_at, [verifier]);
    }

    [Fact]
    public void Without_its_service_the_hosts_certificate_vouches_for_nothing()
    {
        var verifier = new WindowsVbsVerifier();
        var presented = new PresentedEvidence(verifier.Tee, new Bytes(new VbsMaker().Package()), [new Bytes(new VbsMaker().Health())]);

        EvidenceAppraiser.Authenticate(presented, Expected.Learned<Bytes>("a test"), s_at, [verifier]).Failures
            .Should().ContainSingle().Which.Should().Match<FailedCheck>(failure => failure.Check == "chain" && failure.Code == RefusalCode.EndorsementMissing);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(0x80000000)]
    public void Every_flag_is_debug(uint flag) => Checks(new VbsMaker { Flags = flag }).Should().Equal("debug");

    [Fact]
    public void Certificates_that_vouch_for_no_host_are_refused()
    {
        var decoy = TestAuthority.Root("CN=made-up guardian", TestKey.Ec("P-256"));
        Checks(new VbsMaker { Service = decoy }).Should().Equal("chain");
        Checks(new VbsMaker { NotAfter = new DateTime(2026, 5, 31, 0, 0, 0, DateTimeKind.Utc) }).Should().Equal("chain-validity");
        Checks(new VbsMaker { Policy = "1.3.6.1.4.1.311.48.1.3" }).Should().Equal("health-usage");
        Checks(new VbsMaker { Policy = null }).Should().Equal("health-usage");
        Checks(new VbsMaker { Usage = KeyUsage.KeyEncipherment }).Should().Equal("health-usage");

        var own = TestAuthority.Root("CN=made-up host", TestKey.SharedRsa, new TestCertificateOptions());
        Judge(new Bytes(new VbsMaker().Package()), new Bytes(own.Der)).Failures.Select(failure => failure.Check).Should().Equal("health-certificate");
        Judge(new Bytes(new VbsMaker().Package())).Failures.Select(failure => failure.Check).Should().Equal("health-certificate");
    }

    [Fact]
    public void Signature_of_another_scheme_or_key_is_refused()
    {
        Checks(new VbsMaker { Sign = data => TestKey.SharedRsa.Sign(data) }).Should().Equal("signature");
        Checks(new VbsMaker { Sign = data => VbsMaker.TrustedService.Key.Sign(data) }).Should().Equal("signature");
        Checks(new VbsMaker { Sign = _ => [] }).Should().Equal("signature");
    }

    [Fact]
    public void Every_changed_byte_of_the_package_is_refused()
    {
        var (package, health) = (new VbsMaker().Package(), new Bytes(new VbsMaker().Health()));
        Judge(new Bytes(package), health).Verdict.Should().NotBe(AttestationVerdict.Contraindicated, "the package as it is");
        for (var i = 0; i < package.Length; i++)
        {
            var changed = (byte[])package.Clone();
            changed[i] ^= 1;
            Judge(new Bytes(changed), health).Verdict.Should().Be(AttestationVerdict.Contraindicated, $"byte {i} was changed");
        }
    }

    [Fact]
    public void Another_nonce_is_refused() =>
        EvidenceAppraiser.Authenticate(Presented(new VbsMaker()), Expected.Exactly(new Bytes(new byte[64])), s_at, [s_verifier])
            .Failures.Select(failure => failure.Check).Should().Equal("report-data");

    [Fact]
    public void Keys_that_the_report_does_not_bind_are_refused()
    {
        var other = TestKey.SharedRsa;
        Envelope(s_sql with { ShownKey = other, SessionSigner = other }).Should().Equal("enclave-key-binding");
        Envelope(s_sql with { SessionSigner = other }).Should().Equal("session-signature");
        Envelope(new VbsMaker()).Should().Equal("enclave-key-binding");
    }

    [Fact]
    public void Wrong_forms_are_refused()
    {
        var (package, envelope) = (new VbsMaker().Package(), s_sql.Envelope());
        foreach (var bytes in (byte[][])
            [[], package[..^1], [.. package, 0], package[..VbsMaker.Statement], envelope[..^1], [.. envelope, 0], envelope[..20], [.. envelope, .. new byte[64 * 1024]], [.. package, .. new byte[32 * 1024]]])
        {
            Judge(new Bytes(bytes)).Failures.Select(failure => failure.Check).Should().Equal("evidence-format");
        }

        Checks(new VbsMaker { ModuleKind = 2 }).Should().Equal("evidence-format");
        Checks(new VbsMaker { ModuleName = "no end" }).Should().Equal("evidence-format");
        Checks(new VbsMaker { ModuleName = "two\0names\0" }).Should().Equal("evidence-format");
        Checks(new VbsMaker { ModuleName = string.Empty }).Should().Equal("evidence-format");
        Checks(new VbsMaker { Svns = (uint.MaxValue, 0, 0) }).Should().Equal("evidence-format");
    }

    [Theory]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(20)]
    [InlineData(VbsMaker.Statement)]
    [InlineData(VbsMaker.Statement + 4)]
    [InlineData(VbsMaker.Statement + 220)]
    [InlineData(VbsMaker.Statement + 228)]
    public void Version_scheme_length_and_reserved_bytes_are_read(int offset)
    {
        var package = new VbsMaker().Package();
        package[offset] ^= 0x40;

        Judge(new Bytes(package), new Bytes(new VbsMaker().Health())).Failures.Select(failure => failure.Check).Should().Equal("evidence-format");
    }

    [Fact]
    public void No_bytes_make_the_verifier_throw()
    {
        byte[][] seeds = [new VbsMaker().Package(), s_sql.Envelope()];
        Gen.Select(Gen.Int[0, 1], Gen.Select(Gen.Int[0, 8_192], Gen.Byte).Array[1, 4]).Sample(
            (seed, changes) =>
            {
                var bytes = (byte[])seeds[seed].Clone();
                foreach (var (index, value) in changes)
                {
                    bytes[index % bytes.Length] = value;
                }

                s_verifier.Recognises(bytes);
                return !s_verifier.Parse(bytes, [new Bytes(bytes)]).TryGet(out var parsed, out _) || s_verifier.Verify(parsed, s_at) is not null;
            },
            iter: 500,
            threads: 1);
    }

    [Fact]
    public void Vectors_agree() => Assert.All(WindowsVbsVectors.Cases, VectorVerdict.Check);

    private static ReferenceTuple Tuple(Digest anchor) => new()
    {
        Tee = s_verifier.Tee,
        Values = ImmutableSortedDictionary<string, string>.Empty.Add("measurement", string.Concat(Enumerable.Repeat("e1", 32))),
        MinimumTcb = ImmutableSortedDictionary<string, int>.Empty.Add("platformSvn", 5),
        ChipIds = ["any"],
        Anchors = [anchor],
        Debug = false,
    };

    private static IEnumerable<string> Envelope(VbsMaker maker) => Judge(new Bytes(maker.Envelope())).Failures.Select(failure => failure.Check);

    private static IEnumerable<string> Checks(VbsMaker maker) => Judge(maker).Failures.Select(failure => failure.Check);

    private static AttestationResult Judge(VbsMaker maker) =>
        EvidenceAppraiser.Authenticate(Presented(maker), Expected.Learned<Bytes>("a test"), s_at, [s_verifier]);

    private static AttestationResult Judge(Bytes evidence, params ImmutableArray<Bytes> endorsements) =>
        EvidenceAppraiser.Authenticate(new PresentedEvidence(s_verifier.Tee, evidence, endorsements), Expected.Learned<Bytes>("a test"), s_at, [s_verifier]);

    private static PresentedEvidence Presented(VbsMaker maker) => new(s_verifier.Tee, new Bytes(maker.Package()), [new Bytes(maker.Health())]);
}
