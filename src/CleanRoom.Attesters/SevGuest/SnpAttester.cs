using System.Runtime.Versioning;
using CleanRoom.Attestation;
using CleanRoom.Attestation.Guest;
using CleanRoom.Attesters.Devices;
using CleanRoom.Protocol;

namespace CleanRoom.Attesters.SevGuest;

/// <summary>Attests with a report of SEV-SNP from <c>/dev/sev-guest</c>.</summary>
public sealed class SnpAttester : IAttester
{
    private readonly SnpDevice _device;
    private readonly uint _vmpl;

    /// <summary>Takes the machine's device.</summary>
    /// <param name="vmpl">The level that the report is for: 0 to 3.</param>
    [SupportedOSPlatform("linux")]
    public SnpAttester(uint vmpl)
        : this(new LinuxDevice(SnpDevice.Path), vmpl)
    {
    }

    internal SnpAttester(IDeviceControl device, uint vmpl) => (_device, _vmpl) = (new SnpDevice(device), vmpl);

    /// <inheritdoc/>
    public string Tee => TeeNames.AmdSevSnp;

    /// <inheritdoc/>
    public ValueTask<AttesterEvidence> AttestAsync(ReadOnlyMemory<byte> reportData, CancellationToken cancellationToken)
    {
        ReportData.Require(reportData);
        cancellationToken.ThrowIfCancellationRequested();
        var (report, certificates) = _device.Report(reportData.Span, _vmpl);
        return ValueTask.FromResult(new AttesterEvidence(new Bytes(report), SnpCertificateTable.Endorsements(certificates)));
    }
}
