using System.Collections.Immutable;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.Formats;

/// <summary>The fields of one protobuf message, as they stand. Which of them a message has is for the caller to know.</summary>
/// <remarks>Spec: Protocol Buffers, "Encoding". Groups are refused. Trust: attacker-controlled.</remarks>
internal sealed class ProtobufMessage
{
    private const int MaxFields = 64;
    private const int MaxVarintBytes = 10;
    private const int WireTypeBits = 3;
    private const ulong WireTypeMask = 7;

    private readonly ImmutableArray<Field> _fields;

    private ProtobufMessage(ImmutableArray<Field> fields) => _fields = fields;

    /// <summary>Reads a message that the caller capped; null for another form, a group, more than 64 fields, or a torn last field.</summary>
    public static ProtobufMessage? Parse(ReadOnlySpan<byte> bytes)
    {
        var fields = ImmutableArray.CreateBuilder<Field>();
        var reader = new ByteReader(bytes);
        while (reader.Remaining > 0)
        {
            if (fields.Count == MaxFields || Next(ref reader) is not { } field)
            {
                return null;
            }

            fields.Add(field);
        }

        return new ProtobufMessage(fields.ToImmutable());
    }

    /// <summary>Returns whether every field is one of these, so that nothing is in the message that nobody read.</summary>
    public bool HasOnly(params ReadOnlySpan<ulong> numbers)
    {
        foreach (var field in _fields)
        {
            if (!numbers.Contains(field.Number))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Returns a number; null when the field is absent, stands twice, or is of another kind.</summary>
    public ulong? NumberAt(ulong field) => Only(field) is { Content: null } found ? found.Value : null;

    /// <summary>Returns a byte string or a message; null when the field is absent, stands twice, or is of another kind.</summary>
    public Bytes? BytesAt(ulong field) => Only(field)?.Content;

    /// <summary>Returns an inner message; null as <see cref="BytesAt"/>, and when it has another form.</summary>
    public ProtobufMessage? MessageAt(ulong field) => BytesAt(field) is { } content ? Parse(content.Span) : null;

    private Field? Only(ulong number) => _fields.Count(field => field.Number == number) == 1 ? _fields.First(field => field.Number == number) : null;

    private static Field? Next(ref ByteReader reader)
    {
        if (Varint(ref reader) is not { } key)
        {
            return null;
        }

        var number = key >> WireTypeBits;
        Field? field = (key & WireTypeMask) switch
        {
            0 => Varint(ref reader) is { } value ? new Field(number, value, Content: null) : null,
            1 => new Field(number, reader.UInt64Little(), Content: null),
            2 => Varint(ref reader) is { } length and <= int.MaxValue ? new Field(number, 0, new Bytes(reader.Take((long)length))) : null,
            5 => new Field(number, reader.UInt32Little(), Content: null),
            _ => null,
        };
        return reader.Failed || number == 0 ? null : field;
    }

    private static ulong? Varint(ref ByteReader reader)
    {
        var value = 0UL;
        for (var i = 0; i < MaxVarintBytes; i++)
        {
            var part = reader.Byte();
            value |= (part & 0x7FUL) << (7 * i);
            if (part < 0x80)
            {
                // The tenth byte holds the last bit of 64.
                return reader.Failed || (i == MaxVarintBytes - 1 && part > 1) ? null : value;
            }
        }

        return null;
    }

    private sealed record Field(ulong Number, ulong Value, Bytes? Content);
}
