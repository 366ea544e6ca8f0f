using CleanRoom.Cryptography.Sealing;
using CleanRoom.Cryptography.Tests.Support;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Cryptography.Tests.Sealing;

public sealed class ReportSealingTests
{
    private static readonly ReportContext _context = new("c", "registry.people", Digest.Of("manifest"u8));

    [Fact]
    public async Task OpenAsync_each_member_opens_its_own_wrap_only()
    {
        using var ana = await TestKeys.Backend.GenerateAgreementKeyAsync(TestKeys.Cancel);
        using var ben = await TestKeys.Backend.GenerateAgreementKeyAsync(TestKeys.Cancel);
        using var report = await SealAsync();
        ResultWrap[] wraps = [await WrapAsync(report, "ana", ana), await WrapAsync(report, "ben", ben)];

        (await OpenAsync(report, _context, report.Commitment, wraps, "ana", ana)).Value.Payload.ToArray().Should().Equal("rows 3"u8.ToArray());
        (await OpenAsync(report, _context, report.Commitment, wraps, "ben", ben)).Value.Payload.ToArray().Should().Equal("rows 3"u8.ToArray());
        Code(await OpenAsync(report, _context, report.Commitment, wraps, "ben", ana)).Should().Be(RefusalCode.SealInvalid);
        Code(await OpenAsync(report, _context, report.Commitment, wraps, "eve", ana)).Should().Be(RefusalCode.ResultUnknown);
    }

    [Fact]
    public async Task OpenAsync_report_of_another_version_dataset_or_collaboration_is_refused()
    {
        using var ana = await TestKeys.Backend.GenerateAgreementKeyAsync(TestKeys.Cancel);
        using var report = await SealAsync();
        ResultWrap[] wraps = [await WrapAsync(report, "ana", ana)];

        foreach (var other in new[]
        {
            _context with { Collaboration = "d" },
            _context with { Dataset = "registry.other" },
            _context with { ManifestDigest = Digest.Of("another"u8) },
        })
        {
            Code(await OpenAsync(report, other, report.Commitment, wraps, "ana", ana)).Should().Be(RefusalCode.SealInvalid);
        }

        Code(await OpenAsync(report, _context, Digest.Of("commitment"u8), wraps, "ana", ana)).Should().Be(RefusalCode.SealInvalid);
    }

    [Fact]
    public async Task OpenAsync_wraps_with_null_among_them_are_refused()
    {
        using var ana = await TestKeys.Backend.GenerateAgreementKeyAsync(TestKeys.Cancel);
        using var report = await SealAsync();

        Code(await OpenAsync(report, _context, report.Commitment, [null!, await WrapAsync(report, "ana", ana)], "ana", ana))
            .Should().Be(RefusalCode.SealInvalid);
    }

    [Fact]
    public async Task OpenAsync_changed_blob_is_refused()
    {
        using var ana = await TestKeys.Backend.GenerateAgreementKeyAsync(TestKeys.Cancel);
        using var report = await SealAsync();
        ResultWrap[] wraps = [await WrapAsync(report, "ana", ana)];
        var blob = report.Blob.ToArray();
        blob[^1] ^= 1;

        var opened = await ReportSealing.OpenAsync(
            TestKeys.Backend, ana, _context, report.Commitment, blob, [.. wraps], "registry", "ana", TestKeys.Cancel);

        Code(opened).Should().Be(RefusalCode.SealInvalid);
    }

    [Fact]
    public async Task OpenAsync_wrap_of_a_result_does_not_open_a_report()
    {
        using var ana = await TestKeys.Backend.GenerateAgreementKeyAsync(TestKeys.Cancel);
        using var report = await SealAsync();
        var wrap = await ResultSealing.WrapAsync(
            TestKeys.Backend, new ResultContext("c", _context.ManifestDigest, 0), "registry", "ana", ana.PublicKey, report, TestKeys.Cancel);

        Code(await OpenAsync(report, _context, report.Commitment, [wrap.Value], "ana", ana)).Should().Be(RefusalCode.SealInvalid);
    }

    private static RefusalCode Code(Result<OpenedResult> opened) => opened.Refusals.Should().ContainSingle().Which.Code;

    private static ValueTask<SealedResult> SealAsync() =>
        ReportSealing.SealAsync(TestKeys.Backend, _context, "rows 3"u8.ToArray(), TestKeys.Cancel);

    private static async Task<ResultWrap> WrapAsync(SealedResult report, string member, IAgreementKey key) =>
        (await ReportSealing.WrapAsync(TestKeys.Backend, _context, "registry", member, key.PublicKey, report, TestKeys.Cancel)).Value;

    private static ValueTask<Result<OpenedResult>> OpenAsync(
        SealedResult report, ReportContext context, Digest commitment, ResultWrap[] wraps, string member, IAgreementKey key) =>
        ReportSealing.OpenAsync(TestKeys.Backend, key, context, commitment, report.Blob, [.. wraps], "registry", member, TestKeys.Cancel);
}
