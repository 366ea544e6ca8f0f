namespace CleanRoom.Protocol.Dsse;

/// <summary>Names signing keys.</summary>
public static class KeyId
{
    /// <summary>Returns SHA-256("cleanroom/v1/key-id" || 0x00 || key).</summary>
    /// <param name="publicKey65">Uncompressed P-256 point.</param>
    /// <exception cref="ArgumentException">The key is not 65 bytes long.</exception>
    /// <remarks>Spec: contracts/spec/0001 s.4.</remarks>
    public static Digest Of(ReadOnlySpan<byte> publicKey65) => publicKey65.Length == EnvelopeVerifier.PublicKeyLength
        ? Digest.Labelled("cleanroom/v1/key-id", publicKey65)
        : throw new ArgumentException($"wanted {EnvelopeVerifier.PublicKeyLength} bytes, got {publicKey65.Length}", nameof(publicKey65));
}
