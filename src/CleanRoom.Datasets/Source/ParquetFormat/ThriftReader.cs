namespace CleanRoom.Datasets.Source.ParquetFormat;

/// <summary>Reads Thrift compact protocol structures from bytes that nobody vouches for.</summary>
/// <remarks>
/// A parser that trusts lengths and nesting can be made to overflow the stack or to ask for gigabytes: here nesting is
/// bounded, and a length never exceeds what is left. After the first error every read returns nothing and
/// <see cref="HasFailed"/> stays true. Spec: Apache Thrift compact protocol; contracts/spec/0007 s.3.2.
/// </remarks>
internal ref struct ThriftReader(ReadOnlySpan<byte> bytes)
{
    /// <summary>Field type numbers of the compact protocol.</summary>
    public const int BooleanTrue = 1, BooleanFalse = 2, I32 = 5, I64 = 6, Binary = 8, List = 9, Struct = 12;

    private const int Byte = 3, I16 = 4, Double = 7, Set = 10, Map = 11, Uuid = 13;
    private const int DeepestNesting = 16;

    private ReadOnlySpan<byte> _rest = bytes;

    /// <summary>Gets a value that says whether the bytes were not what they should be.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>Gets the number of bytes not yet read.</summary>
    public readonly int Remaining => _rest.Length;

    /// <summary>Reads the header of the next field of a structure.</summary>
    /// <param name="id">The id of the field before; 0 at the start. Becomes the id of this field.</param>
    /// <param name="type">The field's type.</param>
    /// <returns>False at the end of the structure and after an error.</returns>
    public bool NextField(ref int id, out int type)
    {
        var head = ReadByte();
        type = head & 0x0F;
        if (HasFailed || type == 0)
        {
            return false;
        }

        id = head >> 4 is var delta && delta != 0 ? id + delta : (int)ReadZigZag();
        return !HasFailed;
    }

    /// <summary>Reads the header of a list.</summary>
    /// <returns>The number of elements, at most as many as there are bytes left.</returns>
    public int ReadList(out int elementType)
    {
        var head = ReadByte();
        elementType = head & 0x0F;
        var count = head >> 4 == 15 ? ReadVarint() : (ulong)(head >> 4);
        return FitsRest(count) ? (int)count : 0;
    }

    /// <summary>Reads a 32-bit integer.</summary>
    public int ReadI32()
    {
        var value = ReadZigZag();
        if (value is >= int.MinValue and <= int.MaxValue)
        {
            return (int)value;
        }

        HasFailed = true;
        return 0;
    }

    /// <summary>Reads a 64-bit integer.</summary>
    public long ReadI64() => ReadZigZag();

    /// <summary>Reads a byte string.</summary>
    public ReadOnlySpan<byte> ReadBinary()
    {
        var length = ReadVarint();
        return FitsRest(length) ? Take((int)length) : [];
    }

    /// <summary>Passes over a value of any type.</summary>
    public void Skip(int type) => Skip(type, DeepestNesting);

    private void Skip(int type, int depth)
    {
        if (depth == 0 || HasFailed)
        {
            HasFailed = true;
            return;
        }

        switch (type)
        {
            case BooleanTrue or BooleanFalse:
                break;
            case Byte:
                Take(1);
                break;
            case I16 or I32 or I64:
                ReadVarint();
                break;
            case Double:
                Take(sizeof(double));
                break;
            case Uuid:
                Take(16);
                break;
            case Binary:
                ReadBinary();
                break;
            case List or Set:
                SkipElements(ReadList(out var element), element, element, depth);
                break;
            case Map:
                SkipMap(depth);
                break;
            case Struct:
                for (var id = 0; NextField(ref id, out var field);)
                {
                    Skip(field, depth - 1);
                }

                break;
            default:
                HasFailed = true;
                break;
        }
    }

    private void SkipMap(int depth)
    {
        var count = ReadVarint();
        if (!FitsRest(count) || count == 0)
        {
            return;
        }

        var types = ReadByte();
        SkipElements((int)count * 2, types >> 4, types & 0x0F, depth);
    }

    private void SkipElements(int count, int even, int odd, int depth)
    {
        for (var i = 0; i < count && !HasFailed; i++)
        {
            var type = i % 2 == 0 ? even : odd;
            if (type is BooleanTrue or BooleanFalse)
            {
                // As an element a boolean is a byte of its own; as a field it is in the header.
                Take(1);
            }
            else
            {
                Skip(type, depth - 1);
            }
        }
    }

    private bool FitsRest(ulong count)
    {
        HasFailed |= count > (ulong)_rest.Length;
        return !HasFailed;
    }

    private long ReadZigZag()
    {
        var value = ReadVarint();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    private ulong ReadVarint()
    {
        var value = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var part = ReadByte();
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
            {
                return value;
            }
        }

        HasFailed = true;
        return 0;
    }

    private int ReadByte() => Take(1) is [var value] ? value : 0;

    private ReadOnlySpan<byte> Take(int length)
    {
        if (HasFailed || length > _rest.Length)
        {
            HasFailed = true;
            return [];
        }

        var taken = _rest[..length];
        _rest = _rest[length..];
        return taken;
    }
}
