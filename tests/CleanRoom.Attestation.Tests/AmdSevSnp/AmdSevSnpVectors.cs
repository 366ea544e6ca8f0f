using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using CleanRoom.Attestation.AmdSevSnp;
using CleanRoom.Attestation.Tests.Support;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.Tests.AmdSevSnp;

/// <summary>Genuine reports of Milan, Genoa and Turin, and those derived from them.</summary>
internal static class AmdSevSnpVectors
{
    private const string Family = "amd-snp";
    private static readonly AmdSevSnpVerifier s_verifier = new();

    /// <summary>Gets all cases; skips the test where the vectors are absent.</summary>
    public static IEnumerable<VectorCase> Cases => Listed().Concat(Derived()).Concat(AzureFiles());

    /// <summary>Checks that fail for each listed case that is not accepted.</summary>
    private static ImmutableArray<string> FailedChecks(string name) => name switch
    {
        "go-sev-guest-milan" => ["debug"],
        "trustee-vcek-invalid-legacy" => ["signature", "vek-tcb.snp", "vek-tcb.microcode", "vek-chip-id", "chain"],
        "trustee-vcek-invalid-new" => ["signature", "vek-tcb.bootloader", "vek-tcb.snp", "vek-tcb.microcode", "vek-chip-id", "chain"],
        _ => [],
    };

    private static IEnumerable<VectorCase> Listed() => SharedVectors.Json($"{Family}/expected.json").EnumerateArray().Select(entry =>
    {
        var (name, product) = (entry.GetProperty("name").GetString()!, entry.GetProperty("product").GetString()!);
        return Case(
            entry.GetProperty("report").GetString()!, name, product, entry.GetProperty("vek").GetString()!, entry.GetProperty("verify_at").GetString()!) with
        {
            IsGenuine = !name.Contains("invalid", StringComparison.Ordinal),
            Expected = entry.GetProperty("verdict").GetString()!,
            FailedChecks = FailedChecks(name),
            Claims = Claims(entry.GetProperty("fields"), product),
        };
    });

    private static IEnumerable<VectorCase> Derived() =>
    [
        Forged("report-measurement-flip.bin", "ms-tav-milan/vcek.pem", "signature"),
        Forged("report-policy-debug-cleared.bin", "go-sev-guest-milan/vcek.der", "signature"),
        Forged("report-reported-tcb-plus1.bin", "ms-tav-milan/vcek.pem", "signature", "tcb-order", "vek-tcb.bootloader"),
        Forged("report-sig-zero.bin", "ms-tav-milan/vcek.pem", "signature"),
        Forged("report-sig-big-endian.bin", "ms-tav-milan/vcek.pem", "signature-form"),
        Forged("report-short-1183.bin", "ms-tav-milan/vcek.pem", "evidence-format"),
        Forged("report-long-1185.bin", "ms-tav-milan/vcek.pem", "evidence-format"),
        Case("trustee/test-report.bin", "trustee-vcek-byte42-plus1", "milan", "negative-derived/trustee-vcek-byte42-plus1.der", "2024-06-01") with
        {
            FailedChecks = ["chain"],
        },
    ];

    /// <summary>Reports of containers with the files that Azure gives them: certificates in JSON, and its statement about the utility VM.</summary>
    private static IEnumerable<VectorCase> AzureFiles() =>
    [
        Azure("azure-aci-sidecar/snp_report.bin", "uvm", "azure-aci-sidecar/uvm_host_amd_certificate.json", "azure-aci-sidecar/body.uvm_reference_info.bin", "22"),
        Azure("jiazhang0-azure-aci/report.bin", "uvm", "jiazhang0-azure-aci/uvm_host_amd_cert.json", "jiazhang0-azure-aci/uvm_reference_info.bin", "100"),
        Azure("jiazhang0-azure-aci/report.bin", "uvm-base64", "jiazhang0-azure-aci/uvm_host_amd_cert.json", "azure-aci-sidecar/security-context/reference-info-base64", "100"),
        Azure("azure-aci-sidecar/snp_report.bin", "uvm-of-another", "azure-aci-sidecar/uvm_host_amd_certificate.json", "jiazhang0-azure-aci/uvm_reference_info.bin", null),
    ];

    private static VectorCase Azure(string report, string part, string certificates, string statement, string? version) =>
        Case(report, part, "milan", certificates, "2023-06-01") with
        {
            IsGenuine = version is not null,
            Endorsements = [new Bytes(SharedVectors.Read($"{Family}/{certificates}")), new Bytes(SharedVectors.Read($"{Family}/{statement}"))],
            Expected = version is null ? "reject-policy" : "accept",
            FailedChecks = version is null ? ["uvm-measurement"] : [],
            Claims = version is null
                ? ImmutableSortedDictionary<string, string>.Empty
                : ImmutableSortedDictionary<string, string>.Empty.Add("uvmSvn", version).Add("uvmFeed", "ContainerPlat-AMD-UVM")
                    .Add("uvmIssuer", "did:x509:0:sha256:I__iuL25oXEVFdTP_aBLx_eT1RPHbCQ_ECBQfYZpt9s::eku:1.3.6.1.4.1.311.76.59.1.2"),
        };

    private static VectorCase Forged(string file, string vek, params string[] checks)
    {
        var at = vek.StartsWith("go-", StringComparison.Ordinal) ? "2023-06-01" : "2026-06-01";
        return Case($"negative-derived/{file}", file, "milan", vek, at) with { FailedChecks = [.. checks] };
    }

    private static VectorCase Case(string report, string part, string product, string vek, string at) => new()
    {
        Family = Family,
        Name = $"{Family}/{report}#{part}",
        IsGenuine = false,
        Verifier = s_verifier,
        Evidence = new Bytes(SharedVectors.Read($"{Family}/{report}")),
        Endorsements = [new Bytes(SharedVectors.Read($"{Family}/{vek}")), new Bytes(SharedVectors.Read($"roots/amd/{product}/ask.pem"))],
        At = Timestamp.From(DateTimeOffset.Parse(at, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal)),
        Expected = "reject-crypto",
    };

    private static ImmutableSortedDictionary<string, string> Claims(JsonElement fields, string product)
    {
        var claims = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var (name, field) in new[]
        {
            ("reportData", "report_data"), ("measurement", "measurement"), ("hostData", "host_data"), ("idKeyDigest", "id_key_digest"), ("reportId", "report_id"),
            ("migrationAgentId", "report_id_ma"), ("familyId", "family_id"), ("imageId", "image_id"), ("chipId", "chip_id"),
        })
        {
            claims[name] = fields.GetProperty(field).GetString()!;
        }

        (claims["vmpl"], claims["reportVersion"], claims["guestSvn"]) = (Text(fields, "vmpl"), Text(fields, "version"), Text(fields, "guest_svn"));
        claims["policy"] = Bits(fields, "policy");
        claims["platformInfo"] = Bits(fields, "platform_info");
        claims["product"] = string.Concat(product[..1].ToUpperInvariant(), product[1..]);
        claims["currentFirmware"] = Firmware(fields, "cur");
        claims["committedFirmware"] = Firmware(fields, "com");
        foreach (var which in new[] { "reported", "committed", "current", "launch" })
        {
            foreach (var part in fields.GetProperty($"{which}_tcb").EnumerateObject())
            {
                claims[$"{which}.{Component(part.Name)}"] = part.Value.ToString();
            }
        }

        var bits = fields.GetProperty("policy_bits");
        foreach (var (name, bit) in new[] { ("smtAllowed", "smt"), ("migratable", "migrate_ma"), ("debug", "debug"), ("singleSocket", "single_socket") })
        {
            claims[name] = Text(bits, bit) == "1" ? "true" : "false";
        }

        if (fields.GetProperty("version").GetInt32() >= 5)
        {
            (claims["launchMitigations"], claims["currentMitigations"]) = (Bits(fields, "launch_mit"), Bits(fields, "current_mit"));
        }

        return claims.ToImmutable();
    }

    private static string Component(string name) => name switch { "bl" => "bootloader", "ucode" => "microcode", _ => name };

    private static string Text(JsonElement fields, string name) => fields.GetProperty(name).ToString();

    private static string Bits(JsonElement fields, string name) => fields.GetProperty(name).GetUInt64().ToString("x16", CultureInfo.InvariantCulture);

    private static string Firmware(JsonElement fields, string name) => string.Join('.', fields.GetProperty(name).EnumerateArray().Select(part => part.ToString()));
}
