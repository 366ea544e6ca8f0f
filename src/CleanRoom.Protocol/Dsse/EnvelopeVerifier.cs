using CleanRoom.Protocol.Documents;

namespace CleanRoom.Protocol.Dsse;

/// <summary>Checks one signature of an envelope with a key that the caller already trusts for the purpose.</summary>
/// <remarks>Pure: no clock, no state. The algorithm comes from the trusted key's kind, never from the envelope. Spec: contracts/spec/0001 s.5.</remarks>
public static class EnvelopeVerifier
{
    /// <summary>Length of an uncompressed P-256 point in bytes.</summary>
    public const int PublicKeyLength = 65;

    private const string WebAuthnLabel = "cleanroom/v1/webauthn";

    /// <summary>Checks a member's signature.</summary>
    /// <param name="envelope">Trust: attacker-controlled.</param>
    /// <param name="signature">One of the envelope's signatures. Trust: attacker-controlled.</param>
    /// <param name="key">From a valid delegation. Trust: trusted.</param>
    /// <param name="verifier">Checks the raw signature.</param>
    /// <returns>
    /// The proof, or <see cref="RefusalCode.SignatureUnknownKey"/> when the signature names another key, or
    /// <see cref="RefusalCode.SignatureInvalid"/>.
    /// </returns>
    public static Result<VerifiedSignature> Verify(
        Envelope envelope, EnvelopeSignature signature, SignKey key, ISignatureVerifier verifier)
    {
        if (key.PublicKey.Length != PublicKeyLength || KeyId.Of(key.PublicKey.Span) != signature.KeyId)
        {
            return Result.Refuse<VerifiedSignature>(RefusalCode.SignatureUnknownKey, "a signature by the given key", "one by another key");
        }

        if (key.Kind != signature.Kind)
        {
            return Result.Refuse<VerifiedSignature>(RefusalCode.SignatureInvalid, "a signature of the key's kind", "one of another kind");
        }

        return key.Kind switch
        {
            SignatureKind.Es256 => VerifyEs256(envelope, signature, key.PublicKey, verifier),
            SignatureKind.WebAuthn => WebAuthnAssertion
                .Verify(WebAuthnChallenge(envelope.PayloadType, envelope.Payload.Span), signature, key, verifier)
                .Then(_ => Accept(envelope, signature)),
            _ => Result.Refuse<VerifiedSignature>(RefusalCode.SignatureInvalid, "a known kind of signature", "another"),
        };
    }

    /// <summary>Checks an <c>es256</c> signature by a bare key: a collaborator's root key or a node's signing key.</summary>
    /// <param name="envelope">Trust: attacker-controlled.</param>
    /// <param name="signature">One of the envelope's signatures. Trust: attacker-controlled.</param>
    /// <param name="es256Key">Uncompressed point, 65 bytes. Trust: trusted.</param>
    /// <param name="verifier">Checks the raw signature.</param>
    /// <returns>As <see cref="Verify(Envelope, EnvelopeSignature, SignKey, ISignatureVerifier)"/>.</returns>
    public static Result<VerifiedSignature> Verify(
        Envelope envelope, EnvelopeSignature signature, Bytes es256Key, ISignatureVerifier verifier)
    {
        var key = new SignKey
        {
            Kind = SignatureKind.Es256, PublicKey = es256Key, RpId = null, Origins = [], UserVerification = false,
        };
        return Verify(envelope, signature, key, verifier);
    }

    /// <summary>Returns the challenge that an authenticator signs for a payload: SHA-256(label || 0x00 || SHA-256(PAE)).</summary>
    /// <remarks>The label <c>cleanroom/v1/webauthn</c> keeps sign-ins to other services out. Spec: contracts/spec/0001 s.5.2.</remarks>
    public static Digest WebAuthnChallenge(string payloadType, ReadOnlySpan<byte> payload) =>
        Digest.Labelled(WebAuthnLabel, Digest.Of(Pae.Of(payloadType, payload)).ToArray());

    private static Result<VerifiedSignature> VerifyEs256(
        Envelope envelope, EnvelopeSignature signature, Bytes publicKey, ISignatureVerifier verifier) =>
        verifier.VerifyEs256(publicKey.Span, Pae.Of(envelope.PayloadType, envelope.Payload.Span), signature.Sig.Span)
            ? Accept(envelope, signature)
            : Result.Refuse<VerifiedSignature>(RefusalCode.SignatureInvalid, "a signature over the payload", "one over something else");

    private static Result<VerifiedSignature> Accept(Envelope envelope, EnvelopeSignature signature) =>
        new VerifiedSignature(signature.KeyId, signature.Kind, envelope.PayloadDigest);
}
