using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Attestation.Jose;

namespace CleanRoom.Attestation.AzureAttestation;

/// <summary>The claims about SGX, SEV-SNP and TDX. Each reader returns null when one that is needed is missing or has another form.</summary>
internal static class AzureHardwareClaims
{
    private const int ReportDataBytes = 64;

    /// <summary>An SGX enclave.</summary>
    public static EvidenceClaims? Sgx(JsonElement claims) => Make(
        claims,
        reportData: "x-ms-sgx-report-data",
        debug: claims.BooleanAt("x-ms-sgx-is-debuggable"),
        hex: [(EvidenceClaims.Measurement, "x-ms-sgx-mrenclave", 32), ("mrSigner", "x-ms-sgx-mrsigner", 32)],
        plain: [("isvProdId", Number(claims, "x-ms-sgx-product-id"))],
        tcb: [("isvSvn", "x-ms-sgx-svn")],
        guarded: []);

    /// <summary>An SEV-SNP guest.</summary>
    public static EvidenceClaims? Snp(JsonElement claims) => Make(
        claims,
        reportData: "x-ms-sevsnpvm-reportdata",
        debug: claims.BooleanAt("x-ms-sevsnpvm-is-debuggable"),
        hex:
        [
            (EvidenceClaims.Measurement, "x-ms-sevsnpvm-launchmeasurement", 48), ("hostData", "x-ms-sevsnpvm-hostdata", 32),
            ("idKeyDigest", "x-ms-sevsnpvm-idkeydigest", 48), ("authorKeyDigest", "x-ms-sevsnpvm-authorkeydigest", 48),
        ],
        plain:
        [
            ("vmpl", Number(claims, "x-ms-sevsnpvm-vmpl")),
            ("migratable", claims.BooleanAt("x-ms-sevsnpvm-migration-allowed") switch { true => "true", false => "false", null => null }),
        ],
        tcb:
        [
            ("reported.bootloader", "x-ms-sevsnpvm-bootloader-svn"), ("reported.tee", "x-ms-sevsnpvm-tee-svn"),
            ("reported.snp", "x-ms-sevsnpvm-snpfw-svn"), ("reported.microcode", "x-ms-sevsnpvm-microcode-svn"),
            ("guestSvn", "x-ms-sevsnpvm-guestsvn"),
        ],
        guarded: [new("migratable", "false"), new("vmpl", "0")]);

    /// <summary>A TDX trust domain.</summary>
    public static EvidenceClaims? Tdx(JsonElement claims) => Make(
        claims,
        reportData: "tdx_report_data",
        debug: claims.BooleanAt("tdx_td_attributes_debug"),
        hex:
        [
            (EvidenceClaims.Measurement, "tdx_mrtd", 48), ("rtmr0", "tdx_rtmr0", 48), ("rtmr1", "tdx_rtmr1", 48),
            ("rtmr2", "tdx_rtmr2", 48), ("rtmr3", "tdx_rtmr3", 48),
        ],
        plain: [("tcbStatus", claims.TextAt("attester_tcb_status"))],
        tcb: [],
        guarded: [new("tcbStatus", "UpToDate", IsJudgedAlone: true)]);

    private static EvidenceClaims? Make(
        JsonElement claims,
        string reportData,
        bool? debug,
        ImmutableArray<(string Name, string Member, int Bytes)> hex,
        ImmutableArray<(string Name, string? Value)> plain,
        ImmutableArray<(string Name, string Member)> tcb,
        ImmutableArray<GuardedClaim> guarded)
    {
        var values = hex.Select(one => (one.Name, Value: HexText(claims, one.Member, one.Bytes))).Concat(plain).ToImmutableArray();
        var numbers = tcb.Select(one => (one.Name, Value: claims.IntegerAt(one.Member))).ToImmutableArray();
        return debug is { } isDebug && HexText(claims, reportData, ReportDataBytes) is { } data
            && !values.Any(one => one.Value is null) && numbers.All(one => one.Value is >= 0 and <= int.MaxValue)
            ? new EvidenceClaims
            {
                ReportData = data,
                Values = values.ToImmutableSortedDictionary(one => one.Name, one => one.Value!, StringComparer.Ordinal),
                Tcb = numbers.ToImmutableSortedDictionary(one => one.Name, one => (int)one.Value!.Value, StringComparer.Ordinal),
                ChipId = null,
                Debug = isDebug,
                Anchor = null,
                Guarded = guarded,
            }
            : null;
    }

    private static string? HexText(JsonElement claims, string member, int bytes) =>
        claims.TextAt(member) is { } text && text.Length == 2 * bytes && text.All(char.IsAsciiHexDigit) ? text.ToLowerInvariant() : null;

    private static string? Number(JsonElement claims, string member) => claims.IntegerAt(member)?.ToString(CultureInfo.InvariantCulture);
}
