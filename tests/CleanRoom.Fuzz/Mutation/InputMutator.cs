using System.Collections.Immutable;
using CleanRoom.Fuzz.Pieces;
using CleanRoom.Fuzz.Targets;

namespace CleanRoom.Fuzz.Mutation;

/// <summary>Changes an input of several parts: mostly the first, else one of the others, or which others there are and in which order.</summary>
/// <param name="seeds">The seeds of one target; parts and pieces are taken from any of them.</param>
internal sealed class InputMutator(ImmutableArray<FuzzSeed> seeds, Random random)
{
    private readonly PieceMutator _pieces = new(random);
    private readonly ByteMutator _bytes = new(random);
    private readonly Dictionary<byte[], ImmutableArray<Piece>> _read = new(ReferenceEqualityComparer.Instance);

    /// <summary>Returns a changed copy of a seed's parts.</summary>
    public ImmutableArray<byte[]> Mutate(FuzzSeed seed)
    {
        List<byte[]> parts = [.. seed.Parts];
        if (parts.Count == 1 || random.Next(3) > 0)
        {
            parts[0] = Change(parts[0], 0);
        }
        else
        {
            ChangeOthers(parts);
        }

        return [.. parts];
    }

    private void ChangeOthers(List<byte[]> parts)
    {
        var at = random.Next(1, parts.Count);
        switch (random.Next(6))
        {
            case 0:
                parts.RemoveAt(at);
                break;
            case 1:
                parts.Add(parts[at]);
                break;
            case 2:
                var other = random.Next(1, parts.Count);
                (parts[at], parts[other]) = (parts[other], parts[at]);
                break;
            default:
                parts[at] = Change(parts[at], at);
                break;
        }
    }

    private byte[] Change(byte[] part, int place)
    {
        if (random.Next(10) == 0)
        {
            return random.Next(2) == 0 ? _bytes.Resize(part) : _bytes.SameLength(part);
        }

        var donor = seeds[random.Next(seeds.Length)].Parts;
        return _pieces.Mutate(Read(part), Read(donor[Math.Min(place, donor.Length - 1)]));
    }

    private ImmutableArray<Piece> Read(byte[] part) =>
        _read.TryGetValue(part, out var pieces) ? pieces : _read[part] = [.. PieceReader.Read(part).All()];
}
