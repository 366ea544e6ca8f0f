using CleanRoom.Fuzz.Pieces;

namespace CleanRoom.Fuzz.Mutation;

/// <summary>Changes one to three pieces of an input and puts it together again with right lengths, counts and encodings around them.</summary>
internal sealed class PieceMutator(Random random)
{
    private const int MaxBytes = 256 * 1024;
    private const int MaxNesting = 300;

    private readonly ByteMutator _bytes = new(random);

    /// <summary>Returns a changed copy.</summary>
    /// <param name="seed">All pieces, the whole first.</param>
    /// <param name="donor">All pieces of another input, to take some from.</param>
    public byte[] Mutate(IReadOnlyList<Piece> seed, IReadOnlyList<Piece> donor)
    {
        var replaced = new Dictionary<Piece, byte[]>();
        for (var edits = 1 + (random.Next(4) == 0 ? random.Next(1, 3) : 0); edits > 0; edits--)
        {
            var piece = seed[random.Next(seed.Count)];
            replaced[piece] = Change(piece, donor);
        }

        var bytes = seed[0].Encode(replaced);
        return bytes.Length <= MaxBytes ? bytes : bytes[..MaxBytes];
    }

    private byte[] Change(Piece piece, IReadOnlyList<Piece> donor)
    {
        if (random.Next(16) == 0)
        {
            return donor[random.Next(donor.Count)].Original;
        }

        if (piece.Children.IsEmpty)
        {
            return _bytes.Change(piece.Original, piece.Kind);
        }

        List<byte[]> parts = [.. piece.Children.Select(child => child.Original)];
        var at = random.Next(parts.Count);
        switch (random.Next(8))
        {
            case 0:
                parts.RemoveAt(at);
                break;
            case 1:
                parts.Insert(random.Next(parts.Count + 1), parts[at]);
                break;
            case 2 or 3:
                var other = random.Next(parts.Count);
                (parts[at], parts[other]) = (parts[other], parts[at]);
                break;
            case 4:
                parts.Insert(at, donor[random.Next(donor.Count)].Original);
                break;
            case 5 when random.Next(4) == 0:
                return Nest(piece);
            case 6 when random.Next(4) == 0:
                return _bytes.Resize(piece.Original);
            default:
                parts[at] = piece.Children[at] is { Children.IsEmpty: true } leaf ? _bytes.Change(leaf.Original, leaf.Kind) : _bytes.SameLength(parts[at]);
                break;
        }

        return piece.Join(parts);
    }

    /// <summary>Puts the piece into its own wrapping again and again.</summary>
    private byte[] Nest(Piece piece)
    {
        var bytes = piece.Original;
        for (var levels = random.Next(1, MaxNesting); levels > 0 && bytes.Length < MaxBytes / 2; levels--)
        {
            bytes = piece.Join([bytes]);
        }

        return bytes;
    }
}
