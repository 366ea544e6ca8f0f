using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Formats;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.Tpm.EventLog;

/// <summary>Checks a log against the PCRs of a quote whose signature holds.</summary>
/// <remarks>
/// The firmware's PCRs 0 to 7 must replay: the system extends the others later without the firmware's log, and no claim is taken from
/// them. A replay proves the digests and their order, not what the log says beside them: so each event whose digest is by its type
/// that of its data must really have it.
/// </remarks>
internal static class EventLogCheck
{
    /// <summary>The last PCR that is the firmware's. Spec: TCG PC Client Platform Firmware Profile s.3.3.</summary>
    public const int LastFirmwareRegister = 7;

    /// <summary>Returns the failures: <c>event-log-bank</c>, <c>event-log-replay</c>, <c>event-log-data</c>.</summary>
    public static IEnumerable<FailedCheck> Failures(TcgEventLog log, ushort algorithm, PcrSet pcrs)
    {
        if (!log.Algorithms.Contains(algorithm))
        {
            yield return FailedCheck.Invalid("event-log-bank", $"digests of {TpmAlgorithms.BankOf(algorithm)}", string.Join(", ", log.Algorithms.Select(TpmAlgorithms.BankOf)));
            yield break;
        }

        var replayed = log.Replay(algorithm);
        var nothing = new Bytes(new byte[LogHash.Bytes(algorithm)]);
        foreach (var ((_, index), quoted) in pcrs.Values.Where(pcr => pcr.Key.Algorithm == algorithm && pcr.Key.Index <= LastFirmwareRegister))
        {
            if (replayed.GetValueOrDefault(index, nothing) is var value && value != quoted)
            {
                yield return FailedCheck.Invalid("event-log-replay", $"a log that gives pcr {index} its quoted value {Hex.Of(quoted.Span)}", Hex.Of(value.Span));
            }
        }

        foreach (var one in log.Events.Where(one => one.Register <= LastFirmwareRegister && one.IsOverData && !one.Matches(algorithm)))
        {
            yield return FailedCheck.Invalid(
                "event-log-data",
                $"data with the digest {Hex.Of(one.Digests[algorithm].Span)} in an event 0x{one.Type:x8} of pcr {one.Register}",
                Hex.Of(LogHash.Of(algorithm, one.Data.Span)));
        }
    }
}
