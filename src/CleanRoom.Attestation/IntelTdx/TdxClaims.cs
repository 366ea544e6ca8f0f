using System.Collections.Immutable;
using System.Globalization;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Attestation.Formats;
using CleanRoom.Attestation.Intel;

namespace CleanRoom.Attestation.IntelTdx;

/// <summary>The claims of a trust domain. Spec: contracts/spec/attestation/intel-tdx.</summary>
internal static class TdxClaims
{
    private const string Unbound = "000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000";

    /// <summary>Returns what the report and the PCK certificate say; Intel's judgement is added once it is verified.</summary>
    public static EvidenceClaims Of(TdReport report, Quote quote, PckExtension? pck)
    {
        var values = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        var tcb = ImmutableSortedDictionary.CreateBuilder<string, int>(StringComparer.Ordinal);
        values[EvidenceClaims.Measurement] = Hex.Of(report.MrTd.Span);
        for (var i = 0; i < report.Rtmr.Length; i++)
        {
            values[string.Create(CultureInfo.InvariantCulture, $"rtmr{i}")] = Hex.Of(report.Rtmr[i].Span);
        }

        values["mrSeam"] = Hex.Of(report.MrSeam.Span);
        values["mrSignerSeam"] = Hex.Of(report.Module.MrSigner.Span);
        values["seamAttributes"] = Hex.Of(report.Module.Attributes.Span);
        values["tdAttributes"] = report.Attributes.ToString("x16", CultureInfo.InvariantCulture);
        values["xfam"] = report.Xfam.ToString("x16", CultureInfo.InvariantCulture);
        values["mrConfigId"] = Hex.Of(report.MrConfigId.Span);
        values["mrOwner"] = Hex.Of(report.MrOwner.Span);
        values["mrOwnerConfig"] = Hex.Of(report.MrOwnerConfig.Span);
        values["septVeDisable"] = DcapClaims.Text(report.IsSeptVeDisabled);
        values["migratable"] = DcapClaims.Text(report.IsMigratable);
        values["mrServiceTd"] = report.MrServiceTd.Length == 0 ? Unbound : Hex.Of(report.MrServiceTd.Span);
        values["teeTcbSvn"] = Hex.Of(report.Module.TcbSvn.Span);
        for (var i = 0; i < report.Module.TcbSvn.Length; i++)
        {
            tcb[string.Create(CultureInfo.InvariantCulture, $"tdx.component{i + 1:D2}")] = report.Module.TcbSvn.Span[i];
        }

        tcb["qeSvn"] = quote.QeReport.IsvSvn;
        DcapClaims.AddPlatform(pck, values, tcb);
        return new EvidenceClaims
        {
            ReportData = Hex.Of(report.ReportData.Span),
            Values = values.ToImmutable(),
            Tcb = tcb.ToImmutable(),
            ChipId = pck?.ChipId,
            Debug = report.IsDebug,
            Anchor = null,
            Guarded =
            [
                new GuardedClaim("septVeDisable", "true"),
                new GuardedClaim("migratable", "false"),
                new GuardedClaim("mrServiceTd", Unbound),
            ],
        };
    }
}
