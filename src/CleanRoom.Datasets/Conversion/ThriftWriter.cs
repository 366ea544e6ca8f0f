using System.Buffers;
using System.Text;

namespace CleanRoom.Datasets.Conversion;

/// <summary>Writes Thrift compact protocol structures. Spec: Apache Thrift compact protocol.</summary>
/// <remarks>Fields MUST come in ascending order of their ids, each structure MUST be ended.</remarks>
internal sealed class ThriftWriter
{
    private const int BooleanFalse = 2, Integer32 = 5, Integer64 = 6, Bytes = 8, Elements = 9, Structure = 12;
    private const int LongestShortList = 14;

    private readonly ArrayBufferWriter<byte> _output = new();
    private readonly Stack<int> _outer = new();
    private int _last;

    /// <summary>Gets what was written.</summary>
    public ReadOnlyMemory<byte> Written => _output.WrittenMemory;

    /// <summary>Writes a 32-bit field.</summary>
    public void Field(int id, int value)
    {
        Head(id, Integer32);
        ZigZag(value);
    }

    /// <summary>Writes a 64-bit field.</summary>
    public void Field(int id, long value)
    {
        Head(id, Integer64);
        ZigZag(value);
    }

    /// <summary>Writes a field of bytes.</summary>
    public void Field(int id, ReadOnlySpan<byte> value)
    {
        Head(id, Bytes);
        Binary(value);
    }

    /// <summary>Writes a field of text.</summary>
    public void Field(int id, string value) => Field(id, Encoding.UTF8.GetBytes(value));

    /// <summary>Writes a field that is false.</summary>
    public void FieldFalse(int id) => Head(id, BooleanFalse);

    /// <summary>Begins a structure as a field.</summary>
    public void Begin(int id)
    {
        Head(id, Structure);
        BeginElement();
    }

    /// <summary>Begins a structure as the element of a list.</summary>
    public void BeginElement()
    {
        _outer.Push(_last);
        _last = 0;
    }

    /// <summary>Ends a structure.</summary>
    public void End()
    {
        Byte(0);
        _last = _outer.Count > 0 ? _outer.Pop() : 0;
    }

    /// <summary>Writes a field that is a structure without fields.</summary>
    public void Empty(int id)
    {
        Begin(id);
        End();
    }

    /// <summary>Begins a list of structures; the elements follow.</summary>
    public void Structures(int id, int count) => List(id, count, Structure);

    /// <summary>Writes a list of one 32-bit integer for each value.</summary>
    public void Integers(int id, params ReadOnlySpan<int> values)
    {
        List(id, values.Length, Integer32);
        foreach (var value in values)
        {
            ZigZag(value);
        }
    }

    /// <summary>Writes a list of one text.</summary>
    public void Texts(int id, string value)
    {
        List(id, 1, Bytes);
        Binary(Encoding.UTF8.GetBytes(value));
    }

    private void List(int id, int count, int type)
    {
        Head(id, Elements);
        Byte((byte)((Math.Min(count, LongestShortList + 1) << 4) | type));
        if (count > LongestShortList)
        {
            Varint((ulong)count);
        }
    }

    private void Head(int id, int type)
    {
        // The short form: the distance to the field before is at most 15 in everything that is written here.
        Byte((byte)(((id - _last) << 4) | type));
        _last = id;
    }

    private void Binary(ReadOnlySpan<byte> value)
    {
        Varint((ulong)value.Length);
        _output.Write(value);
    }

    private void ZigZag(long value) => Varint((ulong)((value << 1) ^ (value >> 63)));

    private void Varint(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            Byte((byte)(value | 0x80));
        }

        Byte((byte)value);
    }

    private void Byte(byte value)
    {
        _output.GetSpan(1)[0] = value;
        _output.Advance(1);
    }
}
