using System.Buffers.Binary;

namespace CleanRoom.Attesters.Tpm.Wire;

/// <summary>Writes TPM structures: big-endian, sized buffers with a length of 16 bits.</summary>
/// <remarks>Holds secrets when a command does; <see cref="Dispose"/> zeroes what was written.</remarks>
internal sealed class TpmWriter : IDisposable
{
    /// <summary>Most bytes of one command: no TPM takes more.</summary>
    public const int MaxBytes = 4_096;

    private readonly byte[] _buffer = GC.AllocateArray<byte>(MaxBytes, pinned: true);

    /// <summary>Gets how many bytes were written.</summary>
    public int Length { get; private set; }

    /// <summary>Gets what was written.</summary>
    public ReadOnlyMemory<byte> Written => _buffer.AsMemory(0, Length);

    public TpmWriter U8(byte value)
    {
        Take(sizeof(byte))[0] = value;
        return this;
    }

    public TpmWriter U16(int value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(Take(sizeof(ushort)), checked((ushort)value));
        return this;
    }

    public TpmWriter U32(uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(Take(sizeof(uint)), value);
        return this;
    }

    public TpmWriter Raw(ReadOnlySpan<byte> value)
    {
        value.CopyTo(Take(value.Length));
        return this;
    }

    /// <summary>Writes a TPM2B: length in 16 bits, then the bytes.</summary>
    public TpmWriter Sized(ReadOnlySpan<byte> value) => U16(value.Length).Raw(value);

    /// <summary>Sets the 32 bits at a place that was written before.</summary>
    public void Patch(int offset, uint value) => BinaryPrimitives.WriteUInt32BigEndian(_buffer.AsSpan(0, Length)[offset..], value);

    /// <inheritdoc/>
    public void Dispose() => System.Security.Cryptography.CryptographicOperations.ZeroMemory(_buffer);

    private Span<byte> Take(int count)
    {
        if (count > MaxBytes - Length)
        {
            throw new InvalidOperationException($"wanted a command of at most {MaxBytes} bytes");
        }

        var span = _buffer.AsSpan(Length, count);
        Length += count;
        return span;
    }
}
