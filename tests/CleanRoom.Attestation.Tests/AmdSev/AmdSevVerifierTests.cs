using CleanRoom.Attestation.AmdSev;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Protocol;
using CleanRoom.TestKit.Certificates;

namespace CleanRoom.Attestation.Tests.AmdSev;

/// <summary>Platforms of a made-up AMD: the good one, and each of its parts forged.</summary>
public sealed class AmdSevVerifierTests
{
    private static readonly byte[] s_ark = TestSev.Ark();
    private static readonly byte[] s_ask = TestSev.Ask();

    [Fact]
    public void Good_platform_is_at_best_a_warning()
    {
        var result = TestSev.Judge(TestSev.Platform(), s_ask, s_ark);

        result.Failures.Should().BeEmpty();
        result.Verdict.Should().Be(AttestationVerdict.Warning);
        result.Words.Should().Contain(word => word.Contains("neither a guest nor its code", StringComparison.Ordinal));
        result.Claims!.Anchor.Should().Be(Digest.Of(TestSev.ArkKey.Spki));
        result.Claims.ChipId.Should().Be(Digest.Of(TestSev.CekKey.Spki).ToString());
        result.Claims.Values.Should().Equal(new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["api"] = "0.22",
            ["measurement"] = "none",
            ["ownerKey"] = Digest.Of(TestSev.OcaKey.Spki).ToString(),
            ["platformKey"] = Digest.Of(TestSev.PdhKey.Spki).ToString(),
        });
        TestSev.Failed(TestSev.Platform(), [.. s_ark, .. s_ask]).Should().BeEmpty("both may be in one file");
    }

    [Fact]
    public void No_binding_is_answered()
    {
        var presented = new PresentedEvidence(TeeNames.AmdSev, new Bytes(TestSev.Platform()), [new Bytes(s_ask), new Bytes(s_ark)]);

        EvidenceAppraiser.Authenticate(presented, Expected.Exactly(new Bytes(new byte[64])), TestSev.At, [TestSev.Verifier])
            .Failures.Should().ContainSingle().Which.Check.Should().Be("report-data");
    }

    [Fact]
    public void Missing_endorsements_are_named_so()
    {
        var result = TestSev.Judge(TestSev.Platform());

        result.Failures.Select(failure => failure.Check).Should().Equal("ask", "ark");
        result.Failures.Should().OnlyContain(failure => failure.Code == RefusalCode.EndorsementMissing);
        TestSev.Failed(TestSev.Platform(), s_ask).Should().Equal("ark");
        TestSev.Failed(TestSev.Platform(), s_ark).Should().Equal("ask");
    }

    [Fact]
    public void Each_signature_counts()
    {
        TestSev.Failed(TestSev.Platform(pdh: TestSev.Pdh(signer: TestSev.CekKey)), s_ask, s_ark).Should().Equal("pdh-signature");
        TestSev.Failed(TestSev.Platform(pek: TestSev.Pek(owner: TestKey.Ec("P-256"))), s_ask, s_ark).Should().Equal("pek-owner-signature");
        TestSev.Failed(TestSev.Platform(pek: TestSev.Pek(chip: TestSev.PekKey)), s_ask, s_ark).Should().Equal("pek-chip-signature");
        TestSev.Failed(TestSev.Platform(oca: TestSev.Oca(signer: TestKey.Ec("P-256"))), s_ask, s_ark).Should().Equal("oca-signature");
        TestSev.Failed(TestSev.Platform(cek: TestSev.Cek(signer: TestSev.ArkKey)), s_ask, s_ark).Should().Equal("cek-signature");
        TestSev.Failed(TestSev.Platform(), TestSev.Authority(TestSev.AskKey, 0x13, 0xA2, TestSev.AskKey, 0xA1), s_ark).Should().Equal("ask-signature");
        TestSev.Failed(TestSev.Platform(), TestSev.Authority(TestSev.AskKey, 0x13, 0xA2, TestSev.ArkKey, 0xA9), s_ark).Should().Equal("ask-signature");
        TestSev.Failed(TestSev.Platform(), s_ask, TestSev.Authority(TestSev.ArkKey, 0, 0xA1, TestSev.AskKey, 0xA1)).Should().Equal("ark-signature");
    }

    [Fact]
    public void Root_of_somebody_else_is_refused()
    {
        var decoy = TestKey.Rsa2048();
        var ark = TestSev.Authority(decoy, 0, 0xA1, decoy, 0xA1);
        var ask = TestSev.Authority(TestSev.AskKey, 0x13, 0xA2, decoy, 0xA1);

        TestSev.Failed(TestSev.Platform(), ask, ark).Should().Equal("chain");
        new AmdSevVerifier().Parse(TestSev.Platform(), [new Bytes(s_ask), new Bytes(s_ark)]).TryGet(out var parsed, out _).Should().BeTrue();
        new AmdSevVerifier().Verify(parsed!, TestSev.At).Failures.Should().ContainSingle().Which.Check.Should().Be("chain");
    }

    [Theory]
    [InlineData(5, "pdh-signature")]
    [InlineData(SevCertificate.Length + 5, "pek-owner-signature")]
    [InlineData((2 * SevCertificate.Length) + 5, "oca-signature")]
    [InlineData((3 * SevCertificate.Length) + 5, "cek-signature")]
    public void Changed_content_is_refused(int offset, string check)
    {
        var platform = TestSev.Platform();
        platform[offset] ^= 1;

        TestSev.Failed(platform, s_ask, s_ark).Should().Contain(check);
    }

    [Fact]
    public void Signature_is_of_the_algorithm_that_it_names_and_nothing_follows_it()
    {
        byte[] Changed(int offset, byte value)
        {
            var pdh = TestSev.Pdh();
            pdh[TestSev.FirstSignatureAt + offset] = value;
            return TestSev.Platform(pdh: pdh);
        }

        TestSev.Failed(Changed(5, 0), s_ask, s_ark).Should().Equal("pdh-signature");
        TestSev.Failed(Changed(4, 3), s_ask, s_ark).Should().Equal("pdh-signature");
        TestSev.Failed(Changed(8 + 48, 1), s_ask, s_ark).Should().Equal("pdh-signature");
        TestSev.Failed(Changed(8 + 144, 1), s_ask, s_ark).Should().Equal("pdh-signature");
        TestSev.Failed(Changed(8 + 511, 1), s_ask, s_ark).Should().Equal("pdh-signature");

        var cek = TestSev.Cek();
        cek[TestSev.FirstSignatureAt + 8 + 256] = 1;
        TestSev.Failed(TestSev.Platform(cek: cek), s_ask, s_ark).Should().Equal("cek-signature");
        cek = TestSev.Cek();
        cek[TestSev.FirstSignatureAt + 4] = 2;
        TestSev.Failed(TestSev.Platform(cek: cek), s_ask, s_ark).Should().Equal("cek-signature");
    }
}
