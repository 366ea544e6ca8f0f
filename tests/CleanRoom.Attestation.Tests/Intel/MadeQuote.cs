using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using CleanRoom.Protocol;
using CleanRoom.TestKit.Certificates;

namespace CleanRoom.Attestation.Tests.Intel;

/// <summary>A quote of the test PKI. The defaults are those of an honest one; tests change one thing at a time.</summary>
internal sealed record MadeQuote
{
    /// <summary>Where the header ends.</summary>
    public const int Header = 48;

    private static readonly TestKey s_attestationKey = TestKey.Ec("P-256");

    /// <summary>Gets the platform.</summary>
    public MadePlatform Platform { get; init; } = new();

    /// <summary>Gets the version.</summary>
    public ushort Version { get; init; } = 3;

    /// <summary>Gets the tee type.</summary>
    public uint Tee { get; init; }

    /// <summary>Gets the type in the descriptor of version 5.</summary>
    public ushort BodyType { get; init; } = 1;

    /// <summary>Gets the type of the certification data.</summary>
    public ushort CertificationType { get; init; } = 5;

    /// <summary>Gets the body; an enclave's report by default.</summary>
    public byte[] Body { get; init; } = Report(0x05, 1, new string('D', 64), 3);

    /// <summary>Gets a change of the quoting enclave's report before the PCK signs it.</summary>
    public Action<byte[]> ChangeQeReport { get; init; } = _ => { };

    /// <summary>Gets a change of the header before the attestation key signs it.</summary>
    public Action<byte[]> ChangeHeader { get; init; } = _ => { };

    /// <summary>Makes an enclave's report: flags, product id, signer, security version.</summary>
    public static byte[] Report(byte flags, ushort prodId, string signer, ushort svn)
    {
        var report = new byte[384];
        report[48] = flags;
        report[56] = 7;
        Enumerable.Repeat((byte)0xE1, 32).ToArray().CopyTo(report, 64);
        Convert.FromHexString(signer).CopyTo(report, 128);
        BinaryPrimitives.WriteUInt16LittleEndian(report.AsSpan(256), prodId);
        BinaryPrimitives.WriteUInt16LittleEndian(report.AsSpan(258), svn);
        Enumerable.Repeat((byte)0x5A, 64).ToArray().CopyTo(report, 320);
        return report;
    }

    /// <summary>Makes a TD report of TDX 1.0, or with 64 bytes more of TDX 1.5.</summary>
    public static byte[] TdReport(bool isTd15, byte minor = 4, byte major = 1, byte rest = 6)
    {
        var report = new byte[isTd15 ? 648 : 584];
        report.AsSpan(0, 16).Fill(rest);
        (report[0], report[1]) = (minor, major);
        report.AsSpan(16, 48).Fill(0x51);
        BinaryPrimitives.WriteUInt64LittleEndian(report.AsSpan(120), 1UL << 28);
        BinaryPrimitives.WriteUInt64LittleEndian(report.AsSpan(128), 0x602E7);
        report.AsSpan(136, 48).Fill(0xE1);
        report.AsSpan(328, 192).Fill(0x77);
        report.AsSpan(520, 64).Fill(0x5A);
        if (isTd15)
        {
            report.AsSpan(584, 16).Fill(rest);
            (report[584], report[585]) = (minor, major);
        }

        return report;
    }

    /// <summary>Returns the quote's bytes.</summary>
    public byte[] ToBytes()
    {
        var header = new byte[Header];
        BinaryPrimitives.WriteUInt16LittleEndian(header, Version);
        header[2] = 2;
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(4), Tee);
        Convert.FromHexString("939a7233f79c4ca9940a0db3957f0607").CopyTo(header, 12);
        ChangeHeader(header);
        byte[] descriptor = Version == 5 ? [.. UInt16(BodyType), .. UInt32(Body.Length)] : [];
        byte[] signed = [.. header, .. descriptor, .. Body];
        byte[] data = [.. s_attestationKey.SignRaw(signed), .. s_attestationKey.Point(), .. Certification()];
        return [.. signed, .. UInt32(data.Length), .. data];
    }

    /// <summary>Returns the quote as evidence.</summary>
    public Bytes ToEvidence() => new(ToBytes());

    private byte[] Certification()
    {
        byte[] authentication = [1, 2, 3, 4];
        var qeReport = Report(0x11, 1, new string('C', 64), 8);
        SHA256.HashData((byte[])[.. s_attestationKey.Point(), .. authentication]).CopyTo(qeReport, 320);
        qeReport.AsSpan(352).Clear();
        ChangeQeReport(qeReport);
        byte[] chain = [.. Encoding.ASCII.GetBytes(Platform.Chain()), 0];
        byte[] inner =
        [
            .. qeReport, .. MadePlatform.PckKey.SignRaw(qeReport), .. UInt16(authentication.Length), .. authentication,
            .. UInt16(CertificationType), .. UInt32(chain.Length), .. chain,
        ];
        return Version == 3 ? inner : [.. UInt16(6), .. UInt32(inner.Length), .. inner];
    }

    private static byte[] UInt16(int value)
    {
        var bytes = new byte[sizeof(ushort)];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, (ushort)value);
        return bytes;
    }

    private static byte[] UInt32(int value)
    {
        var bytes = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, (uint)value);
        return bytes;
    }
}
