using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using CleanRoom.Attestation.AndroidKeyMint;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Certificates;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Attestation.Tests.Support;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.TestKit.Certificates;
using CsCheck;

namespace CleanRoom.Attestation.Tests.AndroidKeyMint;

/// <summary>A good attested key, and each way in which one may be wrong.</summary>
public sealed class AndroidKeyMintVerifierTests
{
    private static readonly Timestamp s_at = Timestamp.From(new DateTimeOffset(2026, 6, 1, 0, 0, 0, TimeSpan.Zero));
    private static readonly TrustAnchor s_anchor = TrustAnchor.Trusted("made-up google", KeyMintMaker.TrustedRoot.Der);
    private static readonly AndroidKeyMintVerifier s_verifier = new([s_anchor]);
    private static readonly Expected<Bytes> s_challenge = Expected.Exactly(new Bytes(new KeyMintMaker().Challenge));

    [Fact]
    public void Good_key_is_a_warning_that_says_what_it_does_not_prove()
    {
        var result = Judge(new KeyMintMaker().Make());

        result.Failures.Should().BeEmpty();
        result.Verdict.Should().Be(AttestationVerdict.Warning);
        result.Words.Should().HaveCount(2).And.Contain(word => word.Contains("status list did not come"));
        result.VouchedBy.Should().Be("made-up google");
        result.ValidUntil!.Value.Value.Should().Be(new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.Zero), "the leaf's dates mean nothing");
        result.Claims!.Anchor.Should().Be(s_anchor.SpkiDigest);
        result.Claims.Values["measurement"].Should().Be(string.Concat(Enumerable.Repeat("b0", 32)));
        result.Claims.Values["publicKey"].Should().Be(Digest.Of(KeyMintMaker.Key.Spki).ToString());
        result.Claims.Values["applicationId"].Should().Be(Digest.Of([1, 2, 3]).ToString());
        result.Claims.Tcb["osPatchLevel"].Should().Be(202_605);
        result.Claims.Tcb["bootPatchLevel"].Should().Be(20_260_501);
    }

    [Fact]
    public void Chain_may_be_pem_and_may_leave_the_root_out()
    {
        var maker = new KeyMintMaker();
        var pem = string.Join('\n', new[] { maker.Leaf(), maker.Device() }.Select(der => PemEncoding.WriteString("CERTIFICATE", der)));

        Judge(new Bytes(Encoding.ASCII.GetBytes(pem))).Failures.Should().BeEmpty();
        Judge(new Bytes([.. maker.Leaf(), .. maker.Device()])).Failures.Should().BeEmpty();
        s_verifier.Recognises(Encoding.ASCII.GetBytes(pem)).Should().BeTrue();
    }

    [Fact]
    public void Software_levels_are_refused_each_by_its_name()
    {
        Checks(new KeyMintMaker { AttestationLevel = 0 }).Should().Equal("attestation-level");
        Checks(new KeyMintMaker { KeyLevel = 0 }).Should().Equal("key-level");
        Checks(new KeyMintMaker { AttestationLevel = 2, KeyLevel = 2 }).Should().BeEmpty();
        Checks(new KeyMintMaker { AttestationLevel = 3 }).Should().Equal("key-description");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Boot_that_the_maker_did_not_verify_is_refused(byte state) =>
        Checks(new KeyMintMaker { BootState = state }).Should().Equal("verifiedBootState");

    [Fact]
    public void Unlocked_device_and_imported_key_are_refused()
    {
        Checks(new KeyMintMaker { IsLocked = false }).Should().Equal("deviceLocked");
        Checks(new KeyMintMaker { Origin = 2 }).Should().Equal("origin");
        Checks(new KeyMintMaker { Origin = 9 }).Should().Equal("origin");
    }

    [Fact]
    public void What_only_the_system_above_the_hardware_says_of_the_boot_counts_for_nothing() =>
        Checks(new KeyMintMaker { IsRootOfTrustInSoftware = true }).Should().Equal("verifiedBootState", "deviceLocked");

    [Fact]
    public void Device_without_a_boot_digest_has_a_measurement_that_no_contract_can_name() =>
        Judge(new KeyMintMaker { BootHash = null }.Make()).Claims!.Values["measurement"].Should().Be("none");

    [Fact]
    public void Another_challenge_is_refused()
    {
        Checks(new KeyMintMaker { Challenge = [1, 2, 3] }).Should().Equal("report-data");
        Checks(new KeyMintMaker { Challenge = [] }).Should().Equal("report-data");
        Checks(new KeyMintMaker { Challenge = [.. new KeyMintMaker().Challenge, 0] }).Should().Equal("report-data");
        Checks(new KeyMintMaker { Challenge = new byte[129] }).Should().Equal("key-description");
    }

    [Fact]
    public void Self_signed_key_and_decoy_root_are_refused()
    {
        var decoy = TestAuthority.Root("CN=made-up android root", TestKey.Ec("P-256"));
        var alone = TestAuthority.Root(
            "CN=Android Keystore Key", KeyMintMaker.Key, new TestCertificateOptions { Extensions = [(KeyDescription.Oid, false, new KeyMintMaker().Description())] });

        Checks(new KeyMintMaker { Root = decoy }).Should().Equal("chain");
        Judge(new Bytes(alone.Der)).Failures.Select(failure => failure.Check).Should().Equal("chain");
    }

    [Fact]
    public void Expired_certificate_above_the_leaf_is_refused() =>
        Checks(new KeyMintMaker { DeviceNotAfter = new DateTime(2026, 5, 1, 0, 0, 0, DateTimeKind.Utc) }).Should().Equal("chain-validity");

    [Theory]
    [InlineData(true, "attested-certificate")]
    [InlineData(false, "attested-certificate chain-constraints")]
    public void Extension_nearest_to_the_root_counts_and_nothing_may_stand_below_it(bool isCa, string checks)
    {
        var unlocked = new KeyMintMaker { IsLocked = false, IsAttestedCa = isCa, KeyNotAfter = new DateTime(2040, 1, 1, 0, 0, 0, DateTimeKind.Utc) };

        var result = Judge(new Bytes([.. unlocked.Below(new KeyMintMaker()), .. unlocked.Make().Span]));

        result.Claims!.Values["deviceLocked"].Should().Be("false", "the lower extension is made up by the key's holder");
        result.Claims.Values["publicKey"].Should().Be(Digest.Of(KeyMintMaker.Key.Spki).ToString());
        result.Failures.Select(failure => failure.Check).Should().Equal([.. checks.Split(' '), "deviceLocked"]);
    }

    [Fact]
    public void Certificate_that_is_not_on_the_path_is_refused()
    {
        var maker = new KeyMintMaker();
        var stranger = TestAuthority.Root("CN=stranger", TestKey.Ec("P-256")).Der;

        Judge(new Bytes([.. maker.Leaf(), .. stranger, .. maker.Device(), .. maker.Root.Der])).Failures.Select(failure => failure.Check).Should().Equal("chain-order");
        Judge(new Bytes([.. maker.Leaf(), .. maker.Device(), .. maker.Device()])).Failures.Select(failure => failure.Check).Should().Equal("chain-order");
    }

    [Theory]
    [InlineData("abcdef", "REVOKED")]
    [InlineData("00ABCDEF", "SUSPENDED")]
    [InlineData("abcdef", "A_NEW_WORD")]
    public void Certificate_in_googles_list_is_refused(string serial, string status)
    {
        var result = Judge(new KeyMintMaker().Make(), List($"{{\"entries\":{{\"{serial}\":{{\"status\":\"{status}\"}}}}}}"));

        result.Failures.Should().ContainSingle().Which.Should().Match<FailedCheck>(failure => failure.Check == "revoked" && failure.Code == RefusalCode.Revoked);
    }

    [Fact]
    public void List_without_the_certificate_changes_the_words_alone()
    {
        var result = Judge(new KeyMintMaker().Make(), List("{\"entries\":{\"abcde\":{\"status\":\"REVOKED\"}}}"));

        result.Failures.Should().BeEmpty();
        result.Words.Should().Contain(word => word.Contains("not signed"));
    }

    [Fact]
    public void Every_changed_byte_of_the_description_is_refused()
    {
        var maker = new KeyMintMaker();
        var (chain, description) = (maker.Make().ToArray(), maker.Description());
        var at = chain.AsSpan().IndexOf(description);
        for (var i = 0; i < description.Length; i++)
        {
            var changed = (byte[])chain.Clone();
            changed[at + i] ^= 1;
            Judge(new Bytes(changed)).Verdict.Should().Be(AttestationVerdict.Contraindicated, $"byte {i} was changed");
        }
    }

    [Fact]
    public void Torn_long_and_trailing_forms_are_refused()
    {
        var chain = new KeyMintMaker().Make().ToArray();
        foreach (var bytes in (byte[][])
            [[], chain[..^1], chain[1..], [.. chain, 0], [.. chain, 0x30], [.. chain, 0x30, 0x80, 0, 0], [.. chain, 0x30, 0x83, 0, 0, 0], [.. chain, .. new byte[128 * 1024]]])
        {
            Judge(new Bytes(bytes)).Failures.Select(failure => failure.Check).Should().Equal("evidence-format");
        }

        byte[] many = [.. Enumerable.Repeat(new KeyMintMaker().Device(), 10).SelectMany(der => der)];
        Judge(new Bytes([.. new KeyMintMaker().Leaf(), .. many])).Failures.Select(failure => failure.Check).Should().Equal("evidence-format");
    }

    [Theory]
    [InlineData(704, 702)]
    [InlineData(702, 702)]
    [InlineData(706, 705)]
    public void Tags_that_repeat_or_are_out_of_order_are_refused(int first, int second) =>
        Checks(new KeyMintMaker { Tags = [first, second] }).Should().Equal("key-description");

    [Fact]
    public void Contract_names_the_system_and_may_accept_the_owners_own()
    {
        var tuple = Tuple(new KeyMintMaker());

        Appraise(new KeyMintMaker(), tuple).Verdict.Should().Be(AttestationVerdict.Warning);
        Failed(new KeyMintMaker { BootHash = new byte[32] }, tuple).Should().Equal("measurement");
        Failed(new KeyMintMaker { BootState = 1 }, tuple).Should().Equal("verifiedBootState");
        Appraise(new KeyMintMaker { BootState = 1 }, tuple with { Values = tuple.Values.Add("verifiedBootState", "self-signed") }).Failures.Should().BeEmpty();
        Failed(new KeyMintMaker(), tuple with { MinimumTcb = tuple.MinimumTcb.Add("osPatchLevel", 202_606) }).Should().Equal("tcb.osPatchLevel");
    }

    [Fact]
    public void No_bytes_make_the_verifier_throw()
    {
        var seed = new KeyMintMaker().Make().ToArray();
        Gen.Select(Gen.Int[0, seed.Length - 1], Gen.Byte).Array[1, 4].Sample(
            changes =>
            {
                var bytes = (byte[])seed.Clone();
                foreach (var (index, value) in changes)
                {
                    bytes[index] = value;
                }

                s_verifier.Recognises(bytes);
                return s_verifier.Parse(bytes, [new Bytes(bytes)]).TryGet(out var parsed, out _) ? s_verifier.Verify(parsed, s_at) is not null : true;
            },
            iter: 500,
            threads: 1);
    }

    [Fact]
    public void Vectors_agree() => Assert.All(AndroidKeyMintVectors.Cases, VectorVerdict.Check);

    private static Bytes List(string json) => new(Encoding.UTF8.GetBytes(json));

    private static ReferenceTuple Tuple(KeyMintMaker maker) => new()
    {
        Tee = s_verifier.Tee,
        Values = ImmutableSortedDictionary<string, string>.Empty.Add("measurement", Convert.ToHexStringLower(maker.BootHash!)),
        MinimumTcb = ImmutableSortedDictionary<string, int>.Empty,
        ChipIds = ["any"],
        Anchors = [s_anchor.SpkiDigest],
        Debug = false,
    };

    private static IEnumerable<string> Failed(KeyMintMaker maker, ReferenceTuple tuple) => Appraise(maker, tuple).Failures.Select(failure => failure.Check);

    private static AttestationResult Appraise(KeyMintMaker maker, ReferenceTuple tuple) => EvidenceAppraiser.Appraise(
        new PresentedEvidence(s_verifier.Tee, maker.Make(), []),
        s_challenge,
        new AttestationPolicy { Accepted = [tuple], CodeEndorsers = [] },
        allowInsecure: false,
        s_at,
        [s_verifier]);

    private static IEnumerable<string> Checks(KeyMintMaker maker) => Judge(maker.Make()).Failures.Select(failure => failure.Check);

    private static AttestationResult Judge(Bytes evidence, params ImmutableArray<Bytes> endorsements) =>
        EvidenceAppraiser.Authenticate(new PresentedEvidence(s_verifier.Tee, evidence, endorsements), s_challenge, s_at, [s_verifier]);
}
