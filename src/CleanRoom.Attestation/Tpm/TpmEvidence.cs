using System.Collections.Immutable;
using CleanRoom.Attestation.Certificates;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Attestation.Formats;
using CleanRoom.Attestation.Tpm.EventLog;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Json;

namespace CleanRoom.Attestation.Tpm;

/// <summary>Evidence of a TPM whose form is right. Spec: contracts/spec/0006 s.9; contracts/spec/attestation/tpm.md.</summary>
internal sealed class TpmEvidence(TpmEvidence.Parts parts, EndorsementSet endorsements) : ParsedEvidence(StateClaims(parts))
{
    private const string MeasurementLabel = "cleanroom/v1/tpm-pcrs";

    /// <summary>Gets the key that quotes.</summary>
    public TpmPublicKey Key => parts.Key;

    /// <summary>Gets the quote.</summary>
    public TpmQuoteStatement Quote => parts.Quote;

    /// <summary>Gets the signature over the quote.</summary>
    public TpmSignature Signature => parts.Signature;

    /// <summary>Gets the values beside the quote.</summary>
    public PcrSet Pcrs => parts.Pcrs;

    /// <summary>Gets the firmware's log; null when none came.</summary>
    public TcgEventLog? Log => parts.Log;

    /// <summary>Gets what came with it.</summary>
    public EndorsementSet Endorsements => endorsements;

    /// <summary>Returns SHA-256 over the label, a zero byte and the canonical text of the member <c>pcrs</c>.</summary>
    public static Digest Measurement(JsonObject pcrs) => Digest.Labelled(MeasurementLabel, Jcs.Write(pcrs));

    private static EvidenceClaims StateClaims(Parts parts) => new()
    {
        ReportData = Hex.Of(parts.Quote.ExtraData.Span),
        Values = ImmutableSortedDictionary<string, string>.Empty
            .Add(EvidenceClaims.Measurement, parts.Measurement.ToString())
            .Add("akName", Hex.Of(parts.Key.Name.Span))
            .Add("tpmFirmware", $"{parts.Quote.FirmwareVersion:x16}")
            .AddRange(parts.Pcrs.ToClaims()),
        Tcb = ImmutableSortedDictionary<string, int>.Empty,
        ChipId = null,
        Debug = false,
        Anchor = parts.Key.Key.SpkiDigest(),
    };

    /// <summary>The members of the envelope, each in its own form.</summary>
    internal sealed record Parts(
        TpmPublicKey Key, TpmQuoteStatement Quote, TpmSignature Signature, PcrSet Pcrs, Digest Measurement, TcgEventLog? Log);
}
