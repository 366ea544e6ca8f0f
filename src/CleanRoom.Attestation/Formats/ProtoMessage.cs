using System.Collections.Immutable;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.Formats;

/// <summary>Reads a message of Protocol Buffers. What does not fit sets <see cref="IsDone"/> to false for good and gives zeros, so that a parser checks once.</summary>
/// <remarks>
/// Input: attacker-controlled. Stricter than the format, so that two readers cannot understand it differently: a field that is asked for once may not stand
/// twice, a number has one spelling, and a field that nobody asks for is refused. Numbers of fixed length and groups are not read: no message here has them.
/// Source: Protocol Buffers, "Encoding".
/// </remarks>
internal sealed class ProtoMessage
{
    private const int MaxFields = 1_024;
    private const int WireTypeBits = 3;
    private const int Varint = 0;
    private const int Length = 2;

    /// <summary>Bits of a number in each byte; the eighth says that another byte follows.</summary>
    private const int BitsOfByte = 7;

    private readonly HashSet<int> _asked = [];
    private readonly ImmutableArray<Field> _fields;
    private bool _isBroken;

    private ProtoMessage(ImmutableArray<Field>? fields) => (_fields, _isBroken) = (fields ?? [], fields is null);

    /// <summary>Gets a value that says whether everything was of the wanted form so far, and every field was asked for.</summary>
    public bool IsDone => !_isBroken && _fields.All(one => _asked.Contains(one.Number));

    /// <summary>Takes a message apart. Trust: attacker-controlled.</summary>
    public static ProtoMessage Parse(ReadOnlySpan<byte> bytes)
    {
        var reader = new ByteReader(bytes);
        var fields = ImmutableArray.CreateBuilder<Field>();
        while (reader.Remaining > 0)
        {
            var (key, kind) = (ReadNumber(ref reader), 0);
            (key, kind) = (key >> WireTypeBits, (int)(key & ((1 << WireTypeBits) - 1)));
            if (reader.Failed || key is 0 or > int.MaxValue || kind is not (Varint or Length) || fields.Count == MaxFields)
            {
                return new ProtoMessage(fields: null);
            }

            var number = ReadNumber(ref reader);
            var content = kind == Length ? new Bytes(reader.Take(number > int.MaxValue ? -1 : (long)number)) : (Bytes?)null;
            if (reader.Failed)
            {
                return new ProtoMessage(fields: null);
            }

            fields.Add(new Field((int)key, number, content));
        }

        return new ProtoMessage(fields.ToImmutable());
    }

    /// <summary>Returns a number; 0 when it is absent.</summary>
    public ulong Number(int field) => One(field) is not { } one ? 0 : one.Content is null ? one.Value : Broken().Value;

    /// <summary>Returns a number of at most 32 bits; 0 when it is absent.</summary>
    public uint Number32(int field) => Number(field) is var number && number <= uint.MaxValue ? (uint)number : (uint)Broken().Value;

    /// <summary>Returns bytes, text or a message inside; empty when it is absent.</summary>
    public Bytes Content(int field) => One(field) is not { } one ? default : one.Content ?? Broken().Content!.Value;

    /// <summary>Returns bytes of a length; zeros for another one, and when it is absent.</summary>
    public byte[] Exactly(int field, int length)
    {
        var content = Content(field);
        _isBroken |= content.Length != length;
        return content.Length == length ? content.ToArray() : new byte[length];
    }

    /// <summary>Returns a message inside; an empty one when it is absent.</summary>
    public ProtoMessage Inner(int field) => Parse(Content(field).Span);

    /// <summary>Returns every message or byte string under a number, in order.</summary>
    public ImmutableArray<Bytes> All(int field)
    {
        _asked.Add(field);
        var found = _fields.Where(one => one.Number == field).ToList();
        _isBroken |= found.Exists(one => one.Content is null);
        return [.. found.Select(one => one.Content ?? default)];
    }

    private static ulong ReadNumber(ref ByteReader reader)
    {
        var number = 0UL;
        for (var shift = 0; shift < 8 * sizeof(ulong); shift += BitsOfByte)
        {
            var next = reader.Byte();
            var bits = (ulong)(next & 0x7F);
            number |= bits << shift;
            if ((next & 0x80) == 0)
            {
                // A zero at the end is another spelling of a shorter number, and bits that were pushed out are of none.
                var isOnly = (next != 0 || shift == 0) && bits << shift >> shift == bits;
                return isOnly ? number : Refuse(ref reader);
            }
        }

        return Refuse(ref reader);
    }

    private static ulong Refuse(ref ByteReader reader)
    {
        reader.Take(-1);
        return 0;
    }

    private Field? One(int field)
    {
        _asked.Add(field);
        var found = _fields.Where(one => one.Number == field).ToList();
        _isBroken |= found.Count > 1;
        return found is [var only] ? only : null;
    }

    private Field Broken()
    {
        _isBroken = true;
        return new Field(0, 0, default(Bytes));
    }

    private sealed record Field(int Number, ulong Value, Bytes? Content);
}
