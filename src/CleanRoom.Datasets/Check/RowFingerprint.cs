using System.Buffers.Binary;
using System.Collections.Immutable;

namespace CleanRoom.Datasets.Check;

/// <summary>Maps a whole row to 128 bits. Rows with equal values have equal fingerprints, whatever their text was.</summary>
internal sealed class RowFingerprint(CellKeyer keyer)
{
    private const int BytesPerCell = 1 + 16;

    private byte[] _input = [];

    /// <summary>Returns the fingerprint: the keyed hash over a NULL byte and 16 bytes for each cell.</summary>
    public UInt128 Of(ImmutableArray<ColumnRule> rules, ReadOnlySpan<CheckedCell> cells)
    {
        if (_input.Length == 0)
        {
            _input = new byte[rules.Length * BytesPerCell];
        }

        for (var i = 0; i < cells.Length; i++)
        {
            var place = _input.AsSpan(i * BytesPerCell, BytesPerCell);
            place[0] = cells[i].IsNull ? (byte)0 : (byte)1;
            BinaryPrimitives.WriteUInt128BigEndian(place[1..], cells[i].IsNull ? 0 : keyer.Key(rules[i].Type, cells[i]));
        }

        return keyer.Hash(_input);
    }
}
