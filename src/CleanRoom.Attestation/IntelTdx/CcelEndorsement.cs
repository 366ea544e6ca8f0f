using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Tpm.EventLog;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.IntelTdx;

/// <summary>The event log of a trust domain's firmware (CCEL) that came beside a quote. Trust: attacker-controlled until it replays.</summary>
internal static class CcelEndorsement
{
    /// <summary>Returns the log, or <c>event-log-format</c>; null when none came. Of two that differ only one can be of this domain.</summary>
    public static CheckResult<TcgEventLog>? Of(IEnumerable<Bytes> endorsements) =>
        endorsements.Where(one => TcgEventLogReader.Recognises(one.Span)).Distinct().ToList() switch
        {
            [] => null,
            [var only] => TcgEventLogReader.Parse(only.Span) is { } log ? log : FailedCheck.Invalid("event-log-format", "a whole crypto-agile log", $"{only.Length} bytes that are none"),
            var several => FailedCheck.Invalid("event-log-format", "one event log", $"{several.Count}"),
        };
}
