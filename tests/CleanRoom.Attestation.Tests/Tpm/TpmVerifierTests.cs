using System.Collections.Immutable;
using System.Text;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Certificates;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Attestation.Tests.Support;
using CleanRoom.Attestation.Tpm;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Contracts;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Json;
using CleanRoom.TestKit.Certificates;

namespace CleanRoom.Attestation.Tests.Tpm;

/// <summary>Quotes without a certificate: the key stands for itself.</summary>
public sealed class TpmVerifierTests
{
    private static readonly Timestamp s_now = AttestationVectors.Time("2026-06-01T00:00:00.000Z");
    private static readonly MadeTpmEvidence s_good = new();
    private static readonly ImmutableSortedDictionary<int, byte[]> s_sha384 =
        ImmutableSortedDictionary<int, byte[]>.Empty.Add(14, [.. Enumerable.Repeat((byte)0xAE, 48)]);

    public static TheoryData<string> Schemes => ["ecdsa", "rsassa", "rsapss"];

    [Theory]
    [MemberData(nameof(Schemes))]
    public void A_quote_of_an_honest_key_is_a_warning_in_words_and_says_its_claims(string scheme)
    {
        var made = scheme == "ecdsa" ? s_good : s_good with { Key = TestKey.SharedRsa, Scheme = scheme == "rsassa" ? 0x14 : 0x16 };

        var result = Authenticate(made.ToBytes());

        result.Failures.Should().BeEmpty();
        result.Verdict.Should().Be(AttestationVerdict.Warning);
        result.Words.Should().Equal(TpmVerifier.BareQuote, TpmVerifier.NoCertificate);
        result.Claims!.ReportData.Should().Be(Convert.ToHexStringLower(made.ReportData));
        result.Claims.Anchor.Should().Be(Digest.Of(made.Key.Spki));
        result.Claims.Debug.Should().BeFalse();
        result.Claims.Values["sha256Pcr7"].Should().Be(Convert.ToHexStringLower(made.Pcrs[7]));
        result.Claims.Values["akCertified"].Should().Be("false");
        result.Claims.Values["tpmFirmware"].Should().Be("0102030405060708");
        result.Claims.Values["akName"].Should().StartWith("000b").And.HaveLength(68);
    }

    [Fact]
    public void A_quote_over_the_bank_of_sha384_or_over_both_banks_holds_and_says_its_values()
    {
        var other = s_good with { Pcrs = ImmutableSortedDictionary<int, byte[]>.Empty, Sha384Pcrs = s_sha384 };
        var both = s_good with { Sha384Pcrs = s_sha384 };

        Authenticate(other.ToBytes()).Failures.Should().BeEmpty();
        Authenticate(both.ToBytes()).Failures.Should().BeEmpty();
        Authenticate(both.ToBytes()).Claims!.Values["sha384Pcr14"].Should().Be(Convert.ToHexStringLower(s_sha384[14]));
        Authenticate(both.ToBytes()).Claims!.Values["sha256Pcr7"].Should().Be(Hex(7));
        Authenticate(both.ToBytes()).Claims!.Values[EvidenceClaims.Measurement].Should().NotBe(Authenticate(other.ToBytes()).Claims!.Values[EvidenceClaims.Measurement]);
    }

    [Fact]
    public void A_key_that_signs_with_sha384_makes_the_digest_with_it_too()
    {
        var made = s_good with { Key = TestKey.Ec("P-384"), SignatureHash = 0x000C };

        Authenticate(made.ToBytes()).Failures.Should().BeEmpty();
        Checks(made with { PcrDigest = System.Security.Cryptography.SHA256.HashData([.. made.Pcrs.Values.SelectMany(value => value)]) }).Should().Equal("pcrs");
    }

    [Fact]
    public void Banks_that_are_not_selected_or_selected_besides_are_refused()
    {
        var both = s_good with { Sha384Pcrs = s_sha384 };

        Checks(both with { Selections = [(0x0B, [0, 7, 11])] }).Should().Equal("pcr-selection");
        Checks(s_good with { Selections = [(0x0B, [0, 7, 11]), (0x0C, [14])] }).Should().Equal("pcr-selection");
        Checks(both with { Selections = [(0x0B, [0, 7, 11]), (0x04, [14])] }).Should().Equal("pcr-bank", "pcr-selection");
        Checks(both with { Selections = [(0x0B, [0, 7, 11]), (0x0D, [14])] }).Should().Equal("pcr-bank", "pcr-selection");
        Checks(both with { PcrDigest = new byte[32] }).Should().Equal("pcrs");
        Checks(s_good with { Sha384Pcrs = s_sha384.SetItem(14, new byte[32]) }).Should().Equal("evidence-format");
    }

    [Fact]
    public void The_measurement_is_that_of_the_specification()
    {
        var text = $"{{\"sha256\":{{\"0\":\"{Hex(0)}\",\"11\":\"{Hex(11)}\",\"7\":\"{Hex(7)}\"}}}}";

        Authenticate(s_good.ToBytes()).Claims!.Values[EvidenceClaims.Measurement]
            .Should().Be(Digest.Of([.. "cleanroom/v1/tpm-pcrs"u8, 0, .. Encoding.ASCII.GetBytes(text)]).ToString());
    }

    [Fact]
    public void A_contract_accepts_the_named_key_with_the_named_pcrs_and_no_other_of_either()
    {
        var evidence = s_good.ToBytes();
        var claims = Authenticate(evidence).Claims!;
        var tuple = new ReferenceTuple
        {
            Tee = TeeNames.Tpm,
            Values = ImmutableSortedDictionary<string, string>.Empty
                .Add(EvidenceClaims.Measurement, claims.Values[EvidenceClaims.Measurement])
                .Add("sha256Pcr11", claims.Values["sha256Pcr11"]),
            MinimumTcb = ImmutableSortedDictionary<string, int>.Empty,
            ChipIds = ["any"],
            Anchors = [claims.Anchor!.Value],
            Debug = false,
        };

        Appraise(evidence, tuple).Verdict.Should().Be(AttestationVerdict.Warning);
        Appraise((s_good with { Key = TestKey.Ec("P-256") }).ToBytes(), tuple).Failures.Select(one => one.Check).Should().Equal("anchor");
        Appraise(evidence, tuple with { Anchors = [] }).Failures.Select(one => one.Check).Should().Equal("anchor");
        Rules(tuple).Should().BeEmpty("the contract that names the key vouches for it");
        Rules(tuple with { Anchors = [] }).Should().ContainSingle("nothing would be accepted").Which.Wanted.Should().Contain("the key itself");
        Appraise((s_good with { Pcrs = s_good.Pcrs.SetItem(11, new byte[32]) }).ToBytes(), tuple)
            .Failures.Select(one => one.Check).Should().Equal("measurement", "sha256Pcr11");
    }

    private static ImmutableArray<Refusal> Rules(ReferenceTuple tuple) =>
        ContractRules.CheckAttestation(new AttestationPolicy { Accepted = [tuple], CodeEndorsers = [] }, allowInsecure: false);

    [Fact]
    public void What_no_tpm_made_or_is_no_quote_is_refused_before_anything_else()
    {
        Checks(s_good with { Magic = 0xFF54_4346 }).Should().Equal("quote-magic");
        Checks(s_good with { Type = 0x8017 }).Should().Equal("quote-type");
    }

    [Theory]
    [InlineData(0x0004_0072)] // not restricted
    [InlineData(0x0005_0070)] // not fixedTPM
    [InlineData(0x0005_0062)] // not fixedParent
    [InlineData(0x0005_0052)] // not sensitiveDataOrigin
    [InlineData(0x0001_0072)] // not sign
    [InlineData(0x0007_0072)] // decrypt too
    public void A_key_with_other_attributes_is_refused(uint attributes) => Checks(s_good with { Attributes = attributes }).Should().Equal("ak-attributes");

    [Fact]
    public void A_quote_over_no_pcr_is_refused()
    {
        var none = s_good with { Pcrs = ImmutableSortedDictionary<int, byte[]>.Empty };

        Checks(none with { Selections = [(0x0B, [])] }).Should().Equal("pcr-selection");
        Checks(none with { Selections = [] }).Should().Equal("pcr-bank", "pcr-selection");
    }

    [Fact]
    public void Values_that_are_not_the_selected_ones_are_refused()
    {
        Checks(s_good with { Selections = [(0x0B, [0, 7])] }).Should().Equal("pcr-selection");
        Checks(s_good with { Selections = [(0x0B, [0, 7, 12])] }).Should().Equal("pcr-selection");
        Checks(s_good with { Selections = [(0x04, [0, 7, 11])] }).Should().Equal("pcr-bank", "pcr-selection");
        Checks(s_good with { Selections = [(0x0B, [0, 7]), (0x0B, [7])] }).Should().Equal("pcr-bank", "pcr-selection");
        Checks(s_good with { PcrDigest = new byte[32] }).Should().Equal("pcrs");
        Checks(s_good with { PcrDigest = [] }).Should().Equal("pcrs");
    }

    [Fact]
    public void A_signature_of_another_key_or_hash_is_refused()
    {
        var other = s_good with { Key = TestKey.Ec("P-256") };

        Checks(With("signature", new Bytes(other.Signature()))).Should().Equal("signature");
        Checks(With("akPublic", new Bytes(other.Public()))).Should().Equal("signature");
        Checks(s_good with { SignatureHash = 0x0004 }).Should().Equal("signature-hash");
        Checks(s_good with { SignatureHash = 0x000D }).Should().Contain("signature-hash");
        Checks(s_good with { SignatureHash = 0x0010 }).Should().Equal("signature-hash");
    }

    [Fact]
    public void Every_changed_bit_of_quote_and_signature_is_refused()
    {
        var (quote, signature) = (s_good.Quote(), s_good.Signature());
        for (var bit = 0; bit < 8 * quote.Length; bit += 5)
        {
            Checks(With("quote", new Bytes(Flip(quote, bit)))).Should().NotBeEmpty($"bit {bit} of the quote");
        }

        for (var bit = 0; bit < 8 * signature.Length; bit += 5)
        {
            Checks(With("signature", new Bytes(Flip(signature, bit)))).Should().NotBeEmpty($"bit {bit} of the signature");
        }
    }

    [Theory]
    [InlineData("akPublic")]
    [InlineData("quote")]
    [InlineData("signature")]
    public void Structures_of_another_length_are_refused(string member)
    {
        var bytes = ((JsonString)s_good.Members().Single(one => one.Name == member).Value).Value;
        var whole = Convert.FromBase64String(bytes);
        Checks(With(member, new Bytes([.. whole, 0]))).Should().Contain("evidence-format");
        for (var length = 0; length < whole.Length; length++)
        {
            Checks(With(member, new Bytes(whole.AsSpan(0, length)))).Should().NotBeEmpty($"{length} bytes of {member}");
        }
    }

    [Fact]
    public void Keys_of_another_kind_are_refused()
    {
        var key = s_good.Public();
        foreach (var (offset, what) in new[] { (1, "type"), (3, "name algorithm"), (11, "symmetric"), (17, "curve"), (19, "derivation") })
        {
            Checks(With("akPublic", new Bytes(Flip(key, (8 * offset) + 2)))).Should().Contain("evidence-format", what);
        }

        var rsa = s_good with { Key = TestKey.SharedRsa, Scheme = 0x14 };
        var small = rsa.Public();
        byte[] shortModulus = [.. small[..20], .. TpmBytes.Sized(small.AsSpan(small.Length - 128))];
        Checks(With("akPublic", new Bytes(shortModulus))).Should().Contain("evidence-format");
    }

    [Fact]
    public void Only_the_one_written_form_passes()
    {
        var text = Encoding.UTF8.GetString(s_good.ToBytes().Span);
        Checks(text.Replace("\":", "\": ", StringComparison.Ordinal)).Should().Equal("evidence-format");
        Checks(text + "\n").Should().Equal("evidence-format");
        Checks(text.Replace("tpm-evidence", "tpm-evidenc3", StringComparison.Ordinal)).Should().Equal("evidence-format");
        Checks(text.Replace("\"sha256\"", "\"sha384\"", StringComparison.Ordinal)).Should().Equal("evidence-format");
        Checks(text.Replace("\"11\"", "\"24\"", StringComparison.Ordinal)).Should().Equal("evidence-format");
        Checks(text.Replace("\"7\"", "\"07\"", StringComparison.Ordinal)).Should().Equal("evidence-format");
        Checks(text.Replace("a7a7", "A7A7", StringComparison.Ordinal)).Should().Equal("evidence-format");
        Checks(text.Replace("\"type\"", "\"typf\":\"\",\"type\"", StringComparison.Ordinal)).Should().Equal("evidence-format");
        Checks(new Bytes(Jcs.Write(new JsonObject(s_good.Members().RemoveAt(0))))).Should().Equal("evidence-format");
        Checks(new Bytes(Jcs.Write("text"))).Should().Equal("evidence-format");
        Checks(new Bytes(new byte[262_145])).Should().Equal("evidence-format");
        Checks(default(Bytes)).Should().Equal("evidence-format");
        Checks(s_good with { Safe = 2 }).Should().Equal("evidence-format");
    }

    [Fact]
    public void A_log_that_cannot_be_read_is_refused() => Checks(s_good with { EventLog = [1, 2, 3] }).Should().Equal("event-log-format");

    [Fact]
    public void The_verifier_recognises_its_own_form_alone()
    {
        var verifier = new TpmVerifier();
        verifier.Tee.Should().Be(TeeNames.Tpm);
        verifier.Recognises(s_good.ToBytes().Span).Should().BeTrue();
        verifier.Recognises([]).Should().BeFalse();
        verifier.Recognises("{\"type\":\"cleanroom/v1/azure-vtpm-evidence\"}"u8).Should().BeFalse();
    }

    [Fact]
    public void Evidence_of_another_verifier_is_a_bug_of_the_caller()
    {
        new FakeVerifier().Parse("fake"u8, []).TryGet(out var foreign, out _).Should().BeTrue();

        var act = () => new TpmVerifier().Verify(foreign!, s_now);

        act.Should().Throw<ArgumentException>();
    }

    private static string Hex(int pcr) => Convert.ToHexStringLower(s_good.Pcrs[pcr]);

    private static byte[] Flip(byte[] bytes, int bit)
    {
        var changed = (byte[])bytes.Clone();
        changed[bit / 8] ^= (byte)(1 << (bit % 8));
        return changed;
    }

    private static Bytes With(string member, JsonValue value) =>
        new(Jcs.Write(new JsonObject([.. s_good.Members().Select(one => one.Name == member ? new JsonMember(member, value) : one)])));

    private static IEnumerable<string> Checks(MadeTpmEvidence made) => Checks(made.ToBytes());

    private static IEnumerable<string> Checks(string text) => Checks(new Bytes(Encoding.UTF8.GetBytes(text)));

    private static IEnumerable<string> Checks(Bytes evidence) => Authenticate(evidence).Failures.Select(one => one.Check);

    private static AttestationResult Authenticate(Bytes evidence) => EvidenceAppraiser.Authenticate(
        new PresentedEvidence(TeeNames.Tpm, evidence, []), Expected.Learned<Bytes>("a test"), s_now, [new TpmVerifier(ImmutableArray<TrustAnchor>.Empty)]);

    private static AttestationResult Appraise(Bytes evidence, ReferenceTuple tuple) => EvidenceAppraiser.Appraise(
        new PresentedEvidence(TeeNames.Tpm, evidence, []),
        Expected.Exactly(new Bytes(s_good.ReportData)),
        new AttestationPolicy { Accepted = [tuple], CodeEndorsers = [] },
        allowInsecure: false,
        s_now,
        [new TpmVerifier(ImmutableArray<TrustAnchor>.Empty)]);
}
