using System.Runtime.Versioning;
using CleanRoom.Attestation;
using CleanRoom.Attestation.Guest;
using CleanRoom.Attesters.Devices;
using CleanRoom.Protocol;

namespace CleanRoom.Attesters.Nitro;

/// <summary>Attests with a document of the Nitro Security Module. Its certificates are in the document.</summary>
public sealed class NitroAttester : IAttester
{
    private readonly NsmDevice _device;

    /// <summary>Takes the enclave's device.</summary>
    [SupportedOSPlatform("linux")]
    public NitroAttester()
        : this(new LinuxDevice(NsmDevice.Path))
    {
    }

    internal NitroAttester(IDeviceControl device) => _device = new NsmDevice(device);

    /// <inheritdoc/>
    public string Tee => TeeNames.AwsNitro;

    /// <inheritdoc/>
    public ValueTask<AttesterEvidence> AttestAsync(ReadOnlyMemory<byte> reportData, CancellationToken cancellationToken)
    {
        ReportData.Require(reportData);
        cancellationToken.ThrowIfCancellationRequested();
        var response = _device.Exchange(NsmMessages.AttestationRequest(reportData.Span));
        return ValueTask.FromResult(new AttesterEvidence(new Bytes(NsmMessages.Document(response)), []));
    }
}
