using System.Collections.Immutable;
using CleanRoom.Attestation.Formats;

namespace CleanRoom.Attestation.Tpm;

/// <summary>TPMS_PCR_SELECTION: some PCRs of one bank.</summary>
/// <param name="Algorithm">TPM_ALG_ID of the bank.</param>
/// <param name="Indices">Ascending, 0 to 23.</param>
internal sealed record PcrBankSelection(ushort Algorithm, ImmutableArray<int> Indices)
{
    /// <summary>PCRs of a TPM for PCs: 0 to 23.</summary>
    public const int MaxPcrs = 24;

    private const int BitmapBytes = MaxPcrs / 8;

    /// <summary>Most banks that a TPM has (HASH_COUNT leaves room for more, and none has them).</summary>
    private const int MaxBanks = 8;

    /// <summary>Reads TPML_PCR_SELECTION; null for too many banks or a bitmap of another length than three bytes.</summary>
    public static ImmutableArray<PcrBankSelection>? Read(ref ByteReader reader)
    {
        var count = reader.UInt32Big();
        if (count > MaxBanks)
        {
            return null;
        }

        var banks = ImmutableArray.CreateBuilder<PcrBankSelection>((int)count);
        for (var bank = 0; bank < count; bank++)
        {
            var algorithm = reader.UInt16Big();
            if (reader.Byte() != BitmapBytes)
            {
                return null;
            }

            banks.Add(new PcrBankSelection(algorithm, Indexes(reader.Take(BitmapBytes))));
        }

        return banks.ToImmutable();
    }

    /// <summary>Returns bank and indices for messages.</summary>
    public override string ToString() => $"{TpmAlgorithms.BankOf(Algorithm) ?? $"bank 0x{Algorithm:x4}"}:{string.Join(",", Indices)}";

    private static ImmutableArray<int> Indexes(ReadOnlySpan<byte> bitmap)
    {
        var indices = ImmutableArray.CreateBuilder<int>();
        for (var index = 0; index < bitmap.Length * 8; index++)
        {
            if ((bitmap[index / 8] >> (index % 8) & 1) != 0)
            {
                indices.Add(index);
            }
        }

        return indices.ToImmutable();
    }
}
