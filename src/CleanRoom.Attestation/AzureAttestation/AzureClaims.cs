using System.Text.Json;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Attestation.Formats;
using CleanRoom.Attestation.Jose;

namespace CleanRoom.Attestation.AzureAttestation;

/// <summary>Reads the claims of a token. Of hardware only the service's own <c>x-ms-*</c> and TDX claims count; a tenant's policy can add any other.</summary>
/// <remarks>Spec: Microsoft Azure Attestation, "Claim sets", "Intel TDX attestation", "Azure confidential VM".</remarks>
internal static class AzureClaims
{
    private const string Type = "x-ms-attestation-type";
    private const string Isolation = "x-ms-isolation-tee";
    private const int MaxNonceBytes = 1_024;

    /// <summary>Returns the claims; null for another kind of machine, or when one that is needed is missing or has another form.</summary>
    public static EvidenceClaims? Read(JsonElement payload)
    {
        var type = payload.TextAt(Type);
        var hardware = type == "azurevm" ? payload.At(Isolation) : payload;
        var claims = hardware?.TextAt(Type) switch
        {
            "sgx" when type != "azurevm" => AzureHardwareClaims.Sgx(payload),
            "sevsnpvm" => AzureHardwareClaims.Snp(hardware.Value),
            "tdxvm" => AzureHardwareClaims.Tdx(hardware.Value),
            AzurePolicyClaims.Tpm when type != "azurevm" => AzurePolicyClaims.Read(payload, isEnclave: false),
            AzurePolicyClaims.Vbs when type != "azurevm" => AzurePolicyClaims.Read(payload, isEnclave: true),
            _ => null,
        };
        if (claims is null || payload.TextAt("x-ms-policy-hash") is not { } policy)
        {
            return null;
        }

        claims = claims with { Values = claims.Values.Add("policyHash", policy).Add("attestationType", type!) };
        return type == "azurevm" ? Machine(payload, hardware!.Value, claims) : claims;
    }

    /// <summary>A confidential VM: the firmware owns the hardware report, so what the guest chose is the nonce of its vTPM.</summary>
    private static EvidenceClaims? Machine(JsonElement payload, JsonElement hardware, EvidenceClaims claims)
    {
        if (payload.BooleanAt("secureboot") is not { } secureBoot
            || payload.BooleanAt("x-ms-azurevm-testsigning-enabled") is not { } testSigning
            || payload.BooleanAt("x-ms-azurevm-bootdebug-enabled") is not { } bootDebug
            || payload.BooleanAt("x-ms-azurevm-kerneldebug-enabled") is not { } kernelDebug
            || payload.BooleanAt("x-ms-azurevm-hypervisordebug-enabled") is not { } hypervisorDebug
            || payload.TextAt("x-ms-azurevm-vmid") is not { } machine
            || Nonce(payload) is not { } nonce)
        {
            return null;
        }

        return claims with
        {
            ReportData = nonce,
            Values = claims.Values
                .Add("hardwareReportData", claims.ReportData)
                .Add("secureBoot", Truth(secureBoot))
                .Add("testSigning", Truth(testSigning))
                .Add("vmId", machine)
                .Add("compliance", hardware.TextAt("x-ms-compliance-status") ?? "none"),
            Debug = claims.Debug || bootDebug || kernelDebug || hypervisorDebug,
            Guarded = claims.Guarded.AddRange(
                new GuardedClaim("compliance", "azure-compliant-cvm", IsJudgedAlone: true),
                new GuardedClaim("secureBoot", "true"),
                new GuardedClaim("testSigning", "false", IsJudgedAlone: true)),
        };
    }

    /// <summary>Returns lower-case hex; empty when the guest gave no nonce, null when it is no base64.</summary>
    private static string? Nonce(JsonElement payload)
    {
        var bytes = new byte[MaxNonceBytes];
        return payload.At("x-ms-runtime", "client-payload", "nonce") is null ? string.Empty
            : payload.TextAt("x-ms-runtime", "client-payload", "nonce") is { } text && Convert.TryFromBase64String(text, bytes, out var length)
                ? Hex.Of(bytes.AsSpan(0, length))
                : null;
    }

    private static string Truth(bool value) => value ? "true" : "false";
}
