using System.Text.Json;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.Intel;

/// <summary>Byte strings of collateral: hex of either case and of a fixed length.</summary>
internal static class CollateralHex
{
    /// <summary>Reads a byte string; throws for another form or length.</summary>
    public static Bytes Read(JsonElement element, string property, int length) =>
        Convert.FromHexString(element.GetProperty(property).GetString() ?? string.Empty) is var bytes && bytes.Length == length
            ? new Bytes(bytes)
            : throw new FormatException($"wanted {length} bytes in hex");

    /// <summary>Returns whether the bits of the mask are equal. All have one length.</summary>
    public static bool EqualsUnderMask(ReadOnlySpan<byte> got, ReadOnlySpan<byte> wanted, ReadOnlySpan<byte> mask)
    {
        for (var i = 0; i < mask.Length; i++)
        {
            if ((got[i] & mask[i]) != (wanted[i] & mask[i]))
            {
                return false;
            }
        }

        return true;
    }
}
