using CleanRoom.Attestation.Certificates;
using CleanRoom.Protocol;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Asn1.X9;
using Org.BouncyCastle.Crypto.EC;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.X509;

namespace CleanRoom.Attestation.Signatures;

/// <summary>A public key that signs certificates or evidence: ECDSA over P-256, P-384 or P-521, or RSA of 2,048 to 4,096 bits.</summary>
/// <remarks>Managed code, the same in a browser. All inputs: attacker-controlled; a check returns false and never throws on content.</remarks>
internal sealed class VerificationKey
{
    private const byte Uncompressed = 4;

    /// <summary>Above the SubjectPublicKeyInfo of the longest RSA key.</summary>
    private const int MaxSpkiBytes = (RsaPublicKey.MaxBits / 8) + 64;

    // One of the two.
    private readonly ECPublicKeyParameters? _ec;
    private readonly RsaPublicKey? _rsa;

    private VerificationKey(ECPublicKeyParameters key) => _ec = key;

    private VerificationKey(RsaPublicKey key) => _rsa = key;

    /// <summary>Gets a value that says whether this is an RSA key.</summary>
    public bool IsRsa => _rsa is not null;

    /// <summary>Gets the field size of an elliptic-curve key in bytes; 0 for RSA.</summary>
    public int FieldBytes => _ec is { } key ? (key.Parameters.Curve.FieldSize + 7) / 8 : 0;

    /// <summary>Gets the modulus of an RSA key in bytes; 0 for elliptic curves.</summary>
    public int ModulusBytes => _rsa is { } key ? (key.Bits + 7) / 8 : 0;

    /// <summary>Gets the size as people say it: bits of the curve's field, or of the modulus.</summary>
    public int Bits => _ec is { } key ? key.Parameters.Curve.FieldSize : _rsa!.Bits; // One of the two is there.

    /// <summary>Reads a SubjectPublicKeyInfo (RFC 5280 s.4.1.2.7); null for a key of another kind, size or curve, and for more bytes than such a key has.</summary>
    public static VerificationKey? FromSpki(ReadOnlySpan<byte> spki)
    {
        if (spki.Length > MaxSpkiBytes)
        {
            return null;
        }

        var der = spki.ToArray();
        return Asn1Guard.Read(() => Of(SubjectPublicKeyInfo.GetInstance(Asn1Object.FromByteArray(der))));
    }

    /// <summary>Makes a key from an affine point, big endian; null when it is not on the curve. Its SPKI names the curve, as certificates do.</summary>
    /// <param name="curve">P-256, P-384 or P-521.</param>
    public static VerificationKey? FromPoint(string curve, ReadOnlySpan<byte> x, ReadOnlySpan<byte> y)
    {
        var parameters = CustomNamedCurves.GetByName(curve) ?? throw new ArgumentOutOfRangeException(nameof(curve), curve, "wanted a NIST curve");
        var length = (parameters.Curve.FieldSize + 7) / 8;
        if (x.Length != length || y.Length != length)
        {
            return null;
        }

        byte[] encoded = [Uncompressed, .. x, .. y];
        return Asn1Guard.Read(() => parameters.Curve.DecodePoint(encoded)) is { IsInfinity: false } point && point.IsValid()
            ? new VerificationKey(new ECPublicKeyParameters(point, new ECNamedDomainParameters(ECNamedCurveTable.GetOid(curve), parameters)))
            : null;
    }

    /// <summary>Makes an RSA key from its numbers, big endian; null outside 2,048 to 4,096 bits or with an even or tiny exponent.</summary>
    public static VerificationKey? FromRsa(ReadOnlySpan<byte> modulus, ReadOnlySpan<byte> exponent)
    {
        if (modulus.Length > RsaPublicKey.MaxBits / 8 || exponent.Length > sizeof(ulong))
        {
            return null;
        }

        return RsaPublicKey.Of(new BigInteger(1, modulus), new BigInteger(1, exponent)) is { } key ? new VerificationKey(key) : null;
    }

    /// <summary>Returns the key's SubjectPublicKeyInfo, DER; a key made from a point names its curve, as certificates do.</summary>
    public byte[] ToSpki() => _rsa?.ToSpki() ?? SubjectPublicKeyInfoFactory.CreateSubjectPublicKeyInfo(_ec).GetDerEncoded();

    /// <summary>Returns SHA-256 of <see cref="ToSpki"/>.</summary>
    public Digest SpkiDigest() => Digest.Of(ToSpki());

    /// <summary>Verifies ECDSA with r and s side by side, big endian, each as long as the field (IEEE P1363).</summary>
    public bool VerifyEcdsa(HashName hash, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature) =>
        FieldBytes > 0 && signature.Length == 2 * FieldBytes
        && VerifyEcdsa(hash, data, new BigInteger(1, signature[..FieldBytes]), new BigInteger(1, signature[FieldBytes..]));

    /// <summary>Verifies ECDSA with r and s as unsigned big-endian integers of any length up to the field's.</summary>
    public bool VerifyEcdsa(HashName hash, ReadOnlySpan<byte> data, ReadOnlySpan<byte> r, ReadOnlySpan<byte> s) =>
        FieldBytes > 0 && r.Length <= FieldBytes && s.Length <= FieldBytes
        && VerifyEcdsa(hash, data, new BigInteger(1, r), new BigInteger(1, s));

    /// <summary>Verifies ECDSA with a DER signature (RFC 3279 s.2.2.3).</summary>
    public bool VerifyEcdsaDer(HashName hash, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        if (_ec is not { } key)
        {
            return false;
        }

        var der = signature.ToArray();
        return Asn1Guard.Read(() => StandardDsaEncoding.Instance.Decode(key.Parameters.N, der)) is [var r, var s] && VerifyEcdsa(hash, data, r, s);
    }

    /// <summary>Verifies RSASSA-PKCS1-v1_5 (RFC 8017 s.8.2.2).</summary>
    public bool VerifyPkcs1(HashName hash, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        if (signature.Length != ModulusBytes || _rsa?.Parameters is not { } key)
        {
            return false;
        }

        var signer = new RsaDigestSigner(hash.ToDigest());
        signer.Init(forSigning: false, key);
        signer.BlockUpdate(data);
        var bytes = signature.ToArray();
        return Asn1Guard.Holds(() => signer.VerifySignature(bytes));
    }

    /// <summary>Verifies RSASSA-PSS with MGF1 over the same hash (RFC 8017 s.8.1.2).</summary>
    /// <param name="saltBytes">The salt's length; null for the hash's length or the largest that fits, as TPMs choose.</param>
    public bool VerifyPss(HashName hash, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature, int? saltBytes = null)
    {
        if (signature.Length != ModulusBytes || _rsa?.Parameters is not { } key)
        {
            return false;
        }

        var hashBytes = hash.ToDigest().GetDigestSize();
        var largest = ((key.Modulus.BitLength + 6) / 8) - hashBytes - 2;
        int[] lengths = saltBytes is { } only ? [only] : [hashBytes, largest];
        foreach (var length in lengths)
        {
            var signer = new PssSigner(new RsaBlindedEngine(), hash.ToDigest(), length);
            signer.Init(forSigning: false, key);
            signer.BlockUpdate(data);
            var bytes = signature.ToArray();
            if (Asn1Guard.Holds(() => signer.VerifySignature(bytes)))
            {
                return true;
            }
        }

        return false;
    }

    private bool VerifyEcdsa(HashName hash, ReadOnlySpan<byte> data, BigInteger r, BigInteger s)
    {
        if (_ec is not { } key)
        {
            return false;
        }

        // ECDsaSigner refuses r or s outside 1..n-1 itself (FIPS 186-5 s.6.4.2 step 1).
        var signer = new ECDsaSigner();
        signer.Init(forSigning: false, key);
        return signer.VerifySignature(hash.Hash(data), r, s);
    }

    private static bool IsNistCurve(ECDomainParameters domain) =>
        new[] { "P-256", "P-384", "P-521" }.Select(CustomNamedCurves.GetByName).Any(known =>
            known.Curve.FieldSize == domain.Curve.FieldSize
            && known.N.Equals(domain.N)
            && known.G.AffineXCoord.ToBigInteger().Equals(domain.G.AffineXCoord.ToBigInteger())
            && known.Curve.A.ToBigInteger().Equals(domain.Curve.A.ToBigInteger())
            && known.Curve.B.ToBigInteger().Equals(domain.Curve.B.ToBigInteger()));

    private static VerificationKey? Of(SubjectPublicKeyInfo info)
    {
        if (RsaPublicKey.IsOf(info.Algorithm))
        {
            var numbers = RsaPublicKeyStructure.GetInstance(info.ParsePublicKey());
            return RsaPublicKey.Of(numbers.Modulus, numbers.PublicExponent) is { } rsa ? new VerificationKey(rsa) : null;
        }

        return info.Algorithm.Algorithm.Equals(X9ObjectIdentifiers.IdECPublicKey)
            && PublicKeyFactory.CreateKey(info) is ECPublicKeyParameters key && IsNistCurve(key.Parameters) ? new VerificationKey(key) : null;
    }
}
