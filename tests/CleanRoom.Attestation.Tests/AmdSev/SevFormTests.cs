using CleanRoom.Attestation.AmdSev;

namespace CleanRoom.Attestation.Tests.AmdSev;

/// <summary>The form of the certificates: each rule broken alone.</summary>
public sealed class SevFormTests
{
    private static readonly byte[] s_ark = TestSev.Ark();
    private static readonly byte[] s_ask = TestSev.Ask();

    [Fact]
    public void Length_is_exact()
    {
        var platform = TestSev.Platform();

        TestSev.Failed(platform[..^1], s_ask, s_ark).Should().Equal("evidence-format");
        TestSev.Failed([.. platform, 0], s_ask, s_ark).Should().Equal("evidence-format");
        TestSev.Failed([], s_ask, s_ark).Should().Equal("evidence-format");
    }

    [Theory]
    [InlineData(0, 2)]
    [InlineData(6, 1)]
    [InlineData(8, 4)]
    [InlineData(12, 2)]
    [InlineData(16, 3)]
    [InlineData(20, 0xFF)]
    [InlineData(20 + 48, 1)]
    [InlineData(92 + 71, 1)]
    [InlineData(16 + 148, 1)]
    [InlineData(0x413, 1)]
    [InlineData(0x620, 1)]
    [InlineData(0x624, 1)]
    [InlineData(0x823, 1)]
    public void Broken_certificate_of_the_platform_is_refused(int offset, byte value) =>
        TestSev.Failed(TestSev.Platform(pdh: TestSev.Pdh(pdh => pdh[offset] = (byte)(pdh[offset] == value ? value ^ 1 : value))), s_ask, s_ark).Should().Equal("pdh-form");

    [Fact]
    public void Places_are_not_exchanged_and_all_failures_are_listed()
    {
        TestSev.Failed(TestSev.Platform(pdh: TestSev.Pek(), pek: TestSev.Pdh()), s_ask, s_ark).Should().Equal("pdh-form", "pek-form");
        TestSev.Failed(TestSev.Platform(oca: TestSev.Cek(), cek: TestSev.Oca()), s_ask, s_ark).Should().Equal("oca-form", "cek-form");
        TestSev.Failed(TestSev.Platform(pek: TestSev.Pek(pek => pek[12] = 3)), s_ask, s_ark).Should().Equal("pek-form");
    }

    [Theory]
    [InlineData(0, 2)]
    [InlineData(40, 1)]
    [InlineData(57, 0x10)]
    [InlineData(61, 0x10)]
    [InlineData(61, 0x04)]
    [InlineData(64, 0)]
    [InlineData(72, 1)]
    [InlineData(319, 1)]
    [InlineData(575, 0)]
    public void Broken_certificate_of_amd_is_no_endorsement(int offset, byte value) =>
        TestSev.Failed(TestSev.Platform(), TestSev.Ask(ask => ask[offset] = value), s_ark).Should().Equal("ask");

    [Fact]
    public void Certificate_of_amd_without_its_signature_or_with_more_is_none()
    {
        TestSev.Failed(TestSev.Platform(), s_ask, s_ark[..576]).Should().Equal("ark");
        TestSev.Failed(TestSev.Platform(), s_ask, [.. s_ark, 0]).Should().Equal("ark");
        TestSev.Failed(TestSev.Platform(), s_ask[..^1], s_ark).Should().Equal("ask");
    }

    [Fact]
    public void Nothing_is_thrown_whatever_the_bytes()
    {
        var random = new Random(7);
        var (good, ask) = (TestSev.Platform(), s_ask);
        for (var i = 0; i < 100; i++)
        {
            var (platform, endorsement) = ((byte[])good.Clone(), (byte[])ask.Clone());
            platform[random.Next(platform.Length)] ^= (byte)random.Next(1, 256);
            endorsement[random.Next(endorsement.Length)] ^= (byte)random.Next(1, 256);
            TestSev.Judge(platform, endorsement, s_ark).Failures.Should().NotBeEmpty();
        }
    }

    [Fact]
    public void Only_platforms_are_recognised()
    {
        var verifier = new AmdSevVerifier();

        verifier.Recognises(TestSev.Platform()).Should().BeTrue();
        verifier.Recognises(TestSev.Pdh()).Should().BeFalse();
        verifier.Recognises(TestSev.Platform(pdh: TestSev.Pek())).Should().BeFalse();
        verifier.Recognises([]).Should().BeFalse();
        verifier.Recognises(new byte[SevPlatform.Length]).Should().BeFalse();
    }
}
