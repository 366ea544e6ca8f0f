using System.Security.Cryptography;
using CleanRoom.Protocol.Dsse;
using Org.BouncyCastle.Math.EC.Rfc8032;

namespace CleanRoom.Protocol.Tests.Samples;

/// <summary>Checks signatures by other code than the product's, so that these tests judge formats alone.</summary>
internal sealed class TestVerifier : ISignatureVerifier
{
    public static TestVerifier Instance { get; } = new();

    public bool VerifyEs256(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        try
        {
            using var key = ECDsa.Create(new ECParameters
            {
                Curve = ECCurve.NamedCurves.nistP256,
                Q = new ECPoint { X = publicKey[1..33].ToArray(), Y = publicKey[33..].ToArray() },
            });
            return key.VerifyData(data, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    public bool VerifyEd25519(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature) =>
        publicKey.Length == Ed25519.PublicKeySize
        && signature.Length == Ed25519.SignatureSize
        && Ed25519.Verify(signature.ToArray(), 0, publicKey.ToArray(), 0, data.ToArray(), 0, data.Length);
}
