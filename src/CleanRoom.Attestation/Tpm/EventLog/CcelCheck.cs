using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Formats;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.Tpm.EventLog;

/// <summary>Checks the log of a TDX guest (CCEL) against the RTMRs of a quote whose signature holds.</summary>
/// <remarks>Spec: Intel TDX Virtual Firmware Design Guide s.8.1: register index 1 to 4 stands for RTMR 0 to 3.</remarks>
internal static class CcelCheck
{
    private const int FirstRtmr = 1;

    /// <summary>Returns the names of the registers that the log has events of: <c>rtmr0 rtmr1 rtmr2</c>. The others are zero where the check holds.</summary>
    public static string Replayed(TcgEventLog log, IReadOnlyList<Bytes> rtmrs) => string.Join(
        ' ', Enumerable.Range(0, rtmrs.Count).Where(rtmr => log.Events.Any(one => one.IsExtended && one.Register == rtmr + FirstRtmr)).Select(rtmr => $"rtmr{rtmr}"));

    /// <summary>Returns the failures: <c>event-log-bank</c>, <c>event-log-replay</c>.</summary>
    /// <param name="log">The log.</param>
    /// <param name="rtmrs">RTMR 0 to 3, 48 bytes each.</param>
    public static IEnumerable<FailedCheck> Failures(TcgEventLog log, IReadOnlyList<Bytes> rtmrs)
    {
        if (!log.Algorithms.Contains(TpmAlgorithms.Sha384))
        {
            yield return new FailedCheck(RefusalCode.EvidenceInvalid, "event-log-bank", "digests of sha384", string.Join(", ", log.Algorithms.Select(TpmAlgorithms.BankOf)));
            yield break;
        }

        var replayed = log.Replay(TpmAlgorithms.Sha384);
        var nothing = new Bytes(new byte[LogHash.Bytes(TpmAlgorithms.Sha384)]);
        for (var rtmr = 0; rtmr < rtmrs.Count; rtmr++)
        {
            if (replayed.GetValueOrDefault(rtmr + FirstRtmr, nothing) is var value && value != rtmrs[rtmr])
            {
                yield return new FailedCheck(
                    RefusalCode.EvidenceInvalid, "event-log-replay", $"a log that gives rtmr {rtmr} its quoted value {Hex.Of(rtmrs[rtmr].Span)}", Hex.Of(value.Span));
            }
        }
    }
}
