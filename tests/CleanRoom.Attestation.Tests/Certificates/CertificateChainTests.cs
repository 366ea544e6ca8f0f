using CleanRoom.Attestation.Certificates;
using CleanRoom.Protocol;
using CleanRoom.TestKit.Certificates;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Math;

namespace CleanRoom.Attestation.Tests.Certificates;

/// <summary>Paths to a pinned root: the good one, and each way in which one may be forged.</summary>
public sealed class CertificateChainTests
{
    private static readonly Timestamp s_at = Timestamp.From(new DateTimeOffset(2026, 6, 1, 0, 0, 0, TimeSpan.Zero));
    private static readonly TestAuthority s_root = TestAuthority.Root("CN=Root", TestKey.Ec("P-384"));
    private static readonly TestAuthority s_middle = s_root.Intermediate("CN=Middle", TestKey.Ec("P-256"));
    private static readonly TestKey s_leafKey = TestKey.Ec("P-384");
    private static readonly byte[] s_leaf = s_middle.Issue("CN=Leaf", s_leafKey.Spki);

    [Fact]
    public void Genuine_chain_ends_in_the_pinned_root()
    {
        Build(s_leaf, s_middle.Der).TryGet(out var chain, out _).Should().BeTrue();

        chain!.Path.Should().HaveCount(2);
        chain.Anchor.SpkiDigest.Should().Be(Digest.Of(s_root.Key.Spki));
    }

    [Fact]
    public void Pss_chain_as_amd_makes_it_is_verified()
    {
        var ark = TestAuthority.Root("CN=ARK", TestKey.SharedRsa.AsPss384());
        var leaf = ark.Issue("CN=SEV-VCEK", s_leafKey.Spki, new TestCertificateOptions { Serial = BigInteger.Zero });

        Build(leaf, [], ark).TryGet(out _, out _).Should().BeTrue();
    }

    [Fact]
    public void Presented_root_never_becomes_an_anchor()
    {
        var decoy = TestAuthority.Root("CN=Root", TestKey.Ec("P-384"));
        var middle = decoy.Intermediate("CN=Middle", TestKey.Ec("P-256"));
        var leaf = middle.Issue("CN=Leaf", s_leafKey.Spki);

        Failed(Build(leaf, [middle.Der, decoy.Der])).Should().Equal("chain");
        Failed(Build(leaf, [middle.Der, decoy.Der, s_root.Der])).Should().Equal("chain");
        Failed(Build(decoy.Der, [])).Should().Equal("chain");
    }

    [Fact]
    public void Missing_intermediate_is_a_missing_endorsement()
    {
        Build(s_leaf, []).TryGet(out _, out var failures).Should().BeFalse();

        failures.Should().ContainSingle().Which.Code.Should().Be(RefusalCode.EndorsementMissing);
    }

    [Fact]
    public void Swapped_intermediate_of_the_same_name_is_refused()
    {
        var other = s_root.Intermediate("CN=Middle", TestKey.Ec("P-256"));

        Failed(Build(s_leaf, other.Der)).Should().Equal("chain");
        Failed(Build(s_leaf, other.Der, s_middle.Der)).Should().BeEmpty("the right one is there too");
    }

    [Fact]
    public void Every_certificate_must_be_valid_at_the_moment()
    {
        var expired = s_middle.Issue("CN=Leaf", s_leafKey.Spki, new TestCertificateOptions { NotAfter = new DateTime(2026, 5, 1, 0, 0, 0, DateTimeKind.Utc) });
        var early = s_root.Intermediate("CN=Early", TestKey.Ec("P-256"), new TestCertificateOptions { IsCa = true, NotBefore = new DateTime(2026, 7, 1, 0, 0, 0, DateTimeKind.Utc) });

        Failed(Build(expired, s_middle.Der)).Should().Equal("chain-validity");
        Failed(Build(early.Issue("CN=Leaf", s_leafKey.Spki), early.Der)).Should().Equal("chain-validity");
        Failed(Build(expired, [s_middle.Der], s_root, new ChainRules { IgnoreLeafDates = true })).Should().BeEmpty();
    }

    [Fact]
    public void Only_a_certificate_that_may_issue_issues()
    {
        var notCa = s_root.Intermediate("CN=NotCa", TestKey.Ec("P-256"), new TestCertificateOptions());
        var noSigning = s_root.Intermediate("CN=Usage", TestKey.Ec("P-256"), new TestCertificateOptions { IsCa = true, KeyUsage = KeyUsage.DigitalSignature });
        var shallow = s_root.Intermediate("CN=Shallow", TestKey.Ec("P-256"), new TestCertificateOptions { IsCa = true, PathLength = 0 });
        var below = shallow.Intermediate("CN=Below", TestKey.Ec("P-256"));

        Failed(Build(notCa.Issue("CN=Leaf", s_leafKey.Spki), notCa.Der)).Should().Equal("chain-constraints");
        Failed(Build(noSigning.Issue("CN=Leaf", s_leafKey.Spki), noSigning.Der)).Should().Equal("chain-constraints");
        Failed(Build(below.Issue("CN=Leaf", s_leafKey.Spki), below.Der, shallow.Der)).Should().Equal("chain-constraints");
    }

    [Fact]
    public void Unknown_critical_extension_is_refused()
    {
        var leaf = s_middle.Issue("CN=Leaf", s_leafKey.Spki, new TestCertificateOptions { Extensions = [("1.2.3.4", true, [5, 0])] });

        Failed(Build(leaf, s_middle.Der)).Should().Equal("chain-critical-extension");
        Failed(Build(leaf, [s_middle.Der], s_root, new ChainRules { KnownCritical = ["1.2.3.4"] })).Should().BeEmpty();
    }

    [Fact]
    public void Revoked_certificate_forged_and_stale_list_are_refused()
    {
        var good = s_middle.RevocationList([BigInteger.ValueOf(9)]);
        var forged = TestAuthority.Root("CN=Middle", TestKey.Ec("P-256")).RevocationList([]);
        var stale = s_middle.RevocationList([], nextUpdate: new DateTime(2026, 5, 1, 0, 0, 0, DateTimeKind.Utc));

        Revocation(good).Should().BeEmpty();
        Revocation(s_middle.RevocationList([BigInteger.ValueOf(7)])).Should().Equal("revoked");
        Revocation(forged).Should().Equal("crl-signature");
        Revocation(stale).Should().Equal("crl-validity");
        Revocation().Should().Equal("crl");
    }

    [Fact]
    public void Changed_truncated_and_lengthened_certificates_are_refused()
    {
        for (var i = 0; i < s_leaf.Length; i += 3)
        {
            var changed = (byte[])s_leaf.Clone();
            changed[i] ^= 1;
            var parsed = Certificate.Parse(changed);
            (parsed is not null && Build(changed, s_middle.Der).TryGet(out _, out _)).Should().BeFalse($"byte {i} was changed");
        }

        Certificate.Parse([.. s_leaf, 0]).Should().BeNull();
        Certificate.Parse(s_leaf.AsSpan(0, s_leaf.Length - 1)).Should().BeNull();
        Certificate.Parse(new byte[Certificate.MaxBytes + 1]).Should().BeNull();
    }

    [Fact]
    public void Signature_that_is_not_whole_bytes_is_no_certificate_and_no_list()
    {
        Certificate.Parse(WithPadBit(s_leaf)).Should().BeNull();
        RevocationList.Parse(WithPadBit(s_middle.RevocationList([]))).Should().BeNull();

        // The signature is the last element: a BIT STRING whose first byte counts the bits that pad it; the last byte is made to fit.
        static byte[] WithPadBit(byte[] der)
        {
            var sequence = Org.BouncyCastle.Asn1.Asn1Sequence.GetInstance(der);
            var bits = Org.BouncyCastle.Asn1.DerBitString.GetInstance(sequence[2]).GetOctets();
            bits[^1] &= 0xfe;
            return new Org.BouncyCastle.Asn1.DerSequence(sequence[0], sequence[1], new Org.BouncyCastle.Asn1.DerBitString(bits, 1)).GetDerEncoded();
        }
    }

    [Fact]
    public void Key_made_from_a_point_has_the_digest_of_the_same_key_in_a_certificate()
    {
        var point = s_leafKey.Point();
        var key = CleanRoom.Attestation.Signatures.VerificationKey.FromPoint("P-384", point.AsSpan(0, 48), point.AsSpan(48))!;
        key.SpkiDigest().Should().Be(Certificate.Parse(s_leaf)!.SpkiDigest);
    }

    private static IEnumerable<string> Revocation(params byte[][] lists)
    {
        Build(s_leaf, s_middle.Der).TryGet(out var chain, out _).Should().BeTrue();
        return RevocationCheck.Failures(chain!, [.. lists.Select(list => RevocationList.Parse(list)!)], s_at, step => step == 0).Select(failure => failure.Check);
    }

    private static Attestation.Appraisal.CheckResult<CertificateChain> Build(byte[] leaf, params byte[][] pool) => Build(leaf, pool, s_root);

    private static Attestation.Appraisal.CheckResult<CertificateChain> Build(byte[] leaf, byte[][] pool, TestAuthority root, ChainRules? rules = null) =>
        CertificateChain.Build(
            Certificate.Parse(leaf)!, [.. pool.Select(der => Certificate.Parse(der)!)], [TrustAnchor.Trusted("test", root.Der)], s_at, rules ?? ChainRules.Strict);

    private static IEnumerable<string> Failed(Attestation.Appraisal.CheckResult<CertificateChain> result) => result.Failures.Select(failure => failure.Check);
}
