using CleanRoom.Attestation.Certificates;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.Pkcs;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Math;

namespace CleanRoom.Attestation.Signatures;

/// <summary>The two numbers of an RSA public key of 2,048 to 4,096 bits. Spec: RFC 8017 s.3.1.</summary>
/// <remarks>
/// The library asks a modulus for prime factors up to 743 and whether it is prime before it works with it: as long as a hundred verifications. Most keys
/// that come with evidence sign nothing that is asked about, so this is done when a signature is first checked, and once. A key that does
/// not pass it verifies nothing.
/// </remarks>
internal sealed class RsaPublicKey
{
    /// <summary>The longest modulus; the time of the library's question grows with its cube.</summary>
    public const int MaxBits = 4_096;

    private const int MinBits = 2_048;
    private const int MaxExponentBits = 64;

    private readonly BigInteger _modulus;
    private readonly BigInteger _exponent;
    private readonly Lazy<RsaKeyParameters?> _parameters;

    private RsaPublicKey(BigInteger modulus, BigInteger exponent)
    {
        (_modulus, _exponent) = (modulus, exponent);
        _parameters = new(() => Asn1Guard.Read(() => new RsaKeyParameters(isPrivate: false, modulus, exponent)));
    }

    /// <summary>Gets the length of the modulus in bits.</summary>
    public int Bits => _modulus.BitLength;

    /// <summary>Gets what the library verifies with; null when it finds the modulus to be prime or to have a small factor.</summary>
    public RsaKeyParameters? Parameters => _parameters.Value;

    /// <summary>Takes the numbers; null for a modulus of another length or an even one, and for an exponent that is even, below 3 or above 64 bits.</summary>
    public static RsaPublicKey? Of(BigInteger modulus, BigInteger exponent) =>
        modulus.SignValue > 0 && modulus.BitLength is >= MinBits and <= MaxBits && modulus.TestBit(0)
        && exponent.CompareTo(BigInteger.Two) > 0 && exponent.BitLength <= MaxExponentBits && exponent.TestBit(0)
            ? new RsaPublicKey(modulus, exponent)
            : null;

    /// <summary>Returns whether an algorithm is that of an RSA key that may sign (RFC 4055 s.1.2).</summary>
    public static bool IsOf(AlgorithmIdentifier algorithm) =>
        algorithm.Algorithm.Equals(PkcsObjectIdentifiers.RsaEncryption) || algorithm.Algorithm.Equals(PkcsObjectIdentifiers.IdRsassaPss);

    /// <summary>Returns the SubjectPublicKeyInfo, DER, with the algorithm rsaEncryption.</summary>
    public byte[] ToSpki() => new SubjectPublicKeyInfo(
        new AlgorithmIdentifier(PkcsObjectIdentifiers.RsaEncryption, DerNull.Instance), new RsaPublicKeyStructure(_modulus, _exponent)).GetDerEncoded();
}
