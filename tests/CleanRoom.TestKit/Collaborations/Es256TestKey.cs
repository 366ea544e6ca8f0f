using System.Security.Cryptography;
using System.Text;
using CleanRoom.Cryptography;
using CleanRoom.Cryptography.Curves;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Dsse;

namespace CleanRoom.TestKit.Collaborations;

/// <summary>A public ES256 key: its private scalar is SHA-256("cleanroom test key: NAME"). For tests alone.</summary>
public sealed class Es256TestKey
{
    private readonly ECDsa _key;

    private Es256TestKey(byte[] scalar)
    {
        using var secret = SecretBytes.CopyOf(scalar);
        PublicKey = P256PublicKey.Of(secret);
        _key = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            D = scalar,
            Q = new ECPoint { X = PublicKey.Span[1..33].ToArray(), Y = PublicKey.Span[33..].ToArray() },
        });
    }

    /// <summary>Gets the uncompressed point: 65 bytes.</summary>
    public Bytes PublicKey { get; }

    /// <summary>Gets the id under which envelopes name the key.</summary>
    public Digest Id => KeyId.Of(PublicKey.Span);

    /// <summary>Returns the key of a name.</summary>
    public static Es256TestKey Named(string name) => new(SHA256.HashData(Encoding.UTF8.GetBytes($"cleanroom test key: {name}")));

    /// <summary>Signs a document.</summary>
    public Envelope Sign(Document document) => Sign(DocumentCodec.PayloadTypeOf(document), DocumentCodec.Encode(document));

    /// <summary>Signs a receipt.</summary>
    public Envelope Sign(Receipt receipt) => Sign(DocumentCodec.ReceiptPayloadType, DocumentCodec.Encode(receipt));

    /// <summary>Signs any payload.</summary>
    public Envelope Sign(string payloadType, byte[] payload) => new(
        payloadType,
        new Bytes(payload),
        [
            new EnvelopeSignature
            {
                Kind = SignatureKind.Es256,
                KeyId = Id,
                Sig = new Bytes(_key.SignData(
                    Pae.Of(payloadType, payload), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation)),
                AuthenticatorData = null,
                ClientDataJson = null,
            },
        ]);
}
