using System.Buffers.Binary;
using CleanRoom.Protocol;

namespace CleanRoom.Privacy.History;

/// <summary>Reads the bytes of a history state. The reduced matrix is no part of them: it is worked out anew from the sets, in their order.</summary>
internal static class HistoryStateReader
{
    public static Result<HistoryAudit> Read(ReadOnlySpan<byte> state, HistoryScope scope, int units)
    {
        if (state.Length < HistoryStateCodec.HeadBytes || !state.StartsWith(HistoryStateCodec.Magic))
        {
            return Refuse("a history state of version 1", $"{state.Length} bytes of something else");
        }

        if (new Digest(state[36..68]) is var about && about != scope.Digest)
        {
            return Refuse($"scope {scope.Digest}", $"{about}");
        }

        var (count, minUnits, offered) = (UInt32(state[68..]), UInt32(state[72..]), UInt32(state[76..]));
        var (sets, atoms) = (UInt16(state[80..]), UInt16(state[82..]));
        if (count != units || units is < 1 or > HistoryLimits.MaxUnits)
        {
            return Refuse($"{units} units", $"{count}");
        }

        if (minUnits is < 1 or > int.MaxValue || offered > HistoryLimits.MaxCells || sets > HistoryLimits.MaxCells || atoms is < 1 or > HistoryLimits.MaxAtoms
            || state.Length != HistoryStateCodec.Length(units, sets, atoms))
        {
            return Refuse("counts within their limits that give the length", $"{offered} cells, {sets} sets, {atoms} atoms, {state.Length} bytes");
        }

        var labels = new ushort[units];
        return ReadLabels(state.Slice(HistoryStateCodec.HeadBytes, units * sizeof(ushort)), labels, atoms) is { } sizes
            && ReadSets(state[(HistoryStateCodec.HeadBytes + (units * sizeof(ushort)))..], sizes, sets) is var (history, atomOf)
            ? new HistoryAudit(scope, Renumber(labels, atomOf), history, (int)minUnits, (int)offered)
            : Refuse("atoms in the order of their first units, told apart by different sets, within the limits", "another form");
    }

    private static Refusal Refuse(string wanted, string got) => new(RefusalCode.DocumentInvalid, wanted, got);

    private static uint UInt32(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt32BigEndian(bytes);

    private static ushort UInt16(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt16BigEndian(bytes);

    /// <summary>Reads the atom of each unit; returns the units of each atom, or null when the numbers do not first occur as 0, 1, 2 and so on.</summary>
    private static int[]? ReadLabels(ReadOnlySpan<byte> bytes, ushort[] labels, int atoms)
    {
        var (sizes, next) = (new int[atoms], 0);
        for (var unit = 0; unit < labels.Length; unit++)
        {
            var atom = UInt16(bytes[(unit * sizeof(ushort))..]);
            if (atom > next || atom >= atoms)
            {
                return null;
            }

            next += atom == next ? 1 : 0;
            sizes[atom]++;
            labels[unit] = atom;
        }

        return next == atoms ? sizes : null;
    }

    /// <summary>Takes the sets one after the other, as they were released; null when one is malformed or an atom is not told apart from another.</summary>
    /// <returns>The history, and the number in it of each atom of the state.</returns>
    private static (AtomHistory History, ushort[] AtomOf)? ReadSets(ReadOnlySpan<byte> bytes, int[] sizes, int sets)
    {
        var (history, atomOf) = (new AtomHistory(sizes.Sum()), new ushort[sizes.Length]);
        var length = HistoryStateCodec.SetBytes(sizes.Length);
        for (var set = 0; set < sets; set++)
        {
            var members = bytes.Slice(set * length, length);
            if ((sizes.Length & 7) != 0 && members[^1] >> (sizes.Length & 7) != 0)
            {
                return null;
            }

            if (!Take(history, atomOf, sizes, members))
            {
                return null;
            }
        }

        return history.Sizes.Length == sizes.Length ? (history, atomOf) : null;
    }

    private static bool Take(AtomHistory history, ushort[] atomOf, int[] sizes, ReadOnlySpan<byte> members)
    {
        var (inside, cardinality) = (new int[history.Sizes.Length], 0);
        for (var item = 0; item < sizes.Length; item++)
        {
            if (IsMember(members, item))
            {
                inside[atomOf[item]] += sizes[item];
                cardinality += sizes[item];
            }
        }

        // An empty set and a set a second time are never in a list.
        if (cardinality == 0 || history.Released.LeastDifference(history.Sizes, inside, cardinality) == 0)
        {
            return false;
        }

        var split = new AtomSplit(history.Sizes, inside);
        if (!history.HasRoom(split))
        {
            return false;
        }

        for (var item = 0; item < sizes.Length; item++)
        {
            if (IsMember(members, item) && split.ChildOf(atomOf[item]) is >= 0 and var child)
            {
                atomOf[item] = (ushort)child;
            }
        }

        history.Take(history.Step(split));
        return true;
    }

    private static bool IsMember(ReadOnlySpan<byte> members, int item) => (members[item >> 3] >> (item & 7) & 1) != 0;

    private static ushort[] Renumber(ushort[] labels, ushort[] atomOf)
    {
        for (var unit = 0; unit < labels.Length; unit++)
        {
            labels[unit] = atomOf[labels[unit]];
        }

        return labels;
    }
}
