using CleanRoom.Attestation.Guest;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Attestation.Insecure;

/// <summary>Attests that this is a given machine, whatever it really is. INSECURE: for development and tests.</summary>
public sealed class InsecureSimulatedAttester(InsecureSimulatedMachine machine) : IAttester
{
    /// <inheritdoc/>
    public string Tee => TeeNames.Simulated;

    /// <inheritdoc/>
    public ValueTask<AttesterEvidence> AttestAsync(ReadOnlyMemory<byte> reportData, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return reportData.Length == AttestationBinding.ReportDataLength
            ? ValueTask.FromResult(new AttesterEvidence(InsecureSimulatedEvidence.Make(machine, new Bytes(reportData.Span)), []))
            : throw new ArgumentException($"wanted {AttestationBinding.ReportDataLength} bytes, got {reportData.Length}", nameof(reportData));
    }
}
