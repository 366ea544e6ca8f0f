using System.Buffers.Binary;

namespace CleanRoom.Attestation.Tests.Tpm;

/// <summary>Writes the big-endian structures of a TPM.</summary>
internal static class TpmBytes
{
    public static byte[] U16(int value)
    {
        var bytes = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)value);
        return bytes;
    }

    public static byte[] U32(uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes;
    }

    public static byte[] U64(ulong value)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
        return bytes;
    }

    /// <summary>Returns a TPM2B: the length, then the bytes.</summary>
    public static byte[] Sized(ReadOnlySpan<byte> bytes) => [.. U16(bytes.Length), .. bytes];
}
