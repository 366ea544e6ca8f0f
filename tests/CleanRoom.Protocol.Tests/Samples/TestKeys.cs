using System.Security.Cryptography;
using System.Text;
using CleanRoom.Protocol.Dsse;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Crypto.EC;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Math.EC.Rfc8032;

namespace CleanRoom.Protocol.Tests.Samples;

/// <summary>Public test keys: private scalar or seed = SHA-256("cleanroom test key: NAME"). Signing is deterministic (RFC 6979, RFC 8032).</summary>
internal static class TestKeys
{
    private static readonly ECDomainParameters _p256 = new(CustomNamedCurves.GetByName("P-256"));

    public static Bytes P256Public(string name) => new(_p256.G.Multiply(Scalar(name)).Normalize().GetEncoded(compressed: false));

    public static byte[] SignEs256(string name, byte[] data)
    {
        var signer = new ECDsaSigner(new HMacDsaKCalculator(new Sha256Digest()));
        signer.Init(forSigning: true, new ECPrivateKeyParameters(Scalar(name), _p256));
        var rs = signer.GenerateSignature(SHA256.HashData(data));
        return [.. Fixed32(rs[0]), .. Fixed32(rs[1])];
    }

    public static Bytes Ed25519Public(string name)
    {
        var key = new byte[Ed25519.PublicKeySize];
        Ed25519.GeneratePublicKey(Seed(name), 0, key, 0);
        return new Bytes(key);
    }

    public static Func<byte[], byte[]> Ed25519Signer(string name) => data =>
    {
        var signature = new byte[Ed25519.SignatureSize];
        Ed25519.Sign(Seed(name), 0, data, 0, data.Length, signature, 0);
        return signature;
    };

    public static Bytes Random(string name, int length) => new(HKDF.Expand(HashAlgorithmName.SHA256, Seed(name), length));

    public static Envelope Envelope(string payloadType, byte[] payload, params string[] keyNames) => new(
        payloadType,
        new Bytes(payload),
        [
            .. keyNames.Select(name => new EnvelopeSignature
            {
                Kind = Protocol.Documents.SignatureKind.Es256,
                KeyId = KeyId.Of(P256Public(name).Span),
                Sig = new Bytes(SignEs256(name, Pae.Of(payloadType, payload))),
                AuthenticatorData = null,
                ClientDataJson = null,
            }),
        ]);

    private static BigInteger Scalar(string name) => new(1, Seed(name));

    private static byte[] Seed(string name) => SHA256.HashData(Encoding.UTF8.GetBytes($"cleanroom test key: {name}"));

    private static byte[] Fixed32(BigInteger value)
    {
        var bytes = value.ToByteArrayUnsigned();
        return [.. new byte[32 - bytes.Length], .. bytes];
    }
}
