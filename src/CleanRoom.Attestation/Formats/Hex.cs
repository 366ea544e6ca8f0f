namespace CleanRoom.Attestation.Formats;

/// <summary>The text form of byte strings in claims.</summary>
internal static class Hex
{
    /// <summary>Returns lower-case hex.</summary>
    public static string Of(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes);
}
