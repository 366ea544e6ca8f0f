using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Attestation.Tests.AmdSevSnp;
using CleanRoom.Attestation.Tests.Support;
using CleanRoom.Attestation.Tests.Tpm;
using CleanRoom.Attestation.Tests.Tpm.EventLog;
using CleanRoom.Attestation.Tpm;
using CleanRoom.Protocol;
using CleanRoom.TestKit.Certificates;
using Org.BouncyCastle.Asn1.X509;
using static CleanRoom.Attestation.Tests.GoogleVtpm.ProtoBytes;

namespace CleanRoom.Attestation.Tests.GoogleVtpm;

/// <summary>Quotes of several banks by a key that Google certifies, and what must be refused.</summary>
public sealed class GoogleVtpmVerifierTests
{
    private static readonly MadeGoogle s_good = new();
    private static readonly MadeTpmEvidence s_other = new() { Key = TestKey.Ec("P-256") };

    [Fact]
    public void Good_machine_is_a_warning_in_words_and_says_its_claims()
    {
        var result = (s_good with { Instance = MadeGoogle.Stated() }).Judge();

        result.Failures.Should().BeEmpty();
        result.Verdict.Should().Be(AttestationVerdict.Warning);
        result.Words.Should().Equal(TpmVerifier.BareQuote, TpmVerifier.NoRevocation);
        var claims = result.Claims!;
        claims.ReportData.Should().Be(Convert.ToHexStringLower(MadeGoogle.Nonce));
        claims.Anchor.Should().Be(Digest.Of(MadeGoogle.Root.Key.Spki));
        claims.Values["hardware"].Should().Be("none");
        claims.Values["gceProjectId"].Should().Be("a-project");
        claims.Values["gceInstanceId"].Should().Be("4242");
        claims.Values["sha256Pcr7"].Should().Be(Convert.ToHexStringLower(MadeGoogle.Value(MadeGoogle.Sha256, 7)));
        claims.Values["sha384Pcr7"].Should().Be(Convert.ToHexStringLower(MadeGoogle.Value(MadeGoogle.Sha384, 7)));
        claims.Values.Keys.Should().NotContain(name => name.StartsWith("sha1", StringComparison.Ordinal));
    }

    [Fact]
    public void Sha1_is_no_proof_and_changes_no_claim()
    {
        var without = s_good with { Quotes = [s_good.Quote(MadeGoogle.Sha256), s_good.Quote(MadeGoogle.Sha384)] };

        (s_good with { Quotes = [s_good.Quote(MadeGoogle.Sha1)] }).Failed().Should().Equal("pcr-bank");
        without.Judge().Claims!.Values.Should().Equal(s_good.Judge().Claims!.Values);
        (s_good with { Quotes = [s_good.Quote(MadeGoogle.Sha384)] }).Failed().Should().BeEmpty();
        (s_good with { Quotes = [s_good.Quote(MadeGoogle.Sha1, made => made with { PcrDigest = new byte[32] }), s_good.Quote(MadeGoogle.Sha256)] }).Failed().Should().Equal("pcrs");
    }

    [Fact]
    public void A_bank_twice_and_a_quote_of_two_banks_are_refused()
    {
        (s_good with { Quotes = [s_good.Quote(MadeGoogle.Sha256), s_good.Quote(MadeGoogle.Sha256)] }).Failed().Should().Equal("pcr-bank");
        (s_good with { Quotes = [s_good.Quote(MadeGoogle.Sha256, made => made with { Selections = [(0x0B, [0, 7]), (0x0C, [0])] })] }).Failed().Should().Equal("pcr-bank", "pcr-selection");
        (s_good with { Quotes = [s_good.Quote(MadeGoogle.Sha256, made => made with { Selections = [(0x0C, [0, 7])] })] }).Failed().Should().Equal("pcr-bank", "pcr-selection");
    }

    [Fact]
    public void A_quote_of_other_pcrs_is_refused()
    {
        (s_good with { Quotes = [s_good.Quote(MadeGoogle.Sha256, made => made with { Selections = [(0x0B, [0, 8])] })] }).Failed().Should().Equal("pcr-selection");
        (s_good with { Quotes = [s_good.Quote(MadeGoogle.Sha256, made => made with { PcrDigest = new byte[32] })] }).Failed().Should().Equal("pcrs");
        (s_good with { Quotes = [s_good.Quote(MadeGoogle.Sha256, made => made with { Selections = [(0x0B, [])] }, [])] }).Failed().Should().Equal("pcr-selection", "pcrs");
    }

    [Fact]
    public void Quotes_of_another_key_are_refused()
    {
        (s_good with { Tpm = s_other }).Failed().Should().Equal("ak-certificate");
        (s_good with { Tpm = s_other, Public = s_good.Tpm.Public() }).Failed().Should().Equal("signature", "signature", "signature");
        (s_good with { Tpm = s_good.Tpm with { Attributes = 0x0004_0072 } }).Failed().Should().Equal("ak-attributes");
    }

    [Fact]
    public void Quotes_of_several_moments_are_refused()
    {
        var nonce = s_good.Quote(MadeGoogle.Sha384, made => made with { ReportData = [1] });
        var start = s_good.Quote(MadeGoogle.Sha384, made => made with { ResetCount = 9 });

        (s_good with { Quotes = [s_good.Quote(MadeGoogle.Sha256), nonce] }).Failed().Should().Equal("quote-nonce");
        (s_good with { Quotes = [s_good.Quote(MadeGoogle.Sha256), start] }).Failed().Should().Equal("quote-start");
    }

    [Fact]
    public void Another_nonce_is_refused()
    {
        var evidence = new Bytes(s_good.ToBytes());

        MadeGoogle.Judge(evidence, [], new Bytes(MadeGoogle.Nonce)).Failures.Should().BeEmpty();
        MadeGoogle.Judge(evidence, [], new Bytes(MadeGoogle.Nonce.AsSpan(0, 63))).Failures.Select(failure => failure.Check).Should().Equal("report-data");
        MadeGoogle.Judge(evidence, [], new Bytes([])).Failures.Select(failure => failure.Check).Should().Equal("report-data");
    }

    [Fact]
    public void Key_without_a_certificate_of_google_is_refused()
    {
        var own = TestAuthority.Root("CN=EK/AK issuer", TestKey.Ec("P-256"));

        EvidenceAppraiser.Authenticate(
            new PresentedEvidence(TeeNames.GoogleVtpm, new Bytes((s_good with { Certificate = null }).ToBytes()), []), Expected.Learned<Bytes>("a test"), TestSnp.At, [MadeGoogle.Verifier])
            .Failures.Select(failure => failure.Check).Should().Equal("ak-certificate");
        (s_good with { Certificate = null }).Failed().Should().Equal("ak-certificate");
        (s_good with { Certificate = own.Issue("CN=AK", s_good.Tpm.Key.Spki, new TestCertificateOptions { KeyUsage = KeyUsage.DigitalSignature, Extensions = [MadeGoogle.Purpose()] }) })
            .Failed().Should().Equal("chain");
        (s_good with { Certificate = null }).Failed(MadeGoogle.Leaf(s_good.Tpm)).Should().BeEmpty();
    }

    [Fact]
    public void Certificates_without_a_purpose_need_the_name_of_a_machine()
    {
        (s_good with { Certificate = MadeGoogle.Leaf(s_good.Tpm, [MadeGoogle.Machine()]) }).Failed().Should().BeEmpty();
        (s_good with { Certificate = MadeGoogle.Leaf(s_good.Tpm, []) }).Failed().Should().Equal("ak-certificate-usage");
        (s_good with { Certificate = MadeGoogle.Leaf(s_good.Tpm, [MadeGoogle.Machine()], KeyUsage.KeyAgreement) }).Failed().Should().Equal("ak-certificate-usage");
        (s_good with { Certificate = MadeGoogle.Leaf(s_good.Tpm, [MadeGoogle.Purpose()]) }).Failed().Should().BeEmpty();
    }

    [Fact]
    public void Machines_that_are_not_of_production_are_refused()
    {
        (s_good with { Certificate = MadeGoogle.Leaf(s_good.Tpm, [MadeGoogle.Machine(isProduction: false)]) }).Failed().Should().Equal("ak-certificate-instance");
        (s_good with { Certificate = MadeGoogle.Leaf(s_good.Tpm, [MadeGoogle.Machine(isProduction: null)]) }).Failed().Should().Equal("ak-certificate-instance");
        (s_good with { Certificate = MadeGoogle.Leaf(s_good.Tpm, [MadeGoogle.Machine(hasProperties: false)]) }).Failed().Should().Equal("ak-certificate-instance");
        (s_good with { Certificate = MadeGoogle.Leaf(s_good.Tpm, [(MadeGoogle.InstanceOid, false, [1, 2, 3])]) }).Failed().Should().Equal("ak-certificate-instance");
    }

    [Fact]
    public void A_machine_that_the_certificate_does_not_name_is_refused()
    {
        (s_good with { Instance = MadeGoogle.Stated("another") }).Failed().Should().Equal("instance-info");
        (s_good with { Instance = MadeGoogle.Stated(number: 118) }).Failed().Should().Equal("instance-info");
        (s_good with { Instance = MadeGoogle.Stated(id: 4_243) }).Failed().Should().Equal("instance-info");
        (s_good with { Instance = MadeGoogle.Stated(), Certificate = MadeGoogle.Leaf(s_good.Tpm, [MadeGoogle.Purpose()]) }).Failed().Should().Equal("instance-info");
        (s_good with { Instance = [.. MadeGoogle.Stated(), .. Field(6, 1)] }).Failed().Should().Equal("evidence-format");
    }

    [Fact]
    public void The_log_must_replay_in_every_bank()
    {
        var log = new MadeEventLog().Add(7, 0x8000_0001, MadeEventLog.SecureBootOn);
        var replayed = MadeEventLog.Extended(MadeEventLog.SecureBootOn);
        var quote = s_good.Quote(
            MadeGoogle.Sha256,
            made => made with { PcrDigest = System.Security.Cryptography.SHA256.HashData([.. new byte[32], .. replayed]) },
            [(0, new byte[32]), (7, replayed)]);

        var result = (s_good with { Quotes = [quote], EventLog = log.ToBytes() }).Judge();
        result.Failures.Should().BeEmpty();
        result.Claims!.Values["secureBoot"].Should().Be("true");
        (s_good with { Quotes = [quote, s_good.Quote(MadeGoogle.Sha384)], EventLog = log.ToBytes() }).Failed().Should().Equal("event-log-replay", "event-log-replay");
        (s_good with { Quotes = [quote, s_good.Quote(MadeGoogle.Sha1)], EventLog = log.ToBytes() }).Failed().Should().Equal("event-log-bank");
        (s_good with { EventLog = [1, 2, 3] }).Failed().Should().Equal("event-log-format");
    }

    [Fact]
    public void Messages_of_another_form_are_refused()
    {
        (s_good with { More = Field(10, 1) }).Failed().Should().Equal("evidence-format");
        (s_good with { More = [0] }).Failed().Should().Equal("evidence-format");
        (s_good with { More = Field(1, s_good.Tpm.Public()) }).Failed().Should().Equal("evidence-format");
        (s_good with { Quotes = [] }).Failed().Should().Equal("evidence-format");
        (s_good with { Quotes = [.. Enumerable.Repeat(s_good.Quote(MadeGoogle.Sha256), 9)] }).Failed().Should().Equal("evidence-format");
        (s_good with { Public = [.. s_good.Tpm.Public(), 0] }).Failed().Should().Equal("evidence-format");
        (s_good with { Quotes = [[.. s_good.Quote(MadeGoogle.Sha256), .. Field(4, 1)]] }).Failed().Should().Equal("evidence-format");
        (s_good with { Quotes = [s_good.Quote(MadeGoogle.Sha256, statedBank: MadeGoogle.Sha384)] }).Failed().Should().Equal("evidence-format");
        (s_good with { Quotes = [s_good.Quote(MadeGoogle.Sha256, statedBank: 0x10)] }).Failed().Should().Equal("evidence-format");
        (s_good with { Quotes = [s_good.Quote(MadeGoogle.Sha256, statedBank: 0x1_000B)] }).Failed().Should().Equal("evidence-format");
        (s_good with { Quotes = [s_good.Quote(MadeGoogle.Sha256, stated: [(0, new byte[32]), (24, new byte[32])])] }).Failed().Should().Equal("evidence-format");
        (s_good with { Quotes = [s_good.Quote(MadeGoogle.Sha256, stated: [(0, new byte[32]), (0, new byte[32])])] }).Failed().Should().Equal("evidence-format");
        (s_good with { Quotes = [s_good.Quote(MadeGoogle.Sha256, made => made with { Type = 0x8017 })] }).Failed().Should().Equal("quote-type");
        (s_good with { Quotes = [s_good.Quote(MadeGoogle.Sha256, made => made with { Magic = 1 }), s_good.Quote(MadeGoogle.Sha384, made => made with { Type = 0x8017 })] })
            .Failed().Should().Equal("quote-magic", "quote-type");
        MadeGoogle.Judge(new Bytes(new byte[1_048_577]), []).Failures.Select(failure => failure.Check).Should().Equal("evidence-format");
    }

    [Fact]
    public void Truncated_messages_are_refused()
    {
        // Without the certificate behind them, three quotes or two would be whole.
        var whole = s_good.ToBytes();
        for (var length = 0; length < whole.Length; length += 13)
        {
            MadeGoogle.Judge(new Bytes(whole.AsSpan(0, length)), []).Failures.Should().NotBeEmpty($"{length} bytes");
        }
    }

    [Fact]
    public void Every_changed_bit_of_the_quotes_is_refused()
    {
        var quote = s_good.Quote(MadeGoogle.Sha256);
        var whole = (s_good with { Quotes = [quote] }).ToBytes();
        var start = 8 * Field(1, s_good.Tpm.Public()).Length;
        for (var bit = start; bit < start + (8 * Field(2, quote).Length); bit += 11)
        {
            var changed = (byte[])whole.Clone();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            MadeGoogle.Judge(new Bytes(changed), []).Failures.Should().NotBeEmpty($"bit {bit}");
        }
    }

    [Fact]
    public void The_verifier_recognises_its_own_form_alone()
    {
        MadeGoogle.Verifier.Tee.Should().Be(TeeNames.GoogleVtpm);
        MadeGoogle.Verifier.Recognises(s_good.ToBytes()).Should().BeTrue();
        MadeGoogle.Verifier.Recognises([]).Should().BeFalse();
        MadeGoogle.Verifier.Recognises([0x0A]).Should().BeFalse();
        MadeGoogle.Verifier.Recognises([0x0A, 0x80]).Should().BeFalse();
        MadeGoogle.Verifier.Recognises(s_good.Tpm.ToBytes().Span).Should().BeFalse();
    }

    [Fact]
    public void Evidence_of_another_verifier_is_a_bug_of_the_caller()
    {
        new FakeVerifier().Parse("fake"u8, []).TryGet(out var foreign, out _).Should().BeTrue();

        var act = () => MadeGoogle.Verifier.Verify(foreign!, TestSnp.At);

        act.Should().Throw<ArgumentException>();
    }
}
