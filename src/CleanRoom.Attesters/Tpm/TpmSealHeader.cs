using System.Buffers.Binary;
using System.Collections.Immutable;
using CleanRoom.Attesters.Tpm.Wire;
using CleanRoom.Protocol;

namespace CleanRoom.Attesters.Tpm;

/// <summary>What stands before the body of a secret sealed to a TPM: the PCRs that open it, and the TPM's sealed object.</summary>
/// <remarks>
/// "CRTS" || 0x01 || bits of the PCRs (3) || values in ascending order (32 each) || private (2-byte length, bytes) || public (the same).
/// Spec: contracts/spec/0006 s.10.
/// </remarks>
internal sealed record TpmSealHeader(PcrValues Pcrs, TpmSealedObject Object)
{
    private const int BitmapBytes = PcrSelection.MaxPcrs / 8;
    private const int MaxPrivateBytes = 1_024;
    private const int MaxPublicBytes = 512;

    private static ReadOnlySpan<byte> Magic => "CRTS\u0001"u8;

    /// <summary>Writes it.</summary>
    public byte[] ToBytes()
    {
        using var writer = new TpmWriter();
        writer.Raw(Magic).Raw(Pcrs.Selection.ToBitmap());
        foreach (var value in Pcrs.Values)
        {
            writer.Raw(value.Span);
        }

        return writer.Sized(Object.Private.Span).Sized(Object.Public.Span).Written.ToArray();
    }

    /// <summary>Reads it. Trust: host-controlled.</summary>
    /// <returns>The header with its length in bytes, or <see cref="RefusalCode.SealInvalid"/>.</returns>
    public static Result<(TpmSealHeader Header, int Length)> Parse(ReadOnlyMemory<byte> sealedSecret)
    {
        var rest = sealedSecret;
        if (!sealedSecret.Span.StartsWith(Magic) || !TryTake(ref rest, Magic.Length, out _) || !TryTake(ref rest, BitmapBytes, out var bitmap))
        {
            return Other();
        }

        var selection = PcrSelection.OfBitmap(bitmap.Span);
        var values = ImmutableArray.CreateBuilder<ReadOnlyMemory<byte>>();
        foreach (var _ in selection.Indices)
        {
            if (!TryTake(ref rest, TpmConstants.DigestBytes, out var value))
            {
                return Other();
            }

            values.Add(value);
        }

        return selection.Count > 0 && TryTakeSized(ref rest, MaxPrivateBytes, out var inner) && TryTakeSized(ref rest, MaxPublicBytes, out var outer)
            ? (new TpmSealHeader(new PcrValues(selection, values.ToImmutable()), new TpmSealedObject(inner, outer)), sealedSecret.Length - rest.Length)
            : Other();
    }

    private static Refusal Other() => new(RefusalCode.SealInvalid, "bytes that the tpm sealer made", "others");

    private static bool TryTake(ref ReadOnlyMemory<byte> rest, int count, out ReadOnlyMemory<byte> taken)
    {
        taken = default;
        if (count > rest.Length)
        {
            return false;
        }

        (taken, rest) = (rest[..count], rest[count..]);
        return true;
    }

    private static bool TryTakeSized(ref ReadOnlyMemory<byte> rest, int most, out ReadOnlyMemory<byte> taken)
    {
        taken = default;
        return TryTake(ref rest, sizeof(ushort), out var length)
            && BinaryPrimitives.ReadUInt16BigEndian(length.Span) is var count && count > 0 && count <= most
            && TryTake(ref rest, count, out taken);
    }
}
