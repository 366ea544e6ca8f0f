using System.Globalization;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Attestation.Formats;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Json;

namespace CleanRoom.Attestation.AzureVtpm;

/// <summary>Says an Azure confidential VM in the words of contracts. Names: contracts/spec/attestation/azure-vtpm.md s.4.</summary>
internal static class AzureVtpmClaims
{
    private const string MeasurementLabel = "cleanroom/v1/azure-vtpm-measurement";

    /// <summary>Returns the hardware's claims, of which the measurement becomes <c>launchMeasurement</c>, with those of paravisor and virtual TPM.</summary>
    public static EvidenceClaims Of(EvidenceClaims hardware, string tee, AzureVtpmEvidence.Parts parts)
    {
        var launch = hardware.Values[EvidenceClaims.Measurement];
        return hardware with
        {
            ReportData = Hex.Of(parts.Quote.ExtraData.Span),
            Values = hardware.Values
                .SetItem(EvidenceClaims.Measurement, Measurement(launch, parts.Pcrs.ToJson()).ToString())
                .SetItem("launchMeasurement", launch)
                .SetItem("hardware", tee)
                .SetItem("hardwareReportData", hardware.ReportData)
                .SetItem("hclVersion", parts.Report.Version.ToString(CultureInfo.InvariantCulture))
                .SetItem("tpmFirmware", $"{parts.Quote.FirmwareVersion:x16}")
                .SetItems(parts.Runtime.Values)
                .SetItems(parts.Pcrs.ToClaims()),
        };
    }

    /// <summary>
    /// Returns SHA-256 over the label, a zero byte and the canonical text of both: the hardware measured no more than the paravisor, and what it
    /// started stands in the PCRs alone. A contract that named one of the two would accept anything in the other.
    /// </summary>
    private static Digest Measurement(string launch, JsonObject pcrs) =>
        Digest.Labelled(MeasurementLabel, Jcs.Write(new JsonObject(new JsonMember("launch", launch), new JsonMember("pcrs", pcrs))));
}
