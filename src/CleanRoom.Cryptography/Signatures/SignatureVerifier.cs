using System.Security.Cryptography;
using CleanRoom.Cryptography.Curves;
using CleanRoom.Protocol.Dsse;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Math.EC.Rfc8032;

namespace CleanRoom.Cryptography.Signatures;

/// <summary>Verifies signatures with managed code, the same in a guest, on a command line and in a browser.</summary>
/// <remarks>Stateless, synchronous, safe for concurrent calls. All inputs: attacker-controlled. Spec: contracts/spec/0010 s.3.</remarks>
public sealed class SignatureVerifier : ISignatureVerifier
{
    private const int ScalarBytes = 32;

    private static readonly ECDomainParameters s_domain = new(P256PublicKey.Parameters);

    /// <summary>Verifies ECDSA over P-256 with SHA-256.</summary>
    /// <param name="publicKey">Exactly 65 bytes, uncompressed, on the curve.</param>
    /// <param name="data">The data itself, not its digest.</param>
    /// <param name="signature">Exactly 64 bytes: r and s in 1..n-1. A high s is accepted, as RFC 7518 does.</param>
    /// <returns>False for a signature, key or length that is not valid; never throws on content.</returns>
    public bool VerifyEs256(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        if (signature.Length != 2 * ScalarBytes || P256PublicKey.TryDecode(publicKey) is not { } point)
        {
            return false;
        }

        // ECDsaSigner refuses r or s outside 1..n-1 itself (FIPS 186-5 s.6.4.2 step 1).
        var signer = new ECDsaSigner();
        signer.Init(forSigning: false, new ECPublicKeyParameters(point, s_domain));
        return signer.VerifySignature(
            SHA256.HashData(data),
            new BigInteger(1, signature[..ScalarBytes]),
            new BigInteger(1, signature[ScalarBytes..]));
    }

    /// <summary>Verifies Ed25519.</summary>
    /// <param name="publicKey">Exactly 32 bytes.</param>
    /// <param name="data">The data itself.</param>
    /// <param name="signature">Exactly 64 bytes; s below the group order.</param>
    /// <returns>False for a signature, key or length that is not valid; never throws on content.</returns>
    public bool VerifyEd25519(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature) =>
        publicKey.Length == Ed25519.PublicKeySize
        && signature.Length == Ed25519.SignatureSize
        && Ed25519.Verify(signature, publicKey, data);
}
