using System.Collections.Immutable;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Attestation.Formats;
using CleanRoom.Attestation.Intel;

namespace CleanRoom.Attestation.IntelSgx;

/// <summary>The claims of an SGX enclave. Spec: contracts/spec/attestation/intel-sgx.</summary>
internal static class SgxClaims
{
    /// <summary>Returns what the report and the PCK certificate say; Intel's judgement is added once it is verified.</summary>
    /// <param name="qeSvn">The security version of the enclave that made the quote; null for a report that none made.</param>
    public static EvidenceClaims Of(SgxReport report, int? qeSvn, PckExtension? pck)
    {
        var values = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        var tcb = ImmutableSortedDictionary.CreateBuilder<string, int>(StringComparer.Ordinal);
        values[EvidenceClaims.Measurement] = Hex.Of(report.MrEnclave.Span);
        values["mrSigner"] = Hex.Of(report.MrSigner.Span);
        values["isvProdId"] = DcapClaims.Text(report.IsvProdId);
        values["isvExtProdId"] = Hex.Of(report.IsvExtProdId.Span);
        values["isvFamilyId"] = Hex.Of(report.IsvFamilyId.Span);
        values["configId"] = Hex.Of(report.ConfigId.Span);
        values["attributes"] = Hex.Of(report.Attributes.Span);
        values["miscSelect"] = report.MiscSelect.ToString("x8", System.Globalization.CultureInfo.InvariantCulture);
        values["cpuSvn"] = Hex.Of(report.CpuSvn.Span);
        values["provisionKey"] = DcapClaims.Text(report.HasProvisionKey);
        values["einitTokenKey"] = DcapClaims.Text(report.HasEinitTokenKey);
        tcb["isvSvn"] = report.IsvSvn;
        tcb["configSvn"] = report.ConfigSvn;
        if (qeSvn is { } version)
        {
            tcb["qeSvn"] = version;
        }

        DcapClaims.AddPlatform(pck, values, tcb);
        return new EvidenceClaims
        {
            ReportData = Hex.Of(report.ReportData.Span),
            Values = values.ToImmutable(),
            Tcb = tcb.ToImmutable(),
            ChipId = pck?.ChipId,
            Debug = report.IsDebug,
            Anchor = null,
            Guarded = [new GuardedClaim("provisionKey", "false"), new GuardedClaim("einitTokenKey", "false")],
        };
    }
}
