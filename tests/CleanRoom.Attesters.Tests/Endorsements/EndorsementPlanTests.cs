using System.Collections.Immutable;
using CleanRoom.Attestation;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Attesters.Endorsements;
using CleanRoom.Protocol;

namespace CleanRoom.Attesters.Tests.Endorsements;

public sealed class EndorsementPlanTests
{
    private static readonly string _chip = string.Concat(Enumerable.Repeat("0a", 8)) + string.Concat(Enumerable.Repeat("00", 56));

    [Fact]
    public void Turin_is_asked_about_by_eight_bytes_and_with_its_fmc() => Addresses(
        TeeNames.AmdSevSnp, _chip, [("product", "Turin"), ("signingKey", "vcek")], [("fmc", 2), ("bootloader", 3), ("snp", 8), ("microcode", 219)])
        .Should().Equal(
            "https://kdsintf.amd.com/vcek/v1/Turin/0a0a0a0a0a0a0a0a?fmcSPL=2&blSPL=3&teeSPL=0&snpSPL=8&ucodeSPL=219",
            "https://kdsintf.amd.com/vcek/v1/Turin/cert_chain",
            "https://kdsintf.amd.com/vcek/v1/Turin/crl");

    [Fact]
    public void Leased_key_is_not_asked_for_but_its_issuers_are() => Addresses(TeeNames.AmdSevSnp, _chip, [("product", "Genoa"), ("signingKey", "vlek")], [])
        .Should().Equal("https://kdsintf.amd.com/vlek/v1/Genoa/cert_chain", "https://kdsintf.amd.com/vlek/v1/Genoa/crl");

    [Theory]
    [InlineData(TeeNames.IntelSgx, null, "sgx")]
    [InlineData(TeeNames.OpenEnclave, null, "sgx")]
    [InlineData(TeeNames.IntelTdx, null, "tdx")]
    [InlineData(TeeNames.RaTls, TeeNames.IntelSgx, "sgx")]
    [InlineData(TeeNames.RaTls, TeeNames.IntelTdx, "tdx")]
    public void Quote_is_asked_about_by_its_platforms_model(string tee, string? quote, string kind) => Addresses(tee, null, [("fmspc", "00806f050000"), ("quote", quote ?? "none")], [])
        .Should().Equal(
            $"https://api.trustedservices.intel.com/{kind}/certification/v4/tcb?fmspc=00806F050000",
            $"https://api.trustedservices.intel.com/{kind}/certification/v4/qe/identity",
            "https://api.trustedservices.intel.com/sgx/certification/v4/pckcrl?ca=platform&encoding=der",
            "https://api.trustedservices.intel.com/sgx/certification/v4/pckcrl?ca=processor&encoding=der",
            "https://certificates.trustedservices.intel.com/IntelSGXRootCA.der");

    [Fact]
    public void Evidence_that_says_too_little_is_missing_something()
    {
        Code(TeeNames.AmdSevSnp, _chip, []).Should().Be(RefusalCode.EndorsementMissing, "version 2 names no processor");
        Code(TeeNames.AmdSevSnp, _chip, [("product", "0")]).Should().Be(RefusalCode.EndorsementMissing);
        Code(TeeNames.AmdSevSnp, null, [("product", "Milan")]).Should().Be(RefusalCode.EndorsementMissing, "the chip is hidden");
        Code(TeeNames.IntelTdx, null, []).Should().Be(RefusalCode.EndorsementMissing, "the quote has no certificate");
    }

    [Fact]
    public void Kinds_that_nobody_is_asked_about_are_refused()
    {
        Code(TeeNames.AwsNitro, null, []).Should().Be(RefusalCode.DocumentInvalid);
        Code(TeeNames.Tpm, null, []).Should().Be(RefusalCode.DocumentInvalid);
    }

    private static IEnumerable<string> Addresses(string tee, string? chip, (string Name, string Value)[] values, (string Name, int Version)[] reported) =>
        EndorsementPlan.For(tee, Claims(chip, values, reported)).Value.Select(request => request.Address.AbsoluteUri);

    private static RefusalCode Code(string tee, string? chip, (string Name, string Value)[] values) => EndorsementPlan.For(tee, Claims(chip, values, [])).Refusals.Single().Code;

    private static EvidenceClaims Claims(string? chip, (string Name, string Value)[] values, (string Name, int Version)[] reported) => new()
    {
        ReportData = string.Empty,
        Values = values.ToImmutableSortedDictionary(one => one.Name, one => one.Value, StringComparer.Ordinal),
        Tcb = reported.ToImmutableSortedDictionary(one => $"reported.{one.Name}", one => one.Version, StringComparer.Ordinal),
        ChipId = chip,
        Debug = false,
        Anchor = null,
    };
}
