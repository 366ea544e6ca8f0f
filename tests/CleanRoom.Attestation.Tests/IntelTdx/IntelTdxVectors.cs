using System.Collections.Immutable;
using CleanRoom.Attestation.IntelTdx;
using CleanRoom.Attestation.Tests.Intel;
using CleanRoom.Attestation.Tests.Support;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.Tests.IntelTdx;

/// <summary>Genuine TDX quotes and what was derived from them. Where no collateral of the platform is at hand, exactly that is the failure.</summary>
internal static class IntelTdxVectors
{
    private const string Family = "intel-tdx";
    private const string OpenEnclave = "open-enclave";
    private const string ForgedCode = "negative-derived";
    private static readonly IntelTdxVerifier s_verifier = new();

    /// <summary>Gets the vectors.</summary>
    public static IEnumerable<VectorCase> Cases =>
    [
        Genuine(Family, "phala/tdx_quote", IntelCollateralSet.July2025, "UpToDate", []),
        Genuine(Family, "phala/tdx_quote_outdated", IntelCollateralSet.March2026, null, ["tcb-level"]),
        Genuine(Family, "go-tdx-guest/quote_v5_sample.dat", IntelCollateralSet.March2026, "UpToDate", []),
        Genuine(Family, "go-tdx-guest/ccel/cos-113-tdx-quote.dat", IntelCollateralSet.June2025, "UpToDate", []),
        Genuine(Family, "trustee/tdx_quote_4.dat", IntelCollateralSet.June2023, "UpToDate", ["debug"]),
        Genuine(Family, "trustee/tdx_quote_5.dat", IntelCollateralSet.March2026, null, ["tcb-level"]),
        Genuine(Family, "trustee/tdx_quote_6.dat", IntelCollateralSet.November2025, null, ["crl"]),
        Genuine(Family, "openenclave-qve/tdx_quote", IntelCollateralSet.June2023, "UpToDate", []),
        Genuine(OpenEnclave, "host_verify/tdx_quote.bin", IntelCollateralSet.June2023, "UpToDate", []),
        Genuine(OpenEnclave, "host_verify/tdx_quote_v5.bin", IntelCollateralSet.June2025, "OutOfDate", ["tcbStatus"]),
        Genuine(OpenEnclave, "host_verify/tdx_quote-moduleupdate-seamldr5.dat", IntelCollateralSet.March2026, "TDRelaunchAdvised", ["tcbStatus"]),
        Genuine(OpenEnclave, "host_verify/tdx_quote-moduleupdate-seamldr5.dat", IntelCollateralSet.March2025Bundle, "TDRelaunchAdvised", ["tcbStatus"]) with
        {
            Name = "open-enclave/host_verify/tdx_quote-moduleupdate-seamldr5.dat#tdx_endorsement.bin",
        },
        WithEventLog("go-tdx-guest/ccel/ccel_data.dat", "rtmr0 rtmr1 rtmr2", []),
        PaddedWithText(),
        Genuine(Family, "go-tdx-guest/tdx_prod_quote_SPR_E4.dat", IntelCollateralSet.June2023, null, ["tcb-level"]) with
        {
            Name = "intel-tdx/go-tdx-guest/tdx_prod_quote_SPR_E4.dat#4935",
            Evidence = new Bytes(SharedVectors.Read("intel-tdx/go-tdx-guest/tdx_prod_quote_SPR_E4.dat").AsSpan(0, 4_935)),
        },
        Demo(),
        Negative("quote-mrtd-flip.dat", ["signature"]),
        Negative("quote-reportdata-flip.dat", ["signature"]),
        Negative("quote-debug-set.dat", ["signature", "debug"]),
        Negative("quote-sig-flip.dat", ["signature"]),
        Negative("quote-attacker-ak.dat", ["qe-binding"]),
        Negative("quote-qe-report-flip.dat", ["qe-report-signature"]),
        Negative("quote-truncated.dat", ["evidence-format"]),
        Negative("quote-siglen-huge.dat", ["evidence-format"]),
        Negative("quote-teetype-sgx.dat", ["evidence-format"]),
        Negative("quote-qevendor.dat", ["qe-vendor", "signature"]),
        Negative("quote-fake-intel-pki.dat", ["chain"]),
        Collateral("collateral-tcbstatus-forged.json", ["tcb-info-signature"]),
        Collateral("collateral-tcbinfo-reserialised.json", ["tcb-info-signature"]),
        Collateral("collateral-sgx-qe-identity-for-tdx.json", ["qe-identity"]),
        Collateral("collateral-wrong-fmspc.json", ["tcb-info-platform", "tcb-info-validity"]),
    ];

    private static VectorCase Genuine(string family, string file, IntelCollateralSet collateral, string? status, ImmutableArray<string> failed)
    {
        var entry = IntelExpected.Entry(family, file);
        var claims = IntelExpected.Claims(entry);
        return new VectorCase
        {
            Family = Family,
            Name = $"{family}/{file}",
            IsGenuine = true,
            Verifier = s_verifier,
            Evidence = new Bytes(SharedVectors.Read($"{family}/{file}")),
            Endorsements = collateral.Endorsements,
            At = collateral.At,
            Expected = entry.GetProperty("verdict").GetString()!,
            FailedChecks = failed,
            Claims = status is null ? claims : claims.SetItem("tcbStatus", status),
        };
    }

    /// <summary>The log of that machine's firmware beside its quote.</summary>
    private static VectorCase WithEventLog(string log, string replayed, ImmutableArray<string> failed)
    {
        var quote = Genuine(Family, "go-tdx-guest/ccel/cos-113-tdx-quote.dat", IntelCollateralSet.June2025, "UpToDate", failed);
        return quote with
        {
            Name = $"{quote.Name}#ccel_data.dat",
            Endorsements = quote.Endorsements.Add(new Bytes(SharedVectors.Read($"{Family}/{log}"))),
            Claims = quote.Claims.Add("eventLog", replayed),
        };
    }

    /// <summary>39 bytes that are not zero follow the quote.</summary>
    private static VectorCase PaddedWithText() =>
        Genuine(Family, "go-tdx-guest/tdx_prod_quote_SPR_E4.dat", IntelCollateralSet.June2023, null, ["evidence-format"]) with
        {
            Claims = ImmutableSortedDictionary<string, string>.Empty,
        };

    /// <summary>Intel's demonstration data under a root of its own: random reports, and a chain that is not PEM.</summary>
    private static VectorCase Demo() => Negative("quote-mrtd-flip.dat", ["pck-certificate", "tcb-info", "qe-identity", "qe-debug", "xfam"]) with
    {
        Name = "intel-tdx/intel-qvl-sample/quote.dat",
        IsGenuine = true,
        Evidence = new Bytes(SharedVectors.Read("intel-tdx/intel-qvl-sample/quote.dat")),
        Endorsements = [],
        Expected = "reject-crypto",
    };

    private static VectorCase Negative(string file, ImmutableArray<string> failed) => new()
    {
        Family = Family,
        Name = $"{Family}/{ForgedCode}/{file}",
        IsGenuine = false,
        Verifier = s_verifier,
        Evidence = new Bytes(SharedVectors.Read($"{Family}/{ForgedCode}/{file}")),
        Endorsements = IntelCollateralSet.July2025.Endorsements,
        At = IntelCollateralSet.July2025.At,
        Expected = "reject",
        FailedChecks = failed,
    };

    private static VectorCase Collateral(string file, ImmutableArray<string> failed) =>
        Genuine(Family, "phala/tdx_quote", IntelCollateralSet.Bundle($"{Family}/{ForgedCode}/{file}", "2025-07-01"), null, failed) with
        {
            Name = $"{Family}/{ForgedCode}/{file}",
            IsGenuine = false,
            Expected = "reject",
        };
}
