using System.Collections.Immutable;

namespace CleanRoom.Fuzz.Pieces;

/// <summary>A part of an input as its format nests it, so that a part can be changed and everything around it still fits.</summary>
internal sealed class Piece
{
    private readonly Func<IReadOnlyList<byte[]>, byte[]>? _join;

    private Piece(byte[] original, PieceKind kind, ImmutableArray<Piece> children, Func<IReadOnlyList<byte[]>, byte[]>? join)
    {
        (Original, Kind, Children, _join) = (original, kind, children, join);
        foreach (var child in children)
        {
            child.Parent = this;
        }
    }

    /// <summary>Gets the bytes of the seed.</summary>
    public byte[] Original { get; }

    /// <summary>Gets how the bytes of a leaf are written.</summary>
    public PieceKind Kind { get; }

    /// <summary>Gets the parts; empty for a leaf.</summary>
    public ImmutableArray<Piece> Children { get; }

    /// <summary>Gets the piece that holds this one; null for the whole.</summary>
    public Piece? Parent { get; private set; }

    /// <summary>Makes a piece without parts.</summary>
    public static Piece Leaf(ReadOnlySpan<byte> bytes, PieceKind kind = PieceKind.Binary) => new(bytes.ToArray(), kind, [], null);

    /// <summary>Makes a piece of parts.</summary>
    /// <param name="join">Puts parts together with the lengths, counts and text that go around them; any number of parts is fine.</param>
    public static Piece Of(ReadOnlySpan<byte> bytes, ImmutableArray<Piece> children, Func<IReadOnlyList<byte[]>, byte[]> join) =>
        new(bytes.ToArray(), PieceKind.Joined, children, join);

    /// <summary>Puts parts together as this piece does.</summary>
    public byte[] Join(IReadOnlyList<byte[]> parts) => _join is null ? Original : _join(parts);

    /// <summary>Returns this piece and all below it.</summary>
    public IEnumerable<Piece> All() => Children.SelectMany(child => child.All()).Prepend(this);

    /// <summary>Returns the bytes with some pieces replaced.</summary>
    public byte[] Encode(IReadOnlyDictionary<Piece, byte[]> replaced)
    {
        var changed = new HashSet<Piece>();
        foreach (var piece in replaced.Keys)
        {
            for (var above = piece.Parent; above is not null; above = above.Parent)
            {
                changed.Add(above);
            }
        }

        return Encode(replaced, changed);
    }

    private byte[] Encode(IReadOnlyDictionary<Piece, byte[]> replaced, HashSet<Piece> changed) =>
        replaced.TryGetValue(this, out var bytes) ? bytes
        : changed.Contains(this) ? Join([.. Children.Select(child => child.Encode(replaced, changed))])
        : Original;
}
