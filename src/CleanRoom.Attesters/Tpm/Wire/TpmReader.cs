using System.Buffers.Binary;

namespace CleanRoom.Attesters.Tpm.Wire;

/// <summary>Reads TPM structures. Every length is checked before it is used.</summary>
/// <remarks>Trust: the device's answer; a malformed one is an <see cref="AttesterException"/>.</remarks>
internal ref struct TpmReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    /// <summary>Gets what was not read yet.</summary>
    public readonly ReadOnlySpan<byte> Rest => _rest;

    public byte U8() => Take(sizeof(byte))[0];

    public ushort U16() => BinaryPrimitives.ReadUInt16BigEndian(Take(sizeof(ushort)));

    public uint U32() => BinaryPrimitives.ReadUInt32BigEndian(Take(sizeof(uint)));

    /// <summary>Reads a TPM2B.</summary>
    public ReadOnlySpan<byte> Sized() => Take(U16());

    /// <summary>Returns the bytes that follow, as many as wanted.</summary>
    public ReadOnlySpan<byte> Take(int count)
    {
        if (count > _rest.Length)
        {
            throw new AttesterException($"tpm: wanted {count} more bytes of an answer, got {_rest.Length}");
        }

        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }

    /// <exception cref="AttesterException">Bytes are left.</exception>
    public readonly void End()
    {
        if (!_rest.IsEmpty)
        {
            throw new AttesterException($"tpm: wanted the end of an answer, got {_rest.Length} bytes more");
        }
    }
}
