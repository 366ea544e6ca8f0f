using System.Collections.Immutable;
using System.Formats.Cbor;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.Cose;

/// <summary>One CBOR item with what it contains. Spec: RFC 8949.</summary>
internal sealed class CborItem
{
    private CborItem(CborKind kind) => Kind = kind;

    /// <summary>Gets the kind, which says which other property holds the content.</summary>
    public CborKind Kind { get; }

    /// <summary>Gets the number of an integer.</summary>
    public long Number { get; private init; }

    /// <summary>Gets the content of a byte string.</summary>
    public Bytes Content { get; private init; }

    /// <summary>Gets the text of a text string.</summary>
    public string Text { get; private init; } = string.Empty;

    /// <summary>Gets the items of an array, or the one item below a tag.</summary>
    public ImmutableArray<CborItem> Items { get; private init; } = [];

    /// <summary>Gets the entries of a map in the order of the input; each key is an integer or a text, and stands once.</summary>
    public ImmutableArray<KeyValuePair<CborItem, CborItem>> Entries { get; private init; } = [];

    /// <summary>Gets the number of a tag.</summary>
    public ulong Tag { get; private init; }

    /// <summary>Gets the item's bytes as they stand in the input.</summary>
    public ReadOnlyMemory<byte> Encoded { get; init; }

    /// <summary>Gets the value under an integer key of a map; null when there is none or this is no map.</summary>
    public CborItem? this[long key] =>
        Entries.FirstOrDefault(entry => entry.Key.Kind == CborKind.Integer && entry.Key.Number == key).Value;

    /// <summary>Gets the value under a text key of a map; null when there is none or this is no map.</summary>
    public CborItem? this[string key] =>
        Entries.FirstOrDefault(entry => entry.Key.Kind == CborKind.Text && string.Equals(entry.Key.Text, key, StringComparison.Ordinal)).Value;

    /// <summary>Reads exactly one item. Trust: attacker-controlled.</summary>
    /// <returns>
    /// Null for more than <paramref name="maxBytes"/>, trailing bytes, indefinite lengths, kinds that are not in <see cref="CborKind"/>,
    /// a key that stands twice in a map, more than 8 levels or more than 2,048 items.
    /// </returns>
    public static CborItem? Parse(ReadOnlySpan<byte> bytes, int maxBytes)
    {
        if (bytes.Length == 0 || bytes.Length > maxBytes)
        {
            return null;
        }

        try
        {
            return new CborItemReader(bytes.ToArray()).ReadOnly();
        }
        catch (Exception exception) when (exception is CborContentException or InvalidOperationException or OverflowException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Returns the kind and size in words, for messages.</summary>
    public override string ToString() => Kind switch
    {
        CborKind.Integer => $"the number {Number}",
        CborKind.ByteString => $"{Content.Length} bytes",
        CborKind.Text => $"a text of {Text.Length} characters",
        CborKind.Array => $"an array of {Items.Length}",
        CborKind.Map => $"a map of {Entries.Length}",
        CborKind.Tagged => $"tag {Tag}",
        CborKind.Null => "null",
        _ => "a boolean",
    };

    internal static CborItem OfNumber(long number) => new(CborKind.Integer) { Number = number };

    internal static CborItem OfContent(ReadOnlySpan<byte> content) => new(CborKind.ByteString) { Content = new Bytes(content) };

    internal static CborItem OfText(string text) => new(CborKind.Text) { Text = text };

    internal static CborItem OfItems(ImmutableArray<CborItem> items) => new(CborKind.Array) { Items = items };

    internal static CborItem OfEntries(ImmutableArray<KeyValuePair<CborItem, CborItem>> entries) => new(CborKind.Map) { Entries = entries };

    internal static CborItem OfTag(ulong tag, CborItem item) => new(CborKind.Tagged) { Tag = tag, Items = [item] };

    internal static CborItem OfNull() => new(CborKind.Null);

    internal static CborItem OfBoolean() => new(CborKind.Boolean);

    internal CborItem At(ReadOnlyMemory<byte> encoded) => new(Kind)
    {
        Number = Number, Content = Content, Text = Text, Items = Items, Entries = Entries, Tag = Tag, Encoded = encoded,
    };
}
