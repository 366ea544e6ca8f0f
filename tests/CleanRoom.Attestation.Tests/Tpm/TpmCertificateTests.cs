using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Certificates;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Attestation.Tests.Support;
using CleanRoom.Attestation.Tpm;
using CleanRoom.Protocol;
using CleanRoom.TestKit.Certificates;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Math;

namespace CleanRoom.Attestation.Tests.Tpm;

/// <summary>Certificates of attestation keys: a chain to a pinned root, and what the certificate must say.</summary>
public sealed class TpmCertificateTests
{
    private const string AikPurpose = "2.23.133.8.3";

    private static readonly Timestamp s_now = AttestationVectors.Time("2026-06-01T00:00:00.000Z");
    private static readonly MadeTpmEvidence s_good = new();
    private static readonly TestAuthority s_root = TestAuthority.Root("CN=TPM root", TestKey.Ec("P-384"));
    private static readonly TestAuthority s_issuer = s_root.Intermediate("CN=TPM issuer", TestKey.Ec("P-256"));

    [Fact]
    public void A_certified_key_ends_in_the_root_and_says_that_revocation_is_not_known()
    {
        var result = Authenticate(Leaf(), s_issuer.Der);

        result.Failures.Should().BeEmpty();
        result.Verdict.Should().Be(AttestationVerdict.Warning);
        result.Words.Should().Equal(TpmVerifier.BareQuote, TpmVerifier.NoRevocation);
        result.Claims!.Anchor.Should().Be(Digest.Of(s_root.Key.Spki));
        result.Claims.Values["akCertified"].Should().Be("true");
    }

    [Fact]
    public void Current_lists_of_every_issuer_leave_nothing_to_say_about_revocation() =>
        Authenticate(Leaf(), s_issuer.Der, s_issuer.RevocationList([]), s_root.RevocationList([])).Words.Should().Equal(TpmVerifier.BareQuote);

    [Fact]
    public void A_result_holds_until_the_first_certificate_or_list_lapses()
    {
        var soon = new DateTime(2026, 6, 3, 0, 0, 0, DateTimeKind.Utc);

        Authenticate(Leaf(), s_issuer.Der).ValidUntil.Should().Be(AttestationVectors.Time("2027-01-01T00:00:00.000Z"));
        Authenticate(Leaf(Options() with { NotAfter = soon }), s_issuer.Der).ValidUntil.Should().Be(Timestamp.From(soon));
        Authenticate(Leaf(), s_issuer.Der, s_root.RevocationList([], nextUpdate: soon)).ValidUntil.Should().Be(Timestamp.From(soon));
        Authenticate().ValidUntil.Should().BeNull("a key that stands for itself has no end");
    }

    [Fact]
    public void The_name_of_the_tpm_becomes_claims()
    {
        var result = Authenticate(Leaf(Options(extensions: [Purpose(AikPurpose), Name("id:474F4F47", "vTPM", "id:20160511")])), s_issuer.Der);

        result.Failures.Should().BeEmpty();
        result.Claims!.Values["tpmManufacturer"].Should().Be("id:474F4F47");
        result.Claims.Values["tpmModel"].Should().Be("vTPM");
        result.Claims.Values["tpmVersion"].Should().Be("id:20160511");
    }

    [Fact]
    public void A_revoked_certificate_is_refused()
    {
        Checks(Leaf(), s_issuer.Der, s_issuer.RevocationList([BigInteger.ValueOf(7)])).Should().Equal("revoked");
        Checks(Leaf(), s_issuer.Der, s_root.RevocationList([BigInteger.ValueOf(7)])).Should().Equal("revoked");
    }

    [Fact]
    public void A_list_that_is_stale_or_of_another_key_is_refused()
    {
        var stale = s_issuer.RevocationList([], nextUpdate: new DateTime(2026, 5, 1, 0, 0, 0, DateTimeKind.Utc));
        var foreign = TestAuthority.Root("CN=TPM issuer", TestKey.Ec("P-256")).RevocationList([]);

        Checks(Leaf(), s_issuer.Der, stale).Should().Equal("crl-validity");
        Checks(Leaf(), s_issuer.Der, foreign).Should().Equal("crl-signature");
    }

    [Fact]
    public void A_certificate_of_another_key_is_refused()
    {
        var other = s_issuer.Issue("CN=AK", TestKey.Ec("P-256").Spki, Options());

        Checks(other, s_issuer.Der).Should().Equal("ak-certificate");
    }

    [Fact]
    public void A_chain_that_ends_elsewhere_is_refused()
    {
        var decoy = TestAuthority.Root("CN=TPM root", TestKey.Ec("P-384"));
        var between = decoy.Intermediate("CN=TPM issuer", TestKey.Ec("P-256"));

        Checks(between.Issue("CN=AK", s_good.Key.Spki, Options()), between.Der, decoy.Der).Should().Equal("chain");
        Checks(TestAuthority.Root("CN=TPM root", s_good.Key).Der).Should().Contain("chain");
        Checks(Leaf()).Should().Equal("chain");
    }

    [Fact]
    public void A_certificate_out_of_its_time_is_refused() =>
        Checks(Leaf(Options() with { NotAfter = new DateTime(2026, 5, 1, 0, 0, 0, DateTimeKind.Utc) }), s_issuer.Der).Should().Equal("chain-validity");

    [Fact]
    public void A_certificate_for_something_else_is_refused()
    {
        Checks(Leaf(Options(extensions: [])), s_issuer.Der).Should().Equal("ak-certificate-usage");
        Checks(Leaf(Options(extensions: [Purpose("1.3.6.1.5.5.7.3.1")])), s_issuer.Der).Should().Equal("ak-certificate-usage");
        Checks(Leaf(Options() with { KeyUsage = KeyUsage.KeyEncipherment }), s_issuer.Der).Should().Equal("ak-certificate-usage");
        Checks(Leaf(Options() with { KeyUsage = null }), s_issuer.Der).Should().Equal("ak-certificate-usage");
        Checks(Leaf(Options() with { IsCa = true }), s_issuer.Der).Should().Equal("ak-certificate-usage");
    }

    [Fact]
    public void A_name_that_is_no_tpm_s_is_refused()
    {
        var mail = new GeneralNames(new GeneralName(GeneralName.Rfc822Name, "a@example.org")).GetDerEncoded();

        Checks(Leaf(Options(extensions: [Purpose(AikPurpose), ("2.5.29.17", true, mail)])), s_issuer.Der).Should().Equal("ak-certificate-name");
        Checks(Leaf(Options(extensions: [Purpose(AikPurpose), ("2.5.29.17", true, [1, 2, 3])])), s_issuer.Der).Should().Equal("ak-certificate-name");
    }

    [Fact]
    public void A_critical_extension_that_is_not_understood_is_refused() =>
        Checks(Leaf(Options(extensions: [Purpose(AikPurpose), ("1.2.3.4", true, [5, 0])])), s_issuer.Der).Should().Equal("chain-critical-extension");

    [Fact]
    public void An_endorsement_that_cannot_be_read_never_makes_the_key_stand_for_itself()
    {
        Checks([1, 2, 3]).Should().Equal("endorsements");
        Checks(Leaf()[..^1]).Should().Equal("endorsements");
    }

    private static byte[] Leaf(TestCertificateOptions? options = null) => s_issuer.Issue("CN=AK", s_good.Key.Spki, options ?? Options());

    private static TestCertificateOptions Options(IReadOnlyList<(string Oid, bool Critical, byte[] Value)>? extensions = null) =>
        new() { KeyUsage = KeyUsage.DigitalSignature, Extensions = extensions ?? [Purpose(AikPurpose)] };

    private static (string Oid, bool Critical, byte[] Value) Purpose(string oid) => ("2.5.29.37", false, new DerSequence(new DerObjectIdentifier(oid)).GetDerEncoded());

    private static (string Oid, bool Critical, byte[] Value) Name(string manufacturer, string model, string version)
    {
        DerSet Attribute(string oid, string value) => new(new DerSequence(new DerObjectIdentifier(oid), new DerUtf8String(value)));
        var name = X509Name.GetInstance(new DerSequence(Attribute("2.23.133.2.1", manufacturer), Attribute("2.23.133.2.2", model), Attribute("2.23.133.2.3", version)));
        return ("2.5.29.17", true, new GeneralNames(new GeneralName(name)).GetDerEncoded());
    }

    private static IEnumerable<string> Checks(params byte[][] endorsements) => Authenticate(endorsements).Failures.Select(one => one.Check);

    private static AttestationResult Authenticate(params byte[][] endorsements) => EvidenceAppraiser.Authenticate(
        new PresentedEvidence(TeeNames.Tpm, s_good.ToBytes(), [.. endorsements.Select(one => new Bytes(one))]),
        Expected.Learned<Bytes>("a test"),
        s_now,
        [new TpmVerifier([TrustAnchor.Trusted("test root", s_root.Der)])]);
}
