using System.Buffers.Binary;
using System.Security.Cryptography;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Datasets.Check;

/// <summary>Maps a value to 128 bits, so that sets of values have a known size.</summary>
/// <remarks>
/// Exact for all types but string and sha256. Those are SHA-256(key || bytes) cut to 128 bits under a random key of this
/// instance, so whoever made the data cannot have prepared a collision. Spec: contracts/spec/0007 s.5.
/// </remarks>
internal sealed class CellKeyer
{
    private const int KeyBytes = 32;

    private byte[] _input = new byte[KeyBytes + 256];

    /// <summary>Draws the key.</summary>
    public CellKeyer() => RandomNumberGenerator.Fill(_input.AsSpan(0, KeyBytes));

    /// <summary>Returns the 128 bits of a value that is not NULL.</summary>
    public UInt128 Key(ColumnType type, in CheckedCell cell) => type switch
    {
        ColumnType.Uuid => cell.Wide,
        ColumnType.String or ColumnType.Sha256 => Hash(cell.Bytes.Span),
        _ => (ulong)cell.Number,
    };

    /// <summary>Returns the 128 bits of a byte string.</summary>
    public UInt128 Hash(ReadOnlySpan<byte> bytes)
    {
        if (_input.Length < KeyBytes + bytes.Length)
        {
            Array.Resize(ref _input, Math.Max(KeyBytes + bytes.Length, _input.Length * 2));
        }

        bytes.CopyTo(_input.AsSpan(KeyBytes));
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(_input.AsSpan(0, KeyBytes + bytes.Length), hash);
        return BinaryPrimitives.ReadUInt128BigEndian(hash);
    }
}
