using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Attestation.Tests.Cose;
using CleanRoom.Protocol;
using CleanRoom.TestKit.Certificates;
using Org.BouncyCastle.Asn1.X509;

namespace CleanRoom.Attestation.Tests.AwsNitro;

/// <summary>Attestation documents: the good one, and each way in which one is wrong.</summary>
public sealed class AwsNitroVerifierTests
{
    private static readonly NitroMaker s_good = new();

    [Fact]
    public void Genuine_document_is_affirmed_with_its_claims()
    {
        var result = Appraise(s_good.With("nonce", new byte[] { 7 }).With("public_key", new byte[] { 8, 9 }).Make());

        result.Verdict.Should().Be(AttestationVerdict.Affirming);
        result.Claims!.ReportData.Should().Be(new string('0', 128));
        result.Claims.Anchor.Should().Be(Digest.Of(NitroMaker.Root.Key.Spki));
        result.Claims.Debug.Should().BeFalse();
        result.Claims.Values.Should().BeEquivalentTo(new Dictionary<string, string>
        {
            ["measurement"] = Hex(1), ["pcr1"] = Hex(2), ["pcr2"] = Hex(3), ["pcr8"] = Hex(0),
            ["moduleId"] = "i-1-enc1", ["nonce"] = "07", ["publicKey"] = "0809",
        });
    }

    [Fact]
    public void Untagged_document_and_missing_optional_members_are_read()
    {
        Failed(s_good.Make()[1..]).Should().BeEmpty();
        var bare = Appraise(s_good.Without("user_data").Without("nonce").Without("public_key").Make());
        bare.Verdict.Should().Be(AttestationVerdict.Affirming);
        bare.Claims!.ReportData.Should().BeEmpty();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Zeros_for_the_image_are_debug(int index) =>
        Failed(s_good.With("pcrs", new (object, object?)[]
        {
            (0L, NitroMaker.Pcr((byte)(index == 0 ? 0 : 1))), (1L, NitroMaker.Pcr((byte)(index == 1 ? 0 : 1))), (2L, NitroMaker.Pcr((byte)(index == 2 ? 0 : 1))),
        }).Make()).Should().Equal("debug");

    [Fact]
    public void Members_of_another_form_are_refused()
    {
        foreach (var member in new[] { "module_id", "digest", "timestamp", "pcrs", "certificate", "cabundle" })
        {
            Failed(s_good.Without(member).Make()).Should().NotBeEmpty().And.OnlyContain(check => check == "evidence-format", member);
            Failed(s_good.With(member, null).Make()).Should().OnlyContain(check => check == "evidence-format", member);
        }

        Malformed("module_id", string.Empty);
        Malformed("module_id", new string('i', 129));
        Malformed("digest", "SHA256");
        Malformed("timestamp", 0L);
        Malformed("timestamp", 253_402_300_800_000L);
        Malformed("certificate", new byte[1_025]);
        Malformed("cabundle", Array.Empty<object?>());
        Malformed("cabundle", new object?[] { Array.Empty<byte>() });
        Malformed("cabundle", Enumerable.Repeat((object?)NitroMaker.Root.Der, 9).ToArray());
        Malformed("public_key", Array.Empty<byte>());
        Malformed("public_key", new byte[1_025]);
        Malformed("user_data", new byte[513]);
        Malformed("user_data", "text");
        Malformed("nonce", new byte[513]);
        Malformed("pcrs", new (object, object?)[] { (0L, NitroMaker.Pcr(1)), (1L, NitroMaker.Pcr(1)) });
        Malformed("pcrs", new (object, object?)[] { (0L, NitroMaker.Pcr(1)), (1L, NitroMaker.Pcr(1)), (2L, new byte[32]) });
        Malformed("pcrs", new (object, object?)[] { (0L, NitroMaker.Pcr(1)), (1L, NitroMaker.Pcr(1)), (2L, NitroMaker.Pcr(1)), (32L, NitroMaker.Pcr(1)) });
        Failed((s_good with { Members = [.. s_good.Members, ("more", 1L)] }).Make()).Should().Equal("evidence-format");
    }

    [Fact]
    public void Document_of_an_instance_s_tpm_is_refused_by_that_name()
    {
        var registers = new (object, object?)[] { (0L, NitroMaker.Pcr(1)), (4L, NitroMaker.Pcr(2)) };
        var made = s_good.Without("pcrs");

        Failed((made with { Members = [.. made.Members, ("nitrotpm_pcrs", registers)] }).Make()).Should().Equal("nitrotpm");
        Failed((s_good with { Members = [.. s_good.Members, ("nitrotpm_pcrs", registers)] }).Make()).Should().Equal("nitrotpm");
    }

    [Fact]
    public void Torn_lengthened_and_changed_documents_are_refused_and_nothing_throws()
    {
        var good = s_good.Make();
        Failed([.. good, 0]).Should().Equal("evidence-format");
        for (var i = 0; i < good.Length; i += 7)
        {
            Failed(good.AsSpan(0, i).ToArray()).Should().Equal("evidence-format");
            var changed = (byte[])good.Clone();
            changed[i] ^= 1;
            Failed(changed).Should().NotBeEmpty($"byte {i} was changed");
            NitroMaker.Verifier.Recognises(changed);
        }
    }

    [Fact]
    public void Signature_must_be_made_by_the_leaf_with_es384()
    {
        Failed((s_good with { Signer = TestKey.Ec("P-384") }).Make()).Should().Equal("signature");
        Failed((s_good with { Header = CoseBuilder.Header(-7) }).Make()).Should().Equal("algorithm", "signature");

        // A signature that verifies, with an algorithm that is not Nitro's.
        var key = TestKey.Ec("P-256");
        var other = s_good.With("certificate", NitroMaker.Zone.Issue("CN=enclave", key.Spki, NitroMaker.LeafOptions)) with { Signer = key, Header = CoseBuilder.Header(-7) };
        Failed(other.Make()).Should().Equal("algorithm");
    }

    [Fact]
    public void Document_is_good_for_an_hour()
    {
        Failed(Made(TimeSpan.FromHours(-1))).Should().BeEmpty();
        Failed(Made(TimeSpan.FromHours(-1) - TimeSpan.FromMilliseconds(1))).Should().Equal("timestamp");
        Failed(Made(TimeSpan.FromMinutes(5))).Should().BeEmpty();
        Failed(Made(TimeSpan.FromMinutes(5) + TimeSpan.FromMilliseconds(1))).Should().Equal("timestamp");
    }

    [Fact]
    public void Chain_must_end_in_the_pinned_root()
    {
        var decoy = TestAuthority.Root("CN=aws.nitro-enclaves", TestKey.Ec("P-384"));
        var zone = decoy.Intermediate("CN=zone", TestKey.Ec("P-384"));
        var leaf = zone.Issue("CN=enclave", NitroMaker.LeafKey.Spki, NitroMaker.LeafOptions);
        Failed(s_good.With("certificate", leaf).With("cabundle", new object?[] { decoy.Der, zone.Der }).Make()).Should().Equal("chain");
        Failed(s_good.With("certificate", leaf).With("cabundle", new object?[] { NitroMaker.Root.Der, zone.Der }).Make()).Should().Equal("chain");
        Failed(s_good.With("cabundle", new object?[] { NitroMaker.Root.Der, zone.Der }).Make()).Should().Equal("chain");
        Failed(s_good.With("certificate", new byte[] { 1 }).Make()).Should().Equal("chain");
    }

    [Fact]
    public void Bundle_is_the_path_from_the_root_down()
    {
        Failed(s_good.With("cabundle", new object?[] { NitroMaker.Zone.Der, NitroMaker.Root.Der }).Make()).Should().Equal("cabundle");
        Failed(s_good.With("cabundle", new object?[] { NitroMaker.Zone.Der }).Make()).Should().Equal("cabundle");
        Failed(s_good.With("cabundle", new object?[] { NitroMaker.Root.Der, new byte[] { 1 }, NitroMaker.Zone.Der }).Make()).Should().Equal("cabundle");
    }

    [Fact]
    public void Expired_leaf_is_refused()
    {
        var expired = NitroMaker.LeafOptions with { NotAfter = NitroMaker.At.Value.UtcDateTime.AddMinutes(-1) };
        Failed(s_good.With("certificate", NitroMaker.Zone.Issue("CN=enclave", NitroMaker.LeafKey.Spki, expired)).Make()).Should().Equal("chain-validity");
    }

    [Fact]
    public void Only_a_leaf_that_may_sign_signs()
    {
        foreach (var options in new[] { new TestCertificateOptions(), new() { KeyUsage = KeyUsage.KeyAgreement }, NitroMaker.LeafOptions with { IsCa = true } })
        {
            Failed(s_good.With("certificate", NitroMaker.Zone.Issue("CN=enclave", NitroMaker.LeafKey.Spki, options)).Make()).Should().Equal("leaf");
        }
    }

    [Fact]
    public void All_failures_are_listed()
    {
        var maker = s_good.With("timestamp", 1L).With("cabundle", new object?[] { NitroMaker.Zone.Der }) with { Signer = TestKey.Ec("P-384") };
        Failed(maker.Make()).Should().Equal("timestamp", "signature", "cabundle");
    }

    [Fact]
    public void Only_documents_are_recognised()
    {
        NitroMaker.Verifier.Recognises(s_good.Make()).Should().BeTrue();
        NitroMaker.Verifier.Recognises(s_good.Make().AsSpan(1)).Should().BeTrue();
        NitroMaker.Verifier.Recognises(s_good.Without("module_id").Make()).Should().BeFalse();
        NitroMaker.Verifier.Recognises([]).Should().BeFalse();
    }

    private static void Malformed(string member, object? value) =>
        Failed(s_good.With(member, value).Make()).Should().NotBeEmpty().And.OnlyContain(check => check == "evidence-format", member);

    private static byte[] Made(TimeSpan after) => s_good.With("timestamp", NitroMaker.At.Plus(after).Value.ToUnixTimeMilliseconds()).Make();

    private static IEnumerable<string> Failed(byte[] evidence) => Appraise(evidence).Failures.Select(failure => failure.Check);

    private static AttestationResult Appraise(byte[] evidence) => EvidenceAppraiser.Authenticate(
        new PresentedEvidence("aws-nitro", new Bytes(evidence), []), CleanRoom.Attestation.Expected.Learned<Bytes>("a test"), NitroMaker.At, [NitroMaker.Verifier]);

    private static string Hex(byte value) => Convert.ToHexStringLower(NitroMaker.Pcr(value));
}
