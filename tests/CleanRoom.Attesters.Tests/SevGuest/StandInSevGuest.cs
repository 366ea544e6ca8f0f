using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using CleanRoom.Attesters.Devices;

namespace CleanRoom.Attesters.Tests.SevGuest;

/// <summary>/dev/sev-guest as the kernel's header describes it: follows the addresses in the structures that it is given.</summary>
internal sealed class StandInSevGuest : IDeviceControl
{
    public const uint GetReport = 0xC0205300;
    public const uint GetDerivedKey = 0xC0205301;
    public const uint GetExtendedReport = 0xC0205302;

    private const int InputOutput = 5;

    public string Name => "stand-in";

    public List<(uint Number, byte[] Request)> Requests { get; } = [];

    public List<byte> MessageVersions { get; } = [];

    public byte[] Certificates { get; set; } = [];

    public uint GuestSvn { get; set; } = 3;

    public byte[] Measurement { get; set; } = [1];

    public uint Status { get; set; }

    public uint ReportSize { get; set; } = 1_184;

    /// <summary>Returns error number and exitinfo2 for a request; zeros go on.</summary>
    public Func<int, uint, (int Error, ulong ExitInfo)> Fails { get; set; } = (_, _) => (0, 0);

    public byte[] Report(ReadOnlySpan<byte> reportData)
    {
        var report = new byte[1_184];
        BinaryPrimitives.WriteUInt32LittleEndian(report.AsSpan(4), GuestSvn);
        reportData.CopyTo(report.AsSpan(0x50));
        return report;
    }

    public int Control(uint request, nint argument)
    {
        var envelope = Read(argument, 32);
        MessageVersions.Add(envelope[0]);
        var input = Read(Address(envelope, 8), request switch { GetReport => 96, GetDerivedKey => 32, GetExtendedReport => 112, _ => 0 });
        var output = Address(envelope, 16);
        Requests.Add((request, input));
        var (error, exitInfo) = Fails(Requests.Count, request);
        if (error == 0 && exitInfo == 0 && request == GetDerivedKey && BinaryPrimitives.ReadUInt32LittleEndian(input.AsSpan(20)) > GuestSvn)
        {
            (error, exitInfo) = (InputOutput, 0x16);
        }

        Marshal.WriteInt64(argument, 24, (long)exitInfo);
        if (error == 0)
        {
            Answer(request, input, output);
        }

        return error;
    }

    private static nint Address(byte[] structure, int offset) => (nint)BinaryPrimitives.ReadInt64LittleEndian(structure.AsSpan(offset));

    private static byte[] Read(nint address, int count)
    {
        var bytes = new byte[count];
        Marshal.Copy(address, bytes, 0, count);
        return bytes;
    }

    private void Answer(uint request, byte[] input, nint output)
    {
        var answer = new byte[request == GetDerivedKey ? 64 : 4_000];
        BinaryPrimitives.WriteUInt32LittleEndian(answer, Status);
        if (request == GetDerivedKey)
        {
            SHA256.HashData([.. input, .. Measurement]).CopyTo(answer, 32);
        }
        else
        {
            BinaryPrimitives.WriteUInt32LittleEndian(answer.AsSpan(4), ReportSize);
            Report(input.AsSpan(0, 64)).CopyTo(answer, 32);
        }

        Marshal.Copy(answer, 0, output, answer.Length);
        if (request == GetExtendedReport)
        {
            Certificates.Length.Should().BeLessThanOrEqualTo((int)BinaryPrimitives.ReadUInt32LittleEndian(input.AsSpan(104)));
            Marshal.Copy(Certificates, 0, Address(input, 96), Certificates.Length);
        }
    }
}
