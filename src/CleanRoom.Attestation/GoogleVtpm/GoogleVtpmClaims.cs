using System.Collections.Immutable;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Attestation.Formats;
using CleanRoom.Attestation.Tpm;
using CleanRoom.Attestation.Tpm.EventLog;

namespace CleanRoom.Attestation.GoogleVtpm;

/// <summary>Says a virtual machine of Google's in the words of contracts. Names: contracts/spec/attestation/gcp-vtpm.md s.4.</summary>
internal static class GoogleVtpmClaims
{
    private static readonly EvidenceClaims s_none = new()
    {
        ReportData = string.Empty,
        Values = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal),
        Tcb = ImmutableSortedDictionary<string, int>.Empty,
        ChipId = null,
        Debug = false,
        Anchor = null,
    };

    /// <summary>Returns what quotes and hardware say; no claim rests on a bank that is no proof.</summary>
    /// <param name="hardware">What the hardware's evidence says; null where there is none.</param>
    public static EvidenceClaims Of(GoogleAttestation attestation, EvidenceClaims? hardware, string? tee)
    {
        var pcrs = Proof(attestation);
        var of = hardware ?? s_none;
        var values = of.Values
            .SetItem(EvidenceClaims.Measurement, TpmEvidence.Measurement(pcrs.ToJson()).ToString())
            .SetItem("akName", Hex.Of(attestation.Key.Name.Span))
            .SetItem("tpmFirmware", $"{attestation.Quotes[0].Statement.FirmwareVersion:x16}")
            .SetItem("hardware", tee ?? "none")
            .SetItems(pcrs.ToClaims());
        return of with
        {
            ReportData = Hex.Of(attestation.Quotes[0].Statement.ExtraData.Span),
            Values = hardware is null ? values : values.SetItem("launchMeasurement", hardware.Values[EvidenceClaims.Measurement]),
            Anchor = attestation.Key.Key.SpkiDigest(),
        };
    }

    /// <summary>Returns the claims of evidence that is verified: with the root, what the key's certificate says, and what the log says.</summary>
    public static EvidenceClaims Verified(GoogleAttestation attestation, TpmKeyTrust trust, EvidenceClaims? hardware, string? tee)
    {
        var (claims, pcrs) = (Of(attestation, hardware, tee), Proof(attestation));
        var values = claims.Values
            .SetItems(AttestationKeyCertificate.Claims(trust.Certificate!))
            .SetItems(attestation.Log is { } log ? EventLogClaims.Of(log, pcrs.Banks[0], pcrs) : [])
            .SetItems(attestation.Canonical?.ToClaims() ?? []);
        return claims with
        {
            Anchor = trust.Anchor,
            Values = hardware?.Anchor is { } anchor ? values.SetItem("hardwareAnchor", anchor.ToString()) : values,
        };
    }

    /// <summary>Returns the values of the banks that may be proof.</summary>
    private static PcrSet Proof(GoogleAttestation attestation) => new(attestation.Quotes
        .Where(quote => TpmAlgorithms.IsProof(quote.Bank)).DistinctBy(quote => quote.Bank)
        .SelectMany(quote => quote.Pcrs.Values).ToImmutableSortedDictionary());
}
