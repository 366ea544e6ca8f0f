using System.Text;

namespace CleanRoom.Engine.ParquetFormat;

/// <summary>Wire types of the Thrift compact protocol.</summary>
internal enum ThriftType : byte
{
    Stop = 0,
    True = 1,
    False = 2,
    I8 = 3,
    I16 = 4,
    I32 = 5,
    I64 = 6,
    Double = 7,
    Binary = 8,
    List = 9,
    Set = 10,
    Map = 11,
    Structure = 12,
    Uuid = 13,
}

/// <summary>Reads the Thrift compact protocol from bytes that nobody vouches for.</summary>
/// <remarks>
/// The first fault sticks: <see cref="HasFailed"/> becomes true, every later read gives zero or the end, so loops end. Never allocates by
/// an announced size, never reads outside the bytes. Spec: Apache Thrift, thrift-compact-protocol.md.
/// </remarks>
internal ref struct ThriftCompactReader(ReadOnlySpan<byte> bytes)
{
    private const int MaxDepth = 32;
    private const int UuidBytes = 16;
    private const int LongFormCount = 15;
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    /// <summary>Gets a value that says whether something was malformed.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>Gets the number of bytes read.</summary>
    public int Position { get; private set; }

    /// <summary>Reads the header of the next field of a structure.</summary>
    /// <param name="field">The last field's number, 0 before the first; becomes this one's.</param>
    /// <param name="type">The type of the value that follows.</param>
    /// <returns>False at the end of the structure and after a fault.</returns>
    public bool TryReadField(ref int field, out ThriftType type)
    {
        var head = ReadByte();
        type = (ThriftType)(head & 0x0f);
        if (HasFailed || type == ThriftType.Stop)
        {
            return false;
        }

        var delta = head >> 4;
        field = delta == 0 ? unchecked((int)ReadInteger()) : field + delta;
        if (type > ThriftType.Uuid || field is < 0 or > short.MaxValue)
        {
            HasFailed = true;
        }

        return !HasFailed;
    }

    /// <summary>Reads a zigzag integer of 16, 32 or 64 bits.</summary>
    public long ReadInteger()
    {
        var value = ReadVarint();
        return unchecked((long)(value >> 1) ^ -(long)(value & 1));
    }

    /// <summary>Reads a string, which must be UTF-8.</summary>
    public string ReadString()
    {
        var bytes = ReadBinary();
        try
        {
            return new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            HasFailed = true;
            return "";
        }
    }

    /// <summary>Reads the header of a list; a count that the remaining bytes cannot hold is a fault.</summary>
    public int ReadList(out ThriftType elementType)
    {
        var head = ReadByte();
        elementType = (ThriftType)(head & 0x0f);
        var count = (ulong)(head >> 4);
        if (count == LongFormCount)
        {
            count = ReadVarint();
        }

        // Every element is at least one byte.
        if (elementType is ThriftType.Stop or > ThriftType.Uuid || count > (ulong)(_bytes.Length - Position))
        {
            HasFailed = true;
        }

        return HasFailed ? 0 : (int)count;
    }

    /// <summary>Passes over a value.</summary>
    public void Skip(ThriftType type) => Skip(type, isElement: false, depth: 0);

    private void Skip(ThriftType type, bool isElement, int depth)
    {
        if (HasFailed || depth > MaxDepth)
        {
            HasFailed = true;
            return;
        }

        switch (type)
        {
            case ThriftType.True or ThriftType.False:
                // As a field the value is in the header, as an element it is a byte.
                Advance(isElement ? 1 : 0);
                break;
            case ThriftType.I8:
                Advance(1);
                break;
            case ThriftType.I16 or ThriftType.I32 or ThriftType.I64:
                _ = ReadVarint();
                break;
            case ThriftType.Double:
                Advance(sizeof(double));
                break;
            case ThriftType.Binary:
                _ = ReadBinary();
                break;
            case ThriftType.Uuid:
                Advance(UuidBytes);
                break;
            case ThriftType.List or ThriftType.Set:
                SkipList(depth);
                break;
            case ThriftType.Map:
                SkipMap(depth);
                break;
            case ThriftType.Structure:
                SkipStructure(depth);
                break;
            default:
                HasFailed = true;
                break;
        }
    }

    private void SkipList(int depth)
    {
        var count = ReadList(out var elementType);
        for (var i = 0; i < count && !HasFailed; i++)
        {
            Skip(elementType, isElement: true, depth + 1);
        }
    }

    private void SkipMap(int depth)
    {
        var count = ReadVarint();
        if (count == 0)
        {
            return;
        }

        var types = ReadByte();
        if (count > (ulong)(_bytes.Length - Position))
        {
            HasFailed = true;
        }

        for (var i = 0UL; i < count && !HasFailed; i++)
        {
            Skip((ThriftType)(types >> 4), isElement: true, depth + 1);
            Skip((ThriftType)(types & 0x0f), isElement: true, depth + 1);
        }
    }

    private void SkipStructure(int depth)
    {
        var field = 0;
        while (TryReadField(ref field, out var type))
        {
            Skip(type, isElement: false, depth + 1);
        }
    }

    /// <summary>Reads bytes.</summary>
    public ReadOnlySpan<byte> ReadBinary()
    {
        var length = ReadVarint();
        if (length > (ulong)(_bytes.Length - Position))
        {
            HasFailed = true;
        }

        if (HasFailed)
        {
            return default;
        }

        var value = _bytes.Slice(Position, (int)length);
        Position += (int)length;
        return value;
    }

    private ulong ReadVarint()
    {
        var value = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = ReadByte();
            value |= (ulong)(next & 0x7f) << shift;
            if ((next & 0x80) == 0)
            {
                return HasFailed ? 0 : value;
            }
        }

        HasFailed = true;
        return 0;
    }

    private byte ReadByte()
    {
        if (HasFailed || Position >= _bytes.Length)
        {
            HasFailed = true;
            return 0;
        }

        return _bytes[Position++];
    }

    private void Advance(int count)
    {
        if (count > _bytes.Length - Position)
        {
            HasFailed = true;
            return;
        }

        Position += count;
    }
}
