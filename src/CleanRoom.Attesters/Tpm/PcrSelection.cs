using System.Collections.Immutable;
using CleanRoom.Attesters.Tpm.Wire;

namespace CleanRoom.Attesters.Tpm;

/// <summary>Some PCRs of the SHA-256 bank.</summary>
/// <remarks>Written as TPML_PCR_SELECTION with one bank and three bytes of bits. Spec: contracts/spec/0006 s.9.</remarks>
public sealed class PcrSelection
{
    /// <summary>PCRs of a TPM for PCs: 0 to 23.</summary>
    public const int MaxPcrs = 24;

    private const int BitmapBytes = MaxPcrs / 8;

    private PcrSelection(ImmutableArray<int> indices) => Indices = indices;

    /// <summary>Gets the selection that is used when none is configured: firmware, boot loader, kernel, command line, policies.</summary>
    /// <value>0 to 9 and 11 to 14. Not 10, which the kernel extends at run time when it measures files.</value>
    public static PcrSelection Default { get; } = new([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14]);

    /// <summary>Gets the indices, ascending.</summary>
    public ImmutableArray<int> Indices { get; }

    /// <summary>Gets how many there are.</summary>
    public int Count => Indices.Length;

    /// <summary>Makes a selection of 1 to 24 different PCRs, in any order.</summary>
    /// <exception cref="ArgumentException">There is none, one twice, or one that is not in 0 to 23.</exception>
    public static PcrSelection Of(params IEnumerable<int> indices)
    {
        var sorted = indices.Order().ToImmutableArray();
        return sorted.Length > 0 && sorted.All(index => index is >= 0 and < MaxPcrs) && sorted.Distinct().Count() == sorted.Length
            ? new(sorted)
            : throw new ArgumentException($"wanted different pcrs of 0 to {MaxPcrs - 1}, at least one; got {string.Join(",", sorted)}", nameof(indices));
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join(",", Indices);

    /// <summary>Reads the three bytes of bits.</summary>
    internal static PcrSelection OfBitmap(ReadOnlySpan<byte> bitmap)
    {
        var indices = ImmutableArray.CreateBuilder<int>();
        for (var index = 0; index < bitmap.Length * 8; index++)
        {
            if ((bitmap[index / 8] >> (index % 8) & 1) != 0)
            {
                indices.Add(index);
            }
        }

        return new(indices.ToImmutable());
    }

    /// <summary>Reads a list of one SHA-256 bank; null when it is another list.</summary>
    internal static PcrSelection? Read(ref TpmReader reader)
    {
        if (reader.U32() != 1 || reader.U16() != TpmConstants.Sha256)
        {
            return null;
        }

        var size = reader.U8();
        return size <= BitmapBytes ? OfBitmap(reader.Take(size)) : null;
    }

    /// <summary>Returns the three bytes of bits: bit n of byte m is PCR 8m+n.</summary>
    internal byte[] ToBitmap()
    {
        var bitmap = new byte[BitmapBytes];
        foreach (var index in Indices)
        {
            bitmap[index / 8] |= (byte)(1 << (index % 8));
        }

        return bitmap;
    }

    /// <summary>Writes TPML_PCR_SELECTION.</summary>
    internal void WriteTo(TpmWriter writer) => writer.U32(1).U16(TpmConstants.Sha256).U8(BitmapBytes).Raw(ToBitmap());

    /// <summary>Returns what remains; may be empty.</summary>
    internal PcrSelection Without(IEnumerable<int> others) => new([.. Indices.Except(others)]);
}
