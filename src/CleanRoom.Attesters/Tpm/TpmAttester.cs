using System.Collections.Immutable;
using CleanRoom.Attestation;
using CleanRoom.Attestation.Guest;
using CleanRoom.Protocol;

namespace CleanRoom.Attesters.Tpm;

/// <summary>Attests with a quote of a TPM 2.0.</summary>
/// <remarks>Alone it says what was started, by the word of the TPM's maker; it does not keep the operator out. Spec: contracts/spec/0006 s.9.</remarks>
public sealed class TpmAttester(TpmAccess tpm, TpmAttesterOptions options) : IAttester
{
    /// <inheritdoc/>
    public string Tee => TeeNames.Tpm;

    /// <inheritdoc/>
    public async ValueTask<AttesterEvidence> AttestAsync(ReadOnlyMemory<byte> reportData, CancellationToken cancellationToken)
    {
        ReportData.Require(reportData);
        var (key, certificate, quote) = await tpm.UseAsync(
            async client =>
            {
                var (key, certificate) = await AttestationKeySource.OpenAsync(client);
                return (key, certificate, await TpmQuote.MakeAsync(client, key, reportData, options.Pcrs));
            },
            cancellationToken);
        var eventLog = await EventLogFile.TryReadAsync(options.EventLogPath, cancellationToken);
        ImmutableArray<Bytes> endorsements = certificate is null ? [] : [new Bytes(certificate), .. options.Issuers];
        return new AttesterEvidence(TpmEvidenceFormat.Write(key, quote, eventLog), endorsements);
    }
}
