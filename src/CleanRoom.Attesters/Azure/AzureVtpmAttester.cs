using System.Collections.Immutable;
using CleanRoom.Attestation;
using CleanRoom.Attestation.Guest;
using CleanRoom.Attesters.Tpm;
using CleanRoom.Attesters.Tpm.Commands;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Json;

namespace CleanRoom.Attesters.Azure;

/// <summary>Attests on an Azure confidential VM: the hardware report names the virtual TPM's key, and the key quotes.</summary>
/// <remarks>Spec: contracts/spec/0006 s.9.</remarks>
public sealed class AzureVtpmAttester : IAttester
{
    private const string Type = "cleanroom/v1/azure-vtpm-evidence";
    private const uint AttestationKeyHandle = 0x8100_0003;

    private readonly TpmAccess _tpm;
    private readonly PcrSelection _pcrs;
    private readonly AzureMetadata _metadata;

    /// <summary>Takes the machine's virtual TPM.</summary>
    /// <param name="tpm">The virtual TPM.</param>
    /// <param name="pcrs">What the quote covers.</param>
    /// <param name="metadata">A client whose base address is the metadata service's: <see cref="MetadataAddress"/>.</param>
    public AzureVtpmAttester(TpmAccess tpm, PcrSelection pcrs, HttpClient metadata) =>
        (_tpm, _pcrs, _metadata) = (tpm, pcrs, new AzureMetadata(metadata));

    /// <summary>Gets where every Azure machine has its metadata service.</summary>
    public static Uri MetadataAddress => AzureMetadata.DefaultAddress;

    /// <inheritdoc/>
    public string Tee => TeeNames.AzureVtpm;

    /// <inheritdoc/>
    public async ValueTask<AttesterEvidence> AttestAsync(ReadOnlyMemory<byte> reportData, CancellationToken cancellationToken)
    {
        ReportData.Require(reportData);
        var (report, quote) = await _tpm.UseAsync(client => QuoteAsync(client, reportData), cancellationToken);
        var members = ImmutableArray.Create(
            new JsonMember("hclReport", new Bytes(report.Bytes)),
            new JsonMember("pcrs", quote.Pcrs.ToJson()),
            new JsonMember("quote", new Bytes(quote.Attest.Span)),
            new JsonMember("signature", new Bytes(quote.Signature.Span)),
            new JsonMember("type", Type));
        if (!report.IsTdx)
        {
            return new AttesterEvidence(Write(members), await _metadata.CertificatesAsync(cancellationToken));
        }

        var tdQuote = await _metadata.TdQuoteAsync(report.TdReport.ToArray(), cancellationToken);
        return new AttesterEvidence(Write(members.Add(new JsonMember("tdQuote", new Bytes(tdQuote)))), []);
    }

    private static Bytes Write(ImmutableArray<JsonMember> members) => new(Jcs.Write(new JsonObject(members)));

    private async ValueTask<(HclReport Report, TpmQuote Quote)> QuoteAsync(TpmClient client, ReadOnlyMemory<byte> reportData)
    {
        var area = await client.TryReadNvAsync(HclReport.NvIndex)
            ?? throw new AttesterException($"{_tpm.Name}: wanted an hcl report at nv 0x{HclReport.NvIndex:x8}, got none");
        var key = await client.TryReadKeyAsync(AttestationKeyHandle)
            ?? throw new AttesterException($"{_tpm.Name}: wanted an attestation key at 0x{AttestationKeyHandle:x8}, got none");
        return (HclReport.Parse(area), await TpmQuote.MakeAsync(client, key, reportData, _pcrs));
    }
}
