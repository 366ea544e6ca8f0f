using System.Collections.Immutable;
using System.Formats.Cbor;

namespace CleanRoom.Attestation.Cose;

/// <summary>Reads <see cref="CborItem"/>. Throws what the CBOR reader throws; <see cref="CborItem.Parse"/> turns that into null.</summary>
internal sealed class CborItemReader(ReadOnlyMemory<byte> bytes)
{
    private const int MaxDepth = 8;
    private const int MaxItems = 2_048;

    private readonly CborReader _reader = new(bytes, CborConformanceMode.Strict);
    private int _items;

    /// <summary>Reads one item that takes all the bytes; null when bytes are left.</summary>
    public CborItem? ReadOnly()
    {
        var item = Read(depth: 1);
        return _reader.BytesRemaining == 0 ? item : null;
    }

    private CborItem Read(int depth)
    {
        // The items are counted before they are read: what a few bytes can claim to hold is bounded by the bytes that are there.
        if (depth > MaxDepth || ++_items > MaxItems)
        {
            throw new CborContentException("too deep, or too many items");
        }

        var start = bytes.Length - _reader.BytesRemaining;
        var item = _reader.PeekState() switch
        {
            CborReaderState.UnsignedInteger or CborReaderState.NegativeInteger => CborItem.OfNumber(_reader.ReadInt64()),
            CborReaderState.ByteString => CborItem.OfContent(_reader.ReadDefiniteLengthByteString().Span),
            CborReaderState.TextString => CborItem.OfText(_reader.ReadTextString()),
            CborReaderState.StartArray => CborItem.OfItems(ReadArray(depth)),
            CborReaderState.StartMap => CborItem.OfEntries(ReadMap(depth)),
            CborReaderState.Tag => CborItem.OfTag((ulong)_reader.ReadTag(), Read(depth + 1)),
            CborReaderState.Null => ReadNull(),
            CborReaderState.Boolean => ReadBoolean(),
            _ => throw new CborContentException("a kind of item that tokens do not have"),
        };
        return item.At(bytes[start..(bytes.Length - _reader.BytesRemaining)]);
    }

    private ImmutableArray<CborItem> ReadArray(int depth)
    {
        var count = _reader.ReadStartArray() ?? throw Indefinite();
        var items = ImmutableArray.CreateBuilder<CborItem>();
        for (var i = 0; i < count; i++)
        {
            items.Add(Read(depth + 1));
        }

        _reader.ReadEndArray();
        return items.ToImmutable();
    }

    private ImmutableArray<KeyValuePair<CborItem, CborItem>> ReadMap(int depth)
    {
        var count = _reader.ReadStartMap() ?? throw Indefinite();
        var entries = ImmutableArray.CreateBuilder<KeyValuePair<CborItem, CborItem>>();
        var keys = new HashSet<(CborKind, long, string)>();
        for (var i = 0; i < count; i++)
        {
            // The library compares keys by their bytes, so that 1 and a longer form of 1 would pass as two keys.
            var key = Read(depth + 1);
            if (key.Kind is not (CborKind.Integer or CborKind.Text) || !keys.Add((key.Kind, key.Number, key.Text)))
            {
                throw new CborContentException("a key of another kind, or one that stands twice");
            }

            entries.Add(new(key, Read(depth + 1)));
        }

        _reader.ReadEndMap();
        return entries.ToImmutable();
    }

    private CborItem ReadNull()
    {
        _reader.ReadNull();
        return CborItem.OfNull();
    }

    private CborItem ReadBoolean()
    {
        _ = _reader.ReadBoolean();
        return CborItem.OfBoolean();
    }

    private static CborContentException Indefinite() => new("an indefinite length");
}
