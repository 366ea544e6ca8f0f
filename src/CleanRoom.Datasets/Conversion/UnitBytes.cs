using System.Buffers.Binary;
using CleanRoom.Datasets.Check;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Datasets.Conversion;

/// <summary>The bytes of a unit as they are stored, by which its partition is chosen. Spec: contracts/spec/0007 s.12.</summary>
/// <param name="rule">The unit column's rule.</param>
/// <param name="column">Its place among the columns.</param>
/// <param name="rekeyer">Makes the token if units are identifiers.</param>
internal sealed class UnitBytes(ColumnRule rule, int column, IIdentifierRekeyer rekeyer)
{
    private const int NumberBytes = 8;
    private const int UuidBytes = 16;

    private readonly byte[] _bytes = new byte[ColumnBuffer.TokenBytes];
    private readonly string? _rekeyed = rule.Profile is { } profile && rekeyer.Rekeys(profile) ? profile : null;

    /// <summary>Gets the place of the unit column.</summary>
    public int Column => column;

    /// <summary>Returns the bytes of a unit, valid until the next call.</summary>
    public ReadOnlySpan<byte> Of(in CheckedCell cell)
    {
        if (_rekeyed is { } profile)
        {
            rekeyer.Rekey(profile, cell.Bytes, _bytes);
            return _bytes;
        }

        switch (rule.Type)
        {
            case ColumnType.String or ColumnType.Sha256:
                return cell.Bytes;
            case ColumnType.Uuid:
                BinaryPrimitives.WriteUInt128BigEndian(_bytes, cell.Wide);
                return _bytes.AsSpan(0, UuidBytes);
            default:
                BinaryPrimitives.WriteInt64LittleEndian(_bytes, cell.Number);
                return _bytes.AsSpan(0, NumberBytes);
        }
    }
}
