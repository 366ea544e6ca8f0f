namespace CleanRoom.Protocol.Fold;

/// <summary>The lengths of a key that HPKE sealed to a P-256 key: RFC 9180 s.7.1 (Nenc) and a 32-byte key with its tag.</summary>
internal static class SealedKeyForm
{
    private const int EncapsulatedKeyLength = 65;
    private const int SealedKeyLength = 48;

    /// <summary>Says why a grant or a wrap cannot be opened whoever tries; null when its lengths are right.</summary>
    public static Refusal? WhyMalformed(Bytes enc, Bytes ciphertext) => enc.Length == EncapsulatedKeyLength && ciphertext.Length == SealedKeyLength
        ? null
        : new(
            RefusalCode.DocumentInvalid,
            $"an encapsulated key of {EncapsulatedKeyLength} and a sealed key of {SealedKeyLength} bytes",
            $"{enc.Length} and {ciphertext.Length} bytes");
}
