using System.Buffers.Binary;
using CleanRoom.Attesters.Tpm.Commands;
using CleanRoom.Attesters.Tpm.Wire;

namespace CleanRoom.Attesters.Tpm;

/// <summary>A quote with the PCR values that it is about.</summary>
/// <param name="Attest">TPMS_ATTEST.</param>
/// <param name="Signature">TPMT_SIGNATURE.</param>
/// <param name="Pcrs">Read besides; their digest is in <paramref name="Attest"/>.</param>
internal sealed record TpmQuote(ReadOnlyMemory<byte> Attest, ReadOnlyMemory<byte> Signature, PcrValues Pcrs)
{
    private const int Attempts = 3;

    /// <summary>Quotes, and reads the values; again when a PCR was extended between the two.</summary>
    /// <exception cref="AttesterException">The PCRs did not hold still.</exception>
    public static async ValueTask<TpmQuote> MakeAsync(TpmClient tpm, TpmKey key, ReadOnlyMemory<byte> qualifyingData, PcrSelection selection)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var (attest, signature) = await tpm.QuoteAsync(key, qualifyingData, selection);
            var pcrs = await tpm.ReadPcrsAsync(selection);
            if (IsAbout(attest, pcrs))
            {
                return new TpmQuote(attest, signature, pcrs);
            }
        }

        throw new AttesterException($"{tpm.Name}: wanted pcrs {selection} that do not change while they are quoted, got others {Attempts} times");
    }

    /// <summary>The PCR digest is the last field of a quote.</summary>
    private static bool IsAbout(ReadOnlySpan<byte> attest, PcrValues pcrs)
    {
        Span<byte> field = stackalloc byte[sizeof(ushort) + TpmConstants.DigestBytes];
        BinaryPrimitives.WriteUInt16BigEndian(field, TpmConstants.DigestBytes);
        pcrs.Digest().CopyTo(field[sizeof(ushort)..]);
        return attest.EndsWith(field);
    }
}
