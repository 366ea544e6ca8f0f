using System.Globalization;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Attestation.Formats;

namespace CleanRoom.Attestation.Intel;

/// <summary>The claims about the platform that SGX and TDX share.</summary>
internal static class DcapClaims
{
    /// <summary>Name of the claim with Intel's judgement.</summary>
    public const string TcbStatusClaim = "tcbStatus";

    /// <summary>Name of the claim with the platform's model.</summary>
    public const string FmspcClaim = "fmspc";

    /// <summary>Adds what the PCK certificate says about the platform.</summary>
    public static void AddPlatform(PckExtension? pck, IDictionary<string, string> values, IDictionary<string, int> tcb)
    {
        if (pck is null)
        {
            return;
        }

        values[FmspcClaim] = Hex.Of(pck.Fmspc.Span);
        values["pceId"] = Hex.Of(pck.PceId.Span);
        values["ppid"] = Hex.Of(pck.Ppid.Span);
        tcb["pceSvn"] = pck.PceSvn;
        for (var i = 0; i < pck.ComponentSvns.Length; i++)
        {
            tcb[string.Create(CultureInfo.InvariantCulture, $"sgx.component{i + 1:D2}")] = pck.ComponentSvns[i];
        }
    }

    /// <summary>Returns the claims with Intel's judgement, and with the guard on it.</summary>
    public static EvidenceClaims WithJudgement(this EvidenceClaims stated, DcapResult result) => stated with
    {
        Anchor = result.Anchor!.SpkiDigest,
        Values = stated.Values
            .SetItem(TcbStatusClaim, result.Platform!.Status.ToString())
            .SetItem("tcbDate", result.Platform.Date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture))
            .SetItem("advisories", string.Join(',', result.Platform.Advisories)),
        Tcb = stated.Tcb
            .SetItem("tcbDate", (((result.Platform.Date.Year * 100) + result.Platform.Date.Month) * 100) + result.Platform.Date.Day)
            .SetItem("tcbEvaluationDataNumber", result.Platform.EvaluationNumber),
        Guarded = stated.Guarded.Add(new GuardedClaim(TcbStatusClaim, nameof(TcbStatus.UpToDate), IsJudgedAlone: true)),
    };

    /// <summary>Returns <c>true</c> or <c>false</c>.</summary>
    public static string Text(bool value) => value ? "true" : "false";

    /// <summary>Returns the number in decimal.</summary>
    public static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
