using System.Buffers.Binary;
using CleanRoom.Attesters.Devices;

namespace CleanRoom.Attesters.SevGuest;

/// <summary>Requests of <c>/dev/sev-guest</c>. Structures hold addresses; numbers are little-endian.</summary>
/// <remarks>Spec: Linux include/uapi/linux/sev-guest.h; AMD 56860, MSG_REPORT_REQ and MSG_KEY_REQ.</remarks>
internal sealed class SnpDevice(IDeviceControl device)
{
    /// <summary>Where Linux has it.</summary>
    public const string Path = "/dev/sev-guest";

    /// <summary>Bytes of an ATTESTATION_REPORT.</summary>
    public const int ReportBytes = 1_184;

    /// <summary>Bytes of a derived key.</summary>
    public const int DerivedKeyBytes = 32;

    /// <summary>Most bytes of certificates that the kernel takes from the host: SEV_FW_BLOB_MAX_SIZE.</summary>
    public const int CertificatesBytes = 16 * 1024;

    private const uint GetReport = 0xC0205300;
    private const uint GetDerivedKey = 0xC0205301;
    private const uint GetExtendedReport = 0xC0205302;

    private const int Attempts = 8;
    private const int EnvelopeBytes = 32;
    private const int ReportRequestBytes = 96;
    private const int ExtendedRequestBytes = 112;
    private const int ReportResponseBytes = 4_000;
    private const int KeyRequestBytes = 32;
    private const int KeyResponseBytes = 64;
    private const int ResponseHeaderBytes = 32;
    private const byte MessageVersion = 1;

    /// <summary>exitinfo2, upper half: the host's error. 1: the room for certificates is too small. 2: busy.</summary>
    private const uint HostInvalidLength = 1;
    private const uint HostBusy = 2;

    /// <summary>Gets what it is, for messages.</summary>
    public string Name => device.Name;

    /// <summary>Obtains a report with the host's table of certificates, or with none where the host gives none.</summary>
    /// <param name="vmpl">0 to 3, not below the caller's own level.</param>
    public (byte[] Report, byte[] Certificates) Report(ReadOnlySpan<byte> reportData, uint vmpl)
    {
        using var certificates = new PinnedBuffer(CertificatesBytes);
        using var request = new PinnedBuffer(ExtendedRequestBytes);
        WriteReportRequest(request.Span, reportData, vmpl);
        BinaryPrimitives.WriteInt64LittleEndian(request.Span[ReportRequestBytes..], certificates.Address);
        BinaryPrimitives.WriteUInt32LittleEndian(request.Span[(ReportRequestBytes + sizeof(long))..], CertificatesBytes);
        using var response = new PinnedBuffer(ReportResponseBytes);
        var outcome = Send(GetExtendedReport, request, response);
        if (outcome.HostError != HostInvalidLength)
        {
            return (TakeReport(outcome, response), certificates.Span.ToArray());
        }

        // More certificates than the kernel takes: the report alone is as good, its endorsements can come from elsewhere.
        using var plain = new PinnedBuffer(ReportRequestBytes);
        WriteReportRequest(plain.Span, reportData, vmpl);
        return (TakeReport(Send(GetReport, plain, response), response), []);
    }

    /// <summary>Writes a key of this guest into <paramref name="key"/>, 32 bytes.</summary>
    /// <param name="fields">GUEST_FIELD_SELECT: what is mixed into the key.</param>
    /// <param name="guestSvn">Not above the guest's own.</param>
    /// <returns>False when the firmware refuses these parameters.</returns>
    public bool TryDeriveKey(ulong fields, uint guestSvn, Span<byte> key)
    {
        const int FieldsOffset = 8;
        const int GuestSvnOffset = 20;
        using var request = new PinnedBuffer(KeyRequestBytes);
        BinaryPrimitives.WriteUInt64LittleEndian(request.Span[FieldsOffset..], fields);
        BinaryPrimitives.WriteUInt32LittleEndian(request.Span[GuestSvnOffset..], guestSvn);
        using var response = new PinnedBuffer(KeyResponseBytes);
        var outcome = Send(GetDerivedKey, request, response);
        if (outcome.Error != 0 && outcome.HostError == 0 && outcome.FirmwareError != 0)
        {
            return false;
        }

        Require(outcome);
        if (BinaryPrimitives.ReadUInt32LittleEndian(response.Span) != 0)
        {
            return false;
        }

        response.Span.Slice(ResponseHeaderBytes, DerivedKeyBytes).CopyTo(key);
        return true;
    }

    private static void WriteReportRequest(Span<byte> request, ReadOnlySpan<byte> reportData, uint vmpl)
    {
        reportData.CopyTo(request);
        BinaryPrimitives.WriteUInt32LittleEndian(request[ReportData.Length..], vmpl);
    }

    private Outcome Send(uint number, PinnedBuffer request, PinnedBuffer response)
    {
        const int RequestOffset = 8;
        const int ResponseOffset = 16;
        const int ErrorOffset = 24;
        using var envelope = new PinnedBuffer(EnvelopeBytes);
        for (var attempt = 1; ; attempt++)
        {
            envelope.Span.Clear();
            envelope.Span[0] = MessageVersion;
            BinaryPrimitives.WriteInt64LittleEndian(envelope.Span[RequestOffset..], request.Address);
            BinaryPrimitives.WriteInt64LittleEndian(envelope.Span[ResponseOffset..], response.Address);
            var error = device.Control(number, envelope.Address);
            var outcome = new Outcome(
                error,
                BinaryPrimitives.ReadUInt32LittleEndian(envelope.Span[ErrorOffset..]),
                BinaryPrimitives.ReadUInt32LittleEndian(envelope.Span[(ErrorOffset + sizeof(uint))..]));
            if (attempt == Attempts || (outcome.HostError != HostBusy && !LinuxErrors.IsForLater(error)))
            {
                return outcome;
            }
        }
    }

    private byte[] TakeReport(Outcome outcome, PinnedBuffer response)
    {
        Require(outcome);
        var status = BinaryPrimitives.ReadUInt32LittleEndian(response.Span);
        var size = BinaryPrimitives.ReadUInt32LittleEndian(response.Span[sizeof(uint)..]);
        return status == 0 && size == ReportBytes
            ? response.Span.Slice(ResponseHeaderBytes, ReportBytes).ToArray()
            : throw new AttesterException($"{Name}: wanted a report of {ReportBytes} bytes with status 0, got {size} bytes with status 0x{status:x}");
    }

    private void Require(Outcome outcome)
    {
        if (outcome is not { Error: 0, FirmwareError: 0, HostError: 0 })
        {
            throw new AttesterException(
                $"{Name}: wanted the firmware to answer, got error {outcome.Error}, firmware error 0x{outcome.FirmwareError:x}, host error 0x{outcome.HostError:x}");
        }
    }

    private readonly record struct Outcome(int Error, uint FirmwareError, uint HostError);
}
