using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using CleanRoom.Attestation.AzureVtpm;
using CleanRoom.Attestation.Tests.Intel;
using CleanRoom.Attestation.Tests.Support;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.Tests.AzureVtpm;

/// <summary>Genuine evidence of Azure confidential VMs on Milan, Genoa and TDX, in trustee's envelopes, and what was derived from it.</summary>
internal static class AzureVtpmVectors
{
    private const string Family = "azure-vtpm";
    private static readonly AzureVtpmVerifier s_verifier = new();

    /// <summary>Gets all cases; skips the test where the vectors are absent.</summary>
    public static IEnumerable<VectorCase> Cases => Listed().Concat(
    [
        Derived("az-snp-spliced-quote.json", "quote-signature"),
        Derived("az-snp-runtimedata-tampered.json", "runtime-binding"),
        Derived("az-snp-pcr8-tampered.json", "pcrs"),
    ]);

    /// <summary>Gets what the collection says about a file.</summary>
    public static JsonElement Entry(string file) =>
        SharedVectors.Json($"{Family}/expected.json").EnumerateArray().Single(entry => entry.GetProperty("file").GetString() == file);

    private static IEnumerable<VectorCase> Listed() => SharedVectors.Json($"{Family}/expected.json").EnumerateArray().Select(entry =>
    {
        var file = entry.GetProperty("file").GetString()!;
        var isTdx = entry.TryGetProperty("td", out _);
        return Case(file) with
        {
            IsGenuine = true,
            Endorsements = isTdx ? IntelCollateralSet.June2025.Endorsements : Ask(file.Contains("genoa", StringComparison.Ordinal) ? "genoa" : "milan"),
            At = IntelCollateralSet.June2025.At,
            Expected = entry.GetProperty("verdict").GetString()!,

            // The collection's verdict is on signatures and bindings; to Intel that platform was out of date at that time.
            FailedChecks = isTdx ? ["tcbStatus"] : [],
            Claims = isTdx ? Claims(entry).Add("tcbStatus", "OutOfDate") : Claims(entry),
        };
    });

    private static VectorCase Derived(string file, string check) => Case($"negative-derived/{file}") with { Expected = "reject", FailedChecks = [check] };

    private static VectorCase Case(string file) => new()
    {
        Family = Family,
        Name = $"{Family}/{file}",
        IsGenuine = false,
        Verifier = s_verifier,
        Evidence = new Bytes(SharedVectors.Read($"{Family}/{file}")),
        Endorsements = Ask("milan"),
        At = IntelCollateralSet.June2025.At,
        Expected = "accept",
    };

    private static ImmutableArray<Bytes> Ask(string product) => [new Bytes(SharedVectors.Read($"roots/amd/{product}/ask.pem"))];

    private static ImmutableSortedDictionary<string, string> Claims(JsonElement entry)
    {
        var claims = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        claims["reportData"] = entry.GetProperty("nonce_hex").GetString()!;
        claims["hclVersion"] = entry.GetProperty("hcl_header").GetProperty("version").ToString();
        claims["tpmFirmware"] = entry.GetProperty("quote").GetProperty("fw").GetString()![2..].PadLeft(16, '0');
        foreach (var (pcr, i) in entry.GetProperty("pcrs").EnumerateArray().Select((pcr, i) => (pcr, i)))
        {
            claims[string.Create(CultureInfo.InvariantCulture, $"sha256Pcr{i}")] = pcr.GetString()!;
        }

        AddRuntime(claims, entry.GetProperty("runtime_claims"));
        if (entry.TryGetProperty("snp", out var snp))
        {
            AddSnp(claims, snp);
        }
        else
        {
            AddTd(claims, entry.GetProperty("td"));
            claims["fmspc"] = entry.GetProperty("fmspc").GetString()!;
        }

        return claims.ToImmutable();
    }

    private static void AddRuntime(ImmutableSortedDictionary<string, string>.Builder claims, JsonElement runtime)
    {
        claims["vmUserData"] = runtime.GetProperty("user-data").GetString()!.ToLowerInvariant();
        foreach (var (claim, member) in new[]
        {
            ("vmConsoleEnabled", "console-enabled"), ("vmSecureBoot", "secure-boot"), ("vmTpmEnabled", "tpm-enabled"), ("vmTpmPersisted", "tpm-persisted"),
            ("vmRootCertificate", "root-cert-thumbprint"), ("vmUniqueId", "vmUniqueId"),
        })
        {
            var stated = runtime.GetProperty("vm-configuration").TryGetProperty(member, out var value);
            claims[claim] = stated ? (value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText()) : "none";
        }
    }

    private static void AddSnp(ImmutableSortedDictionary<string, string>.Builder claims, JsonElement snp)
    {
        foreach (var (claim, member) in new[]
        {
            ("launchMeasurement", "measurement"), ("hostData", "host_data"), ("idKeyDigest", "id_key_digest"), ("hardwareReportData", "report_data"), ("chipId", "chip_id"),
            ("reportVersion", "version"), ("vmpl", "vmpl"),
        })
        {
            claims[claim] = snp.GetProperty(member).ToString();
        }

        claims["policy"] = snp.GetProperty("policy").GetUInt64().ToString("x16", CultureInfo.InvariantCulture);
        foreach (var (part, member) in new[] { ("bootloader", "bl"), ("tee", "tee"), ("snp", "snp"), ("microcode", "ucode") })
        {
            claims[$"reported.{part}"] = snp.GetProperty("reported_tcb").GetProperty(member).ToString();
        }

        var bits = snp.GetProperty("policy_bits");
        foreach (var (claim, bit) in new[] { ("smtAllowed", "smt"), ("migratable", "migrate_ma"), ("debug", "debug"), ("singleSocket", "single_socket") })
        {
            claims[claim] = bits.GetProperty(bit).GetInt32() == 1 ? "true" : "false";
        }
    }

    private static void AddTd(ImmutableSortedDictionary<string, string>.Builder claims, JsonElement td)
    {
        foreach (var (claim, member) in new[]
        {
            ("launchMeasurement", "mrtd"), ("mrSeam", "mrseam"), ("mrSignerSeam", "mrsignerseam"), ("seamAttributes", "seamattributes"), ("mrConfigId", "mrconfigid"),
            ("mrOwner", "mrowner"), ("mrOwnerConfig", "mrownerconfig"), ("teeTcbSvn", "tee_tcb_svn"), ("hardwareReportData", "report_data"),
        })
        {
            claims[claim] = td.GetProperty(member).GetString()!;
        }

        for (var i = 0; i < 4; i++)
        {
            claims[string.Create(CultureInfo.InvariantCulture, $"rtmr{i}")] = td.GetProperty("rtmr")[i].GetString()!;
        }

        // The collection has them as bytes, which are little endian; a contract names the number.
        claims["tdAttributes"] = Reversed(td.GetProperty("tdattributes").GetString()!);
        claims["xfam"] = Reversed(td.GetProperty("xfam").GetString()!);
        claims["debug"] = td.GetProperty("debug").GetInt32() == 1 ? "true" : "false";
        claims["septVeDisable"] = td.GetProperty("sept_ve_disable").GetInt32() == 1 ? "true" : "false";
    }

    private static string Reversed(string hex) => Convert.ToHexStringLower(Convert.FromHexString(hex).Reverse().ToArray());
}
