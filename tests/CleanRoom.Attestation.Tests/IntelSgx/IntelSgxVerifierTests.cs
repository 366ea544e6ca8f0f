using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.IntelSgx;
using CleanRoom.Attestation.Tests.Intel;
using CleanRoom.Protocol;
using CleanRoom.TestKit.Certificates;

namespace CleanRoom.Attestation.Tests.IntelSgx;

/// <summary>The form and the signatures of SGX quotes: the good one, and every way in which one may be changed.</summary>
public sealed class IntelSgxVerifierTests
{
    private const int SignatureData = MadeQuote.Header + 384 + 4;
    private const int QeReport = SignatureData + 128;
    private static readonly IntelSgxVerifier s_verifier = new(MadePlatform.Anchors);

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void Good_quote_of_each_version_is_affirmed(ushort version)
    {
        var result = Judge(new MadeQuote { Version = version });

        result.Failures.Should().BeEmpty();
        result.Verdict.Should().Be(AttestationVerdict.Affirming);
        result.Claims!.Values["measurement"].Should().Be(string.Concat(Enumerable.Repeat("e1", 32)));
        result.Claims.Values["tcbStatus"].Should().Be("UpToDate");
        result.Claims.Values["tcbDate"].Should().Be("2026-05-01");
        result.Claims.Tcb["tcbEvaluationDataNumber"].Should().Be(17);
        result.Claims.Tcb["isvSvn"].Should().Be(3);
        result.Claims.ChipId.Should().Be(string.Concat(Enumerable.Repeat("bb", 16)));
        result.Claims.Anchor.Should().Be(MadePlatform.Anchors[0].SpkiDigest);
    }

    [Fact]
    public void Zero_padding_belongs_to_the_format()
    {
        Judge([.. new MadeQuote().ToBytes(), .. new byte[70]]).Failures.Should().BeEmpty();
    }

    [Theory]
    [InlineData(28)]
    [InlineData(MadeQuote.Header)]
    [InlineData(MadeQuote.Header + 16)]
    [InlineData(MadeQuote.Header + 63)]
    [InlineData(MadeQuote.Header + 64)]
    [InlineData(MadeQuote.Header + 95)]
    [InlineData(MadeQuote.Header + 128)]
    [InlineData(MadeQuote.Header + 192)]
    [InlineData(MadeQuote.Header + 256)]
    [InlineData(MadeQuote.Header + 258)]
    [InlineData(MadeQuote.Header + 260)]
    [InlineData(MadeQuote.Header + 304)]
    [InlineData(MadeQuote.Header + 320)]
    [InlineData(MadeQuote.Header + 383)]
    [InlineData(SignatureData)]
    [InlineData(SignatureData + 63)]
    public void Changed_byte_under_the_signature_is_refused(int offset)
    {
        Judge(Flipped(new MadeQuote(), offset)).Checks().Should().Equal("signature");
    }

    [Theory]
    [InlineData(12, "qe-vendor signature")]
    [InlineData(SignatureData + 64, "qe-binding signature")]
    [InlineData(QeReport + 320, "qe-binding qe-report-signature")]
    [InlineData(QeReport + 352, "qe-binding qe-report-signature")]
    [InlineData(QeReport + 64, "qe-report-signature")]
    [InlineData(QeReport + 384, "qe-report-signature")]
    [InlineData(QeReport + 384 + 64 + 2, "qe-binding")]
    public void Changed_byte_elsewhere_is_refused_by_each_check_that_covers_it(int offset, string checks)
    {
        Judge(Flipped(new MadeQuote(), offset)).Checks().Should().Equal(checks.Split(' '));
    }

    [Theory]
    [InlineData(0, 2, "evidence-format")]
    [InlineData(0, 6, "evidence-format")]
    [InlineData(2, 0, "attestation-key-type")]
    [InlineData(2, 1, "attestation-key-type")]
    [InlineData(2, 3, "attestation-key-type")]
    [InlineData(4, 0x81, "evidence-format")]
    [InlineData(MadeQuote.Header + 20, 1, "evidence-format")]
    [InlineData(MadeQuote.Header + 262, 1, "evidence-format")]
    [InlineData(QeReport + 303, 1, "evidence-format")]
    [InlineData(SignatureData - 1, 0xFF, "evidence-format")]
    [InlineData(SignatureData - 4, 1, "evidence-format")]
    public void Wrong_form_is_refused(int offset, byte value, string check)
    {
        var bytes = new MadeQuote().ToBytes();
        bytes[offset] = value;

        Judge(bytes).Checks().Should().Equal(check);
    }

    [Fact]
    public void Other_body_type_or_certification_type_is_refused()
    {
        Judge(new MadeQuote { Version = 5, BodyType = 2 }).Checks().Should().Equal("evidence-format");
        Judge(new MadeQuote { CertificationType = 4 }).Checks().Should().Equal("evidence-format");
        Judge(new MadeQuote { CertificationType = 0 }).Checks().Should().Equal("evidence-format");
    }

    [Fact]
    public void Trailing_byte_that_is_not_zero_and_more_than_32_kib_are_refused()
    {
        Judge([.. new MadeQuote().ToBytes(), 1]).Checks().Should().Equal("evidence-format");
        Judge([.. new MadeQuote().ToBytes(), .. new byte[32 * 1024]]).Checks().Should().Equal("evidence-format");
    }

    [Fact]
    public void Quote_cut_anywhere_is_refused_and_never_throws()
    {
        var bytes = new MadeQuote().ToBytes();
        for (var length = 0; length < bytes.Length; length += 7)
        {
            Judge(bytes[..length]).Verdict.Should().Be(AttestationVerdict.Contraindicated);
        }
    }

    [Fact]
    public void Quote_signed_with_a_key_that_the_quoting_enclave_did_not_bind_is_refused()
    {
        var bytes = new MadeQuote().ToBytes();
        var attacker = TestKey.Ec("P-256");
        attacker.SignRaw(bytes.AsSpan(0, MadeQuote.Header + 384)).CopyTo(bytes, SignatureData);
        attacker.Point().CopyTo(bytes, SignatureData + 64);

        Judge(bytes).Checks().Should().Equal("qe-binding");
    }

    [Theory]
    [InlineData(0x07, "debug")]
    [InlineData(0x04, "sgx-attributes")]
    public void Enclave_must_be_initialised_and_not_debuggable(byte flags, string check)
    {
        Judge(new MadeQuote { Body = MadeQuote.Report(flags, 1, new string('D', 64), 3) }).Checks().Should().Equal(check);
    }

    [Fact]
    public void Provisioning_and_launch_keys_are_guarded_claims()
    {
        var claims = Judge(new MadeQuote { Body = MadeQuote.Report(0x35, 1, new string('D', 64), 3) }).Claims!;

        claims.Guarded.Select(guarded => (guarded.Claim, guarded.Safe, claims.Values[guarded.Claim])).Should().Equal(
            ("provisionKey", "false", "true"), ("einitTokenKey", "false", "true"), ("tcbStatus", "UpToDate", "UpToDate"));
    }

    [Theory]
    [InlineData(48, 0x13, "qe-attributes qe-debug")]
    [InlineData(48, 0x10, "qe-attributes qe-debug")]
    [InlineData(48, 0x31, "qe-attributes")]
    [InlineData(128, 0, "qe-mrsigner")]
    [InlineData(256, 2, "qe-isvprodid")]
    [InlineData(16, 1, "qe-miscselect")]
    [InlineData(258, 5, "qe-level")]
    [InlineData(383, 1, "qe-binding")]
    public void Quoting_enclave_must_be_intels(int offset, byte value, string checks)
    {
        Judge(new MadeQuote { ChangeQeReport = report => report[offset] = value }).Checks().Should().Equal(checks.Split(' '));
    }

    [Fact]
    public void Evidence_of_another_verifier_is_a_bug_of_the_caller()
    {
        s_verifier.Invoking(verifier => verifier.Verify(new OtherEvidence(), MadePlatform.At)).Should().Throw<ArgumentException>();
    }

    private static byte[] Flipped(MadeQuote quote, int offset)
    {
        var bytes = quote.ToBytes();
        bytes[offset] ^= 0x10;
        return bytes;
    }

    private static AttestationResult Judge(MadeQuote quote) => MadeIntel.Judge(s_verifier, quote.ToEvidence(), quote.Platform.Endorsements());

    private static AttestationResult Judge(byte[] bytes) => MadeIntel.Judge(s_verifier, new Bytes(bytes), new MadePlatform().Endorsements());

    private sealed class OtherEvidence() : Evidence.ParsedEvidence(null!);
}
