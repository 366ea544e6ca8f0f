using System.Collections.Immutable;
using System.Security.Cryptography;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.ArmCca;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Attestation.Tests.ArmPsa;
using CleanRoom.Attestation.Tests.Cose;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.TestKit.Certificates;

namespace CleanRoom.Attestation.Tests.ArmCca;

/// <summary>CCA tokens: the good one, and each way in which one is wrong.</summary>
public sealed class ArmCcaVerifierTests
{
    private static readonly CcaMaker s_good = new();
    private static readonly ArmCcaVerifier s_verifier = new();
    private static readonly Timestamp s_at = Timestamp.From(new DateTimeOffset(2026, 6, 1, 0, 0, 0, TimeSpan.Zero));

    [Fact]
    public void Genuine_token_has_its_claims_and_is_a_warning_without_a_contract()
    {
        var result = Appraise(s_good.Make());

        result.Failures.Should().BeEmpty();
        result.Verdict.Should().Be(AttestationVerdict.Warning);
        result.Claims!.ReportData.Should().Be(new string('0', 128));
        result.Claims.ChipId.Should().Be("01" + Hex(7, 32));
        result.Claims.Anchor.Should().Be(Digest.Of(CcaMaker.PlatformKey.Spki));
        result.Claims.Values.Remove("platformComponents").Should().BeEquivalentTo(new Dictionary<string, string>
        {
            ["measurement"] = Hex(6, 64), ["rem0"] = Hex(1, 64), ["rem1"] = Hex(2, 64), ["rem2"] = Hex(3, 64), ["rem3"] = Hex(4, 64),
            ["personalizationValue"] = Hex(5, 64), ["platformConfig"] = "0102", ["implementationId"] = Hex(9, 32), ["lifecycle"] = "secured",
            ["componentRMM"] = Hex(3, 32), ["signerRMM"] = Hex(4, 32),
        });
    }

    [Fact]
    public void Contract_affirms_only_when_it_names_key_realm_and_platform()
    {
        var components = Appraise(s_good.Make()).Claims!.Values["platformComponents"];
        var (realm, platform) = (("measurement", Hex(6, 64)), ("platformComponents", components));
        var named = Digest.Of(CcaMaker.PlatformKey.Spki);

        AppraiseWith(named, realm, platform).Verdict.Should().Be(AttestationVerdict.Affirming);
        Checks(AppraiseWith(Digest.Of("another"u8), realm, platform)).Should().Equal("anchor");
        Checks(AppraiseWith(named, realm)).Should().Equal("platformComponents");
        Checks(AppraiseWith(named, platform)).Should().Equal("measurement");
    }

    [Fact]
    public void Second_form_names_the_realm_key_as_a_cose_key()
    {
        var maker = SecondForm(2, CcaMaker.RealmKey);
        Failed(maker.Make()).Should().BeEmpty();
        Failed(maker.WithRealm(44237, CcaMaker.BarePoint).Make()).Should().Equal("evidence-format");
        Failed(s_good.WithRealm(44237, maker.Realm.Single(one => one.Key.Equals(44237L)).Value).Make()).Should().Equal("evidence-format");
        Failed(SecondForm(1, TestKey.Ec("P-256")).Make()).Should().Equal("evidence-format");
        Failed(maker.WithRealm(265, "tag:arm.com,2024:realm#1.0.0").Make()).Should().Equal("evidence-format");
        Failed(maker.WithPlatform(265, "tag:arm.com,2023:cca_platform#1.0.0").Make()).Should().BeEmpty();
    }

    [Fact]
    public void Realm_of_another_platform_is_refused()
    {
        // Both tokens are genuine and both signatures verify; only the hash of the key tells that they do not belong together.
        var other = TestKey.Ec("P-384");
        var realm = (s_good with { RealmSigner = other }).WithRealm(44237, new byte[] { 4 }.Concat(other.Point()).ToArray());
        Failed(realm.Make()).Should().Equal("realm-binding");
        Failed(s_good.WithPlatform(10, SHA384.HashData(CcaMaker.BarePoint)).Make()).Should().Equal("realm-binding");
        Failed(s_good.WithPlatform(10, SHA384.HashData(CcaMaker.BarePoint)).WithRealm(44240, "sha-384").Make()).Should().BeEmpty();
        Failed(s_good.WithPlatform(10, SHA512.HashData(CcaMaker.BarePoint)).WithRealm(44240, "sha-512").Make()).Should().BeEmpty();
    }

    [Fact]
    public void Signatures_must_be_made_by_the_platform_and_by_the_realm()
    {
        Failed((s_good with { PlatformSigner = TestKey.Ec("P-384") }).Make()).Should().Equal("platform-signature");
        Failed((s_good with { RealmSigner = TestKey.Ec("P-384") }).Make()).Should().Equal("realm-signature");
        Failed((s_good with { PlatformSigner = CcaMaker.RealmKey }).Make()).Should().Equal("platform-signature");
        Failed((s_good with { PlatformHeader = CoseBuilder.Header(-257) }).Make()).Should().Equal("platform-algorithm", "platform-signature");
        Failed((s_good with { RealmHeader = CoseBuilder.Header(-257) }).Make()).Should().Equal("realm-algorithm", "realm-signature");
        var failure = Appraise(s_good.Make(), []).Failures.Should().ContainSingle().Which;
        (failure.Check, failure.Code).Should().Be(("attestation-key", RefusalCode.EndorsementMissing));
    }

    [Theory]
    [InlineData(0x0000, "lifecycle")]
    [InlineData(0x2001, "lifecycle")]
    [InlineData(0x4000, "debug,lifecycle")]
    [InlineData(0x5000, "debug,lifecycle")]
    [InlineData(0x6000, "lifecycle")]
    [InlineData(0x30ff, "")]
    [InlineData(0x7000, "evidence-format")]
    public void Only_a_secured_platform_is_accepted(long lifecycle, string failed) =>
        Failed(s_good.WithPlatform(2395, lifecycle).Make()).Should().Equal(failed.Split(',', StringSplitOptions.RemoveEmptyEntries));

    [Fact]
    public void Platform_claims_of_another_form_are_refused()
    {
        foreach (var claim in new[] { 265L, 10, 2396, 256, 2401, 2395, 2402, 2399 })
        {
            Malformed(s_good.WithoutPlatform(claim), claim);
        }

        Failed(s_good.WithoutPlatform(2400).Make()).Should().BeEmpty();
        Malformed(s_good.WithPlatform(265, "http://arm.com/CCA-SSD/2.0.0"), 265);
        Malformed(s_good.WithPlatform(10, new byte[33]), 10);
        Malformed(s_good.WithPlatform(2396, new byte[31]), 2396);
        Malformed(s_good.WithPlatform(256, PsaMaker.Id(2, 7)), 256);
        Malformed(s_good.WithPlatform(2401, Array.Empty<byte>()), 2401);
        Malformed(s_good.WithPlatform(2401, new byte[513]), 2401);
        Malformed(s_good.WithPlatform(2402, "sha-1"), 2402);
        Malformed(s_good.WithPlatform(2399, Array.Empty<object?>()), 2399);
        Malformed(s_good.WithPlatform(2400, string.Empty), 2400);
    }

    [Fact]
    public void Realm_claims_of_another_form_are_refused()
    {
        foreach (var claim in new[] { 10L, 44235, 44236, 44237, 44238, 44239, 44240 })
        {
            Malformed(s_good.WithoutRealm(claim), claim);
        }

        Malformed(s_good.WithRealm(10, new byte[63]), 10);
        Malformed(s_good.WithRealm(10, new byte[65]), 10);
        Malformed(s_good.WithRealm(44235, new byte[63]), 44235);
        Malformed(s_good.WithRealm(44236, "sha-224"), 44236);
        Malformed(s_good.WithRealm(44237, CcaMaker.BarePoint[1..]), 44237);
        Malformed(s_good.WithRealm(44237, new byte[97]), 44237);
        Malformed(s_good.WithRealm(44238, new byte[20]), 44238);
        Malformed(s_good.WithRealm(44239, Enumerable.Repeat((object?)new byte[64], 3).ToArray()), 44239);
        Malformed(s_good.WithRealm(44239, Enumerable.Repeat((object?)new byte[64], 5).ToArray()), 44239);
        Malformed(s_good.WithRealm(44239, Enumerable.Repeat((object?)new byte[20], 4).ToArray()), 44239);
        Malformed(s_good.WithRealm(44240, "sha3-256"), 44240);
    }

    [Fact]
    public void Collection_is_the_two_tokens_and_nothing_else()
    {
        var (platform, realm) = ((44234L, (object?)s_good.PlatformToken()), (44241L, (object?)s_good.RealmToken()));
        Failed(CcaMaker.Collection(398, platform, realm)).Should().Equal("evidence-format");
        Failed(CcaMaker.Collection(399, platform)).Should().Equal("evidence-format");
        Failed(CcaMaker.Collection(399, platform, realm, (1L, 1L))).Should().Equal("evidence-format");
        Failed(CcaMaker.Collection(399, platform, (44241L, "text"))).Should().Equal("evidence-format");
        Failed(CcaMaker.Collection(399, (44234L, new byte[] { 1 }), (44241L, new byte[] { 1 }))).Should().Equal("evidence-format", "evidence-format");
        Failed(CcaMaker.Collection(399, (44234L, realm.Item2), (44241L, platform.Item2))).Should().OnlyContain(check => check == "evidence-format");
        Failed(s_good.Make().AsSpan(3).ToArray()).Should().Equal("evidence-format");
    }

    [Fact]
    public void Torn_lengthened_and_changed_tokens_are_refused_and_nothing_throws()
    {
        var good = s_good.Make();
        Failed([.. good, 0]).Should().Equal("evidence-format");
        for (var i = 0; i < good.Length; i += 3)
        {
            Failed(good.AsSpan(0, i).ToArray()).Should().Equal("evidence-format");
            var changed = (byte[])good.Clone();
            changed[i] ^= 1;
            Failed(changed).Should().NotBeEmpty($"byte {i} was changed");
        }
    }

    private static CcaMaker SecondForm(long curve, TestKey key)
    {
        var point = key.Point();
        var coseKey = CoseBuilder.Map((1L, 2L), (-1L, curve), (-2L, point[..(point.Length / 2)]), (-3L, point[(point.Length / 2)..]));
        var maker = s_good.WithRealm(44237, coseKey).WithPlatform(10, SHA256.HashData(coseKey));
        return maker with { Realm = maker.Realm.Add((265L, "tag:arm.com,2023:realm#1.0.0")) };
    }

    private static AttestationResult AppraiseWith(Digest anchor, params (string Claim, string Value)[] values) => EvidenceAppraiser.Appraise(
        new PresentedEvidence("arm-cca", new Bytes(s_good.Make()), [new Bytes(CcaMaker.PlatformKey.Spki)]),
        CleanRoom.Attestation.Expected.Exactly(new Bytes(new byte[64])),
        new AttestationPolicy
        {
            CodeEndorsers = [],
            Accepted =
            [
                new ReferenceTuple
                {
                    Tee = "arm-cca",
                    Values = values.ToImmutableSortedDictionary(one => one.Claim, one => one.Value, StringComparer.Ordinal),
                    MinimumTcb = ImmutableSortedDictionary<string, int>.Empty,
                    ChipIds = ["any"],
                    Anchors = [anchor],
                    Debug = false,
                },
            ],
        },
        allowInsecure: false,
        s_at,
        [s_verifier]);

    private static void Malformed(CcaMaker maker, long claim) =>
        Failed(maker.Make()).Should().NotBeEmpty().And.OnlyContain(check => check == "evidence-format", $"claim {claim}");

    private static IEnumerable<string> Failed(byte[] evidence) => Checks(Appraise(evidence));

    private static IEnumerable<string> Checks(AttestationResult result) => result.Failures.Select(failure => failure.Check);

    private static AttestationResult Appraise(byte[] evidence) => Appraise(evidence, [CcaMaker.PlatformKey.Spki]);

    private static AttestationResult Appraise(byte[] evidence, byte[][] keys) => EvidenceAppraiser.Authenticate(
        new PresentedEvidence("arm-cca", new Bytes(evidence), [.. keys.Select(key => new Bytes(key))]),
        CleanRoom.Attestation.Expected.Learned<Bytes>("a test"),
        s_at,
        [s_verifier]);

    private static string Hex(byte value, int length) => Convert.ToHexStringLower(PsaMaker.Bytes(value, length));
}
