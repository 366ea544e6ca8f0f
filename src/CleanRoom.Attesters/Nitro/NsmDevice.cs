using System.Buffers.Binary;
using CleanRoom.Attesters.Devices;

namespace CleanRoom.Attesters.Nitro;

/// <summary>The request of <c>/dev/nsm</c>: two addresses with lengths, little-endian.</summary>
/// <remarks>Spec: Linux include/uapi/linux/nsm.h, NSM_IOCTL_RAW.</remarks>
internal sealed class NsmDevice(IDeviceControl device)
{
    /// <summary>Where Linux has it.</summary>
    public const string Path = "/dev/nsm";

    /// <summary>Most bytes of a request and of a response.</summary>
    public const int MaxRequestBytes = 0x1000;
    public const int MaxResponseBytes = 0x3000;

    private const uint Raw = 0xC0200A00;
    private const int Attempts = 8;
    private const int EnvelopeBytes = 32;

    /// <summary>Sends one CBOR request and returns the CBOR response.</summary>
    public byte[] Exchange(ReadOnlySpan<byte> request)
    {
        const int LengthOffset = 8;
        const int ResponseOffset = 16;
        const int ResponseLengthOffset = 24;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(request.Length, MaxRequestBytes, nameof(request));
        using var sent = new PinnedBuffer(request.Length);
        request.CopyTo(sent.Span);
        using var received = new PinnedBuffer(MaxResponseBytes);
        using var envelope = new PinnedBuffer(EnvelopeBytes);
        var error = LinuxErrors.Interrupted;
        for (var attempt = 0; attempt < Attempts && LinuxErrors.IsForLater(error); attempt++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(envelope.Span, sent.Address);
            BinaryPrimitives.WriteInt64LittleEndian(envelope.Span[LengthOffset..], request.Length);
            BinaryPrimitives.WriteInt64LittleEndian(envelope.Span[ResponseOffset..], received.Address);
            BinaryPrimitives.WriteInt64LittleEndian(envelope.Span[ResponseLengthOffset..], MaxResponseBytes);
            error = device.Control(Raw, envelope.Address);
        }

        var length = BinaryPrimitives.ReadUInt64LittleEndian(envelope.Span[ResponseLengthOffset..]);
        return error == 0 && length is > 0 and <= MaxResponseBytes
            ? received.Span[..(int)length].ToArray()
            : throw new AttesterException($"{device.Name}: wanted a response of 1 to {MaxResponseBytes} bytes, got error {error} and {length} bytes");
    }
}
