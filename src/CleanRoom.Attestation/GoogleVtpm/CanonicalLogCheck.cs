using System.Globalization;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Attestation.Formats;
using CleanRoom.Attestation.Tpm;
using CleanRoom.Attestation.Tpm.EventLog;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.GoogleVtpm;

/// <summary>Checks a canonical event log against the PCR of each bank that may be proof, or against the RTMR of a TDX quote.</summary>
internal static class CanonicalLogCheck
{
    /// <summary>Returns the failures: <c>canonical-event-log-register</c>, <c>canonical-event-log-replay</c>, <c>canonical-event-log-data</c>.</summary>
    /// <param name="hardware">What the hardware's evidence says; null where there is none.</param>
    public static IEnumerable<FailedCheck> Failures(CanonicalLog log, GoogleAttestation attestation, EvidenceClaims? hardware)
    {
        var isRtmr = log.Records[0].IsRtmr;
        var quoted = isRtmr ? Rtmr(hardware) : Pcrs(attestation);
        if (quoted.Count == 0 || log.Records.Any(record => record.IsRtmr != isRtmr))
        {
            yield return FailedCheck.Invalid(
                "canonical-event-log-register", $"records of pcr {CanonicalLog.Register}, quoted, or of rtmr {CanonicalLog.Rtmr} with a tdx quote", isRtmr ? "another, or no tdx quote" : "another, or not quoted");
            yield break;
        }

        foreach (var (bank, value) in quoted)
        {
            var isComplete = log.Records.All(record => record.Digests.ContainsKey(bank));
            if (!isComplete || log.Replay(bank) != value)
            {
                yield return FailedCheck.Invalid(
                    "canonical-event-log-replay", $"records of {TpmAlgorithms.BankOf(bank)} that give the quoted value {Hex.Of(value.Span)}", isComplete ? Hex.Of(log.Replay(bank).Span) : "records without that bank");
            }
        }

        var untrue = log.Records.Count(record => record.Digests.Any(digest => !LogHash.Of(digest.Key, record.Hashed.Span).AsSpan().SequenceEqual(digest.Value.Span)));
        if (untrue > 0)
        {
            yield return FailedCheck.Invalid("canonical-event-log-data", "contents with the digests that were extended", string.Create(CultureInfo.InvariantCulture, $"{untrue} others"));
        }
    }

    private static List<(ushort Bank, Bytes Value)> Pcrs(GoogleAttestation attestation) =>
    [
        .. attestation.Quotes.Where(quote => TpmAlgorithms.IsProof(quote.Bank) && quote.Pcrs.Values.ContainsKey((quote.Bank, CanonicalLog.Register)))
            .Select(quote => (quote.Bank, quote.Pcrs.Values[(quote.Bank, CanonicalLog.Register)])),
    ];

    private static List<(ushort Bank, Bytes Value)> Rtmr(EvidenceClaims? hardware) =>
        hardware?.Values.GetValueOrDefault($"rtmr{CanonicalLog.Rtmr}") is { } value ? [(TpmAlgorithms.Sha384, new Bytes(Convert.FromHexString(value)))] : [];
}
