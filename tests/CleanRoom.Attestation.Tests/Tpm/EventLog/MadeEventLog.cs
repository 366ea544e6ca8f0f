using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace CleanRoom.Attestation.Tests.Tpm.EventLog;

/// <summary>A crypto-agile log of firmware that does not exist, with SHA-256 and SHA-384 digests of the data.</summary>
internal sealed class MadeEventLog
{
    private const int Sha256Algorithm = 0x0B;
    private const int Sha384Algorithm = 0x0C;

    private readonly List<byte> _bytes = [];

    /// <summary>Begins with the header.</summary>
    public MadeEventLog()
    {
        byte[] header = [.. "Spec ID Event03\0"u8, .. U32(0), 0, 2, 0, 2, .. U32(2), .. U16(Sha256Algorithm), .. U16(32), .. U16(Sha384Algorithm), .. U16(48), 0];
        _bytes.AddRange([.. U32(0), .. U32(3), .. new byte[20], .. U32(header.Length), .. header]);
    }

    public static byte[] SecureBootOn { get; } = Variable("8be4df61-93ca-11d2-aa0d-00e098032b8c", "SecureBoot", [1]);

    public static byte[] SecureBootOff { get; } = Variable("8be4df61-93ca-11d2-aa0d-00e098032b8c", "SecureBoot", [0]);

    public byte[] ToBytes() => [.. _bytes];

    /// <summary>Adds an event whose digests are those of the data, or of something else.</summary>
    public MadeEventLog Add(int register, uint type, byte[] data, byte[]? measured = null)
    {
        _bytes.AddRange(
        [
            .. U32(register), .. U32((int)type), .. U32(2), .. U16(Sha256Algorithm), .. SHA256.HashData(measured ?? data),
            .. U16(Sha384Algorithm), .. SHA384.HashData(measured ?? data), .. U32(data.Length), .. data,
        ]);
        return this;
    }

    /// <summary>Returns UEFI_VARIABLE_DATA.</summary>
    public static byte[] Variable(string owner, string name, byte[] value) =>
        [.. new Guid(owner).ToByteArray(), .. U64(name.Length), .. U64(value.Length), .. Encoding.Unicode.GetBytes(name), .. value];

    /// <summary>Returns what a PCR of the SHA-256 bank is after these were extended.</summary>
    public static byte[] Extended(params IEnumerable<byte[]> data) =>
        data.Aggregate(new byte[32], (value, one) => SHA256.HashData([.. value, .. SHA256.HashData(one)]));

    private static byte[] U16(int value) => BitConverter.GetBytes((ushort)value);

    private static byte[] U32(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        return bytes;
    }

    private static byte[] U64(long value) => BitConverter.GetBytes(value);
}
