using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Dsse;

namespace CleanRoom.Cryptography.Signatures;

/// <summary>Signs documents with ES256 keys and passkeys; the bytes signed are the bytes stored. Spec: contracts/spec/0001 s.5.</summary>
public static class EnvelopeSigner
{
    /// <summary>Signs a document.</summary>
    public static ValueTask<Envelope> SignAsync(ISigningKey key, Document document, CancellationToken cancellationToken) =>
        SignAsync(key, DocumentCodec.PayloadTypeOf(document), DocumentCodec.Encode(document), cancellationToken);

    /// <summary>Signs a receipt.</summary>
    public static ValueTask<Envelope> SignAsync(ISigningKey key, Receipt receipt, CancellationToken cancellationToken) =>
        SignAsync(key, DocumentCodec.ReceiptPayloadType, DocumentCodec.Encode(receipt), cancellationToken);

    private static async ValueTask<Envelope> SignAsync(ISigningKey key, string payloadType, byte[] payload, CancellationToken cancellationToken)
    {
        if (key is IPasskey passkey)
        {
            var given = await passkey.AssertAsync(EnvelopeVerifier.WebAuthnChallenge(payloadType, payload), cancellationToken);
            return new Envelope(payloadType, new Bytes(payload), [new EnvelopeSignature
            {
                Kind = SignatureKind.WebAuthn,
                KeyId = KeyId.Of(key.PublicKey.Span),
                Sig = given.Sig,
                AuthenticatorData = given.AuthenticatorData,
                ClientDataJson = given.ClientDataJson,
            }]);
        }

        var signature = new EnvelopeSignature
        {
            Kind = SignatureKind.Es256,
            KeyId = KeyId.Of(key.PublicKey.Span),
            Sig = new Bytes(await key.SignEs256Async(Pae.Of(payloadType, payload), cancellationToken)),
            AuthenticatorData = null,
            ClientDataJson = null,
        };
        return new Envelope(payloadType, new Bytes(payload), [signature]);
    }
}
