namespace CleanRoom.Protocol.Dsse;

/// <summary>Checks signatures. Implementations MUST be pure and synchronous and MUST answer false for any malformed key or signature.</summary>
public interface ISignatureVerifier
{
    /// <summary>Checks ECDSA on P-256 with SHA-256.</summary>
    /// <param name="publicKey">Uncompressed point, 65 bytes; a point off the curve answers false. Trust: attacker-controlled.</param>
    /// <param name="data">The signed bytes, before hashing.</param>
    /// <param name="signature">r || s, 64 bytes big-endian. Trust: attacker-controlled.</param>
    bool VerifyEs256(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature);

    /// <summary>Checks Ed25519 (RFC 8032, without prehashing).</summary>
    /// <param name="publicKey">32 bytes. Trust: attacker-controlled.</param>
    /// <param name="data">The signed bytes.</param>
    /// <param name="signature">64 bytes. Trust: attacker-controlled.</param>
    bool VerifyEd25519(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature);
}
