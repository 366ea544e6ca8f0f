using System.Collections.Immutable;
using System.Formats.Cbor;
using System.Security.Cryptography;
using System.Text;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.ArmPsa;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Attestation.Tests.Cose;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.TestKit.Certificates;

namespace CleanRoom.Attestation.Tests.ArmPsa;

/// <summary>PSA tokens: the good one, and each way in which one is wrong.</summary>
public sealed class ArmPsaVerifierTests
{
    private static readonly PsaMaker s_good = new();
    private static readonly ArmPsaVerifier s_verifier = new();
    private static readonly Timestamp s_at = Timestamp.From(new DateTimeOffset(2026, 6, 1, 0, 0, 0, TimeSpan.Zero));

    [Fact]
    public void Genuine_token_has_its_claims_and_is_a_warning_without_a_contract()
    {
        var result = Appraise(s_good.Make());

        result.Failures.Should().BeEmpty();
        result.Verdict.Should().Be(AttestationVerdict.Warning);
        result.Words.Should().ContainSingle().Which.Should().Contain("came with the evidence");
        result.Claims!.ReportData.Should().Be(new string('0', 128));
        result.Claims.ChipId.Should().Be("01" + string.Concat(Enumerable.Repeat("07", 32)));
        result.Claims.Anchor.Should().Be(Digest.Of(PsaMaker.Key.Spki));
        result.Claims.Values.Should().BeEquivalentTo(new Dictionary<string, string>
        {
            ["measurement"] = Measurement(),
            ["componentSPE"] = Hex(3), ["signerSPE"] = Hex(4), ["componentNSPE"] = Hex(4), ["signerNSPE"] = Hex(5),
            ["implementationId"] = Hex(9), ["clientId"] = "fffffffb", ["lifecycle"] = "secured", ["profile"] = "tag:psacertified.org,2023:psa#tfm",
            ["bootSeed"] = "0808080808080808", ["certification"] = "1234567890123-12345",
        });
    }

    [Fact]
    public void Contract_that_names_the_key_affirms_and_one_that_names_another_refuses()
    {
        AppraiseWith(Digest.Of(PsaMaker.Key.Spki)).Verdict.Should().Be(AttestationVerdict.Affirming);
        AppraiseWith(Digest.Of("another"u8)).Failures.Select(failure => failure.Check).Should().Equal("anchor");
        AppraiseWith(null).Failures.Select(failure => failure.Check).Should().Equal("anchor");
    }

    [Fact]
    public void Key_is_read_from_pem_der_and_jwk_wherever_it_stands()
    {
        foreach (var key in new[] { PsaMaker.Key.Spki, Pem(PsaMaker.Key.Spki), Jwk(PsaMaker.Key, string.Empty) })
        {
            Failed(s_good.Make(), [1, 2], TestKey.Ec("P-256").Spki, key).Should().BeEmpty();
        }

        Failed(s_good.Make(), Jwk(PsaMaker.Key, ",\"d\":\"AA\"")).Should().Equal("attestation-key");
        Failed(s_good.Make(), Jwk(PsaMaker.Key, ",\"crv\":\"P-256\"")).Should().Equal("attestation-key");
        Failed(s_good.Make(), "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"?\",\"y\":1}"u8.ToArray(), "[]"u8.ToArray(), new byte[5_000]).Should().Equal("attestation-key");
    }

    [Fact]
    public void Missing_key_is_a_missing_endorsement()
    {
        var failure = Appraise(s_good.Make(), []).Failures.Should().ContainSingle().Which;
        (failure.Check, failure.Code).Should().Be(("attestation-key", RefusalCode.EndorsementMissing));
    }

    [Fact]
    public void Signature_must_be_made_by_a_key_that_came_with_ecdsa()
    {
        Failed((s_good with { Signer = TestKey.Ec("P-256") }).Make()).Should().Equal("signature");
        Failed((s_good with { Header = CoseBuilder.Header(-35) }).Make()).Should().Equal("signature");
        Failed((s_good with { Header = CoseBuilder.Header(-257) }).Make()).Should().Equal("algorithm", "signature");
        var rsa = TestKey.SharedRsa.AsPss384();
        var (header, payload) = (CoseBuilder.Header(-38), CoseBuilder.Map([.. s_good.Claims]));
        Failed(CoseBuilder.Message(18, header, CoseBuilder.NoHeader, payload, rsa.Sign(CoseBuilder.ToBeSigned(header, payload))), rsa.Spki).Should().Equal("algorithm");
        var p384 = TestKey.Ec("P-384");
        Failed((s_good with { Signer = p384, Header = CoseBuilder.Header(-35) }).Make(), p384.Spki).Should().BeEmpty();
    }

    [Fact]
    public void Mac_is_refused_and_recognised()
    {
        var mac = CoseBuilder.Message(CoseBuilder.Mac0, CoseBuilder.Header(5), CoseBuilder.NoHeader, CoseBuilder.Map([.. s_good.Claims]), new byte[32]);
        s_verifier.Recognises(mac).Should().BeTrue();
        Appraise(mac).Failures.Should().ContainSingle().Which.Got.Should().Contain("COSE_Mac0");
    }

    [Theory]
    [InlineData(0x0000, "lifecycle")]
    [InlineData(0x10ff, "lifecycle")]
    [InlineData(0x2000, "lifecycle")]
    [InlineData(0x4000, "debug,lifecycle")]
    [InlineData(0x5001, "debug,lifecycle")]
    [InlineData(0x60ff, "lifecycle")]
    [InlineData(0x30ff, "")]
    [InlineData(0x3100, "evidence-format")]
    [InlineData(0x2fff, "evidence-format")]
    [InlineData(0x6100, "evidence-format")]
    [InlineData(-1, "evidence-format")]
    public void Only_a_secured_platform_is_accepted(long lifecycle, string failed) =>
        Failed(s_good.With(2395, lifecycle).Make()).Should().Equal(failed.Split(',', StringSplitOptions.RemoveEmptyEntries));

    [Fact]
    public void Claims_of_another_form_are_refused()
    {
        foreach (var claim in new[] { 265L, 10, 256, 2394, 2395, 2396, 2399 })
        {
            Malformed(s_good.Without(claim), claim);
            Malformed(s_good.With(claim, null), claim);
        }

        foreach (var claim in new[] { 2397L, 2398, 2400 })
        {
            Failed(s_good.Without(claim).Make()).Should().BeEmpty();
            Malformed(s_good.With(claim, null), claim);
        }

        Malformed(s_good.With(265, "http://arm.com/psa/3.0.0"), 265);
        foreach (var length in new[] { 0, 31, 33, 63, 65 })
        {
            Malformed(s_good.With(10, new byte[length]), 10);
        }

        Malformed(s_good.With(256, PsaMaker.Id(2, 7)), 256);
        Malformed(s_good.With(256, PsaMaker.Bytes(1, 32)), 256);
        Malformed(s_good.With(2394, 1L << 31), 2394);
        Malformed(s_good.With(2396, new byte[33]), 2396);
        Malformed(s_good.With(2397, new byte[7]), 2397);
        Malformed(s_good.With(2397, new byte[33]), 2397);
        foreach (var text in new[] { "1234567890123", "1234567890123-1234", "1234567890123 12345", "123456789012a-12345", "1234567890123-1234a", string.Empty })
        {
            Malformed(s_good.With(2398, text), 2398);
        }

        Malformed(s_good.With(2400, string.Empty), 2400);
    }

    [Fact]
    public void Components_of_another_form_are_refused()
    {
        Malformed(s_good.With(2399, Array.Empty<object?>()), 2399);
        Malformed(s_good.With(2399, new object?[] { 1L }), 2399);
        Malformed(s_good.With(2399, Enumerable.Range(0, 65).Select(i => (object?)PsaMaker.Component("c" + i, 1)).ToArray()), 2399);
        var good = PsaMaker.Component("SPE", 3);
        for (var i = 0; i < good.Length; i++)
        {
            var (key, other) = (good[i].Key, (object?)true);
            Malformed(s_good.With(2399, new object?[] { good.Select(one => one.Key.Equals(key) ? (key, other) : one).ToArray() }), 2399);
        }

        Malformed(s_good.With(2399, new object?[] { good.Where(one => !one.Key.Equals(2L)).ToArray() }), 2399);
        Malformed(s_good.With(2399, new object?[] { good.Where(one => !one.Key.Equals(5L)).ToArray() }), 2399);
    }

    [Fact]
    public void Components_that_share_a_name_or_have_none_are_in_the_measurement_alone()
    {
        var result = Appraise(s_good.With(2399, new object?[] { PsaMaker.Component("A_1", 1), PsaMaker.Component("A1", 2), PsaMaker.Component(null, 3), PsaMaker.Component("_", 4), PsaMaker.Component(new string('c', 33), 5) }).Make());
        result.Failures.Should().BeEmpty();
        result.Claims!.Values.Keys.Should().NotContain(name => name.StartsWith("component", StringComparison.Ordinal) || name.StartsWith("signer", StringComparison.Ordinal));
        result.Claims.Values["measurement"].Should().NotBe(Measurement());
    }

    [Fact]
    public void First_version_is_read_with_its_own_rules()
    {
        var first = PsaMaker.First;
        Failed(first.Make()).Should().BeEmpty();
        s_verifier.Recognises(first.Make()).Should().BeTrue();
        Appraise(first.Make()).Claims!.Values["profile"].Should().Be("PSA_IOT_PROFILE_1");
        Failed(first.Without(-75_000).Make()).Should().BeEmpty("the first version may leave the profile out");
        Failed(first.With(-75_005, "1234567890123-12345").Make()).Should().BeEmpty();
        foreach (var claim in new[] { -75_008L, -75_009, -75_003, -75_001, -75_002, -75_004, -75_006 })
        {
            Malformed(first.Without(claim), claim);
        }

        Malformed(first.With(-75_000, "PSA_IOT_PROFILE_2"), -75_000);
        Malformed(first.With(-75_004, new byte[31]), -75_004);
        Malformed(first.With(-75_005, "123456789012"), -75_005);
        Malformed(first.Plus(265, "another"), 265);
    }

    [Fact]
    public void Token_that_says_that_nothing_was_measured_is_refused()
    {
        var without = PsaMaker.First.Without(-75_006);
        Failed(without.Plus(-75_007, 1L).Make()).Should().Equal("measurement");
        Malformed(without.Plus(-75_007, 2L), -75_007);
        Malformed(PsaMaker.First.Plus(-75_007, 1L), -75_007);
        Malformed(s_good.Without(2399).Plus(-75_007, 1L), 2399);
    }

    [Fact]
    public void Torn_lengthened_and_changed_tokens_are_refused_and_nothing_throws()
    {
        var good = s_good.Make();
        Failed([.. good, 0]).Should().Equal("evidence-format");
        for (var i = 0; i < good.Length; i++)
        {
            Failed(good.AsSpan(0, i).ToArray()).Should().Equal("evidence-format");
            var changed = (byte[])good.Clone();
            changed[i] ^= 1;
            Failed(changed).Should().NotBeEmpty($"byte {i} was changed");
            s_verifier.Recognises(changed);
        }
    }

    private static AttestationResult AppraiseWith(Digest? anchor) => EvidenceAppraiser.Appraise(
        new PresentedEvidence("arm-psa", new Bytes(s_good.Make()), [new Bytes(PsaMaker.Key.Spki)]),
        CleanRoom.Attestation.Expected.Exactly(new Bytes(new byte[64])),
        new AttestationPolicy
        {
            CodeEndorsers = [],
            Accepted =
            [
                new ReferenceTuple
                {
                    Tee = "arm-psa",
                    Values = ImmutableSortedDictionary<string, string>.Empty.Add("measurement", Measurement()),
                    MinimumTcb = ImmutableSortedDictionary<string, int>.Empty,
                    ChipIds = ["any"],
                    Anchors = anchor is { } named ? [named] : [],
                    Debug = false,
                },
            ],
        },
        allowInsecure: false,
        s_at,
        [s_verifier]);

    private static void Malformed(PsaMaker maker, long claim) =>
        Failed(maker.Make()).Should().NotBeEmpty().And.OnlyContain(check => check == "evidence-format", $"claim {claim}");

    private static IEnumerable<string> Failed(byte[] evidence) => Failed(evidence, PsaMaker.Key.Spki);

    private static IEnumerable<string> Failed(byte[] evidence, params byte[][] keys) => Appraise(evidence, keys).Failures.Select(failure => failure.Check);

    private static AttestationResult Appraise(byte[] evidence) => Appraise(evidence, [PsaMaker.Key.Spki]);

    private static AttestationResult Appraise(byte[] evidence, byte[][] keys) => EvidenceAppraiser.Authenticate(
        new PresentedEvidence("arm-psa", new Bytes(evidence), [.. keys.Select(key => new Bytes(key))]),
        CleanRoom.Attestation.Expected.Learned<Bytes>("a test"),
        s_at,
        [s_verifier]);

    private static string Measurement()
    {
        var writer = new CborWriter();
        CoseBuilder.Write(writer, s_good.Claims.Single(one => one.Key.Equals(2399L)).Value);
        return Convert.ToHexStringLower(SHA256.HashData(writer.Encode()));
    }

    private static byte[] Pem(byte[] spki) => Encoding.ASCII.GetBytes(PemEncoding.WriteString("PUBLIC KEY", spki));

    private static byte[] Jwk(TestKey key, string more)
    {
        var point = key.Point();
        var (x, y) = (System.Buffers.Text.Base64Url.EncodeToString(point.AsSpan(0, 32)), System.Buffers.Text.Base64Url.EncodeToString(point.AsSpan(32)));
        return Encoding.ASCII.GetBytes($"{{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"{x}\",\"y\":\"{y}\"{more}}}");
    }

    private static string Hex(byte value) => Convert.ToHexStringLower(PsaMaker.Bytes(value, 32));
}
