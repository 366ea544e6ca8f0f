using System.Buffers.Binary;
using CleanRoom.Attestation.AmdSevSnp;

namespace CleanRoom.Attestation.Tests.AmdSevSnp;

/// <summary>The form of a report: each rule broken alone, and bytes that are no report at all.</summary>
public sealed class SnpReportParserTests
{
    public static TheoryData<int, byte, string> Broken => new()
    {
        { 0x30, 4, "vmpl" },
        { 0x33, 0xFF, "vmpl" },
        { 0x34, 2, "signature-algorithm" },
        { 0x0A, 0x01, "policy" },
        { 0x0B, 0x04, "policy" },
        { 0x0F, 0x80, "policy" },
        { 0x48, 2 << 2, "signing-key" },
        { 0x48, 7 << 2, "signing-key" },
        { 0x48, 1 << 5, "reserved" },
        { 0x4B, 0x80, "reserved" },
        { 0x4C, 1, "reserved" },
        { 0x18B, 1, "reserved" },
        { 0x19F, 1, "reserved" },
        { 0x1EB, 1, "reserved" },
        { 0x1EF, 1, "reserved" },
        { 0x1F8, 1, "reserved" },
        { 0x207, 1, "reserved" },
        { 0x208, 1, "reserved" },
        { 0x29F, 1, "reserved" },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public void Broken_form_is_refused(int offset, byte value, string check) => TestSnp.Failed(
        TestSnp.Report(report => report[offset] = value), TestSnp.Vek(), TestSnp.Ask.Der).Should().Equal(check);

    [Theory]
    [InlineData(48)]
    [InlineData(71)]
    [InlineData(72 + 48)]
    [InlineData(511)]
    public void Bytes_beyond_the_numbers_of_the_signature_are_zero(int offset)
    {
        var report = TestSnp.Report();
        report[TestSnp.SignatureAt + offset] = 1;

        TestSnp.Failed(report, TestSnp.Vek(), TestSnp.Ask.Der).Should().Equal("signature-form");
    }

    [Theory]
    [InlineData(2, 0x188)]
    [InlineData(4, 0x1F8)]
    [InlineData(5, 0x208)]
    public void Bytes_that_a_version_does_not_have_yet_are_zero(byte version, int offset) => TestSnp.Failed(
        TestSnp.Report(report =>
        {
            report[0] = version;
            report.AsSpan(TestSnp.ProcessorAt, version == 2 ? 3 : 0).Clear();
            report[offset] = 1;
        }),
        TestSnp.Vek(),
        TestSnp.Ask.Der).Should().Equal("reserved");

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Version_is_at_least_2(byte version) => TestSnp.Failed(
        TestSnp.Report(report =>
        {
            report[0] = version;
            report.AsSpan(TestSnp.ProcessorAt, 3).Clear();
        }),
        TestSnp.Vek(),
        TestSnp.Ask.Der).Should().Equal("version");

    [Fact]
    public void Later_version_may_use_what_was_reserved_and_platform_bits_are_free() => TestSnp.Failed(
        TestSnp.Report(report => (report[0], report[0x208], report[0x40], report[0x47]) = (6, 1, 0x65, 0x80)), TestSnp.Vek(), TestSnp.Ask.Der).Should().BeEmpty();

    [Fact]
    public void Length_is_exact()
    {
        var report = TestSnp.Report();

        TestSnp.Failed(report[..^1], TestSnp.Vek()).Should().Equal("evidence-format");
        TestSnp.Failed([.. report, 0], TestSnp.Vek()).Should().Equal("evidence-format");
        TestSnp.Failed([], TestSnp.Vek()).Should().Equal("evidence-format");
    }

    [Fact]
    public void All_failures_of_form_are_listed() => TestSnp.Failed(
        TestSnp.Report(report => (report[0], report[0x30], report[0x34]) = (1, 9, 0))).Should().Equal("version", "signature-algorithm", "vmpl", "reserved");

    [Fact]
    public void Nothing_is_thrown_whatever_the_bytes()
    {
        var random = new Random(5);
        var (good, certificate) = (TestSnp.Report(), TestSnp.Vek());
        for (var i = 0; i < 200; i++)
        {
            var (report, vek) = ((byte[])good.Clone(), (byte[])certificate.Clone());
            report[random.Next(report.Length)] ^= (byte)random.Next(1, 256);
            vek[random.Next(vek.Length)] ^= (byte)random.Next(1, 256);
            TestSnp.Judge(report, vek, TestSnp.Ask.Der).Failures.Should().NotBeEmpty();
        }
    }

    [Fact]
    public void Only_reports_are_recognised()
    {
        var verifier = new AmdSevSnpVerifier();
        var quote = TestSnp.Report();
        BinaryPrimitives.WriteUInt32LittleEndian(quote, 0x20004);

        verifier.Recognises(TestSnp.Report()).Should().BeTrue();
        verifier.Recognises(quote).Should().BeFalse();
        verifier.Recognises([]).Should().BeFalse();
        verifier.Recognises(new byte[SnpReport.Length]).Should().BeFalse();
        verifier.Recognises(new byte[10_000]).Should().BeFalse();
    }
}
