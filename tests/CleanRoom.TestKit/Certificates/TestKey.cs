using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.Nist;
using Org.BouncyCastle.Asn1.Pkcs;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Asn1.X9;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Crypto.EC;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.X509;

namespace CleanRoom.TestKit.Certificates;

/// <summary>A key of the test PKI: signs certificates, lists and evidence the way a TEE's maker does.</summary>
public sealed class TestKey
{
    private static readonly Lazy<TestKey> s_rsa = new(() => Rsa2048());
    private readonly AsymmetricCipherKeyPair _pair;
    private readonly IDigest _digest;

    private TestKey(AsymmetricCipherKeyPair pair, IDigest digest, AlgorithmIdentifier algorithm) =>
        (_pair, _digest, Algorithm) = (pair, digest, algorithm);

    /// <summary>Gets an RSA key that all tests share, since making one is slow; it signs PKCS1 with SHA-256.</summary>
    public static TestKey SharedRsa => s_rsa.Value;

    /// <summary>Gets the algorithm that <see cref="Sign"/> uses, as certificates name it.</summary>
    public AlgorithmIdentifier Algorithm { get; }

    /// <summary>Gets the public key for BouncyCastle.</summary>
    public AsymmetricKeyParameter Public => _pair.Public;

    /// <summary>Gets the SubjectPublicKeyInfo, DER.</summary>
    public byte[] Spki => SubjectPublicKeyInfoFactory.CreateSubjectPublicKeyInfo(_pair.Public).GetDerEncoded();

    /// <summary>Makes an ECDSA key that signs with SHA-256 on P-256, SHA-384 on P-384 and SHA-512 on P-521.</summary>
    public static TestKey Ec(string curve)
    {
        var generator = new ECKeyPairGenerator();
        generator.Init(new ECKeyGenerationParameters(new ECNamedDomainParameters(ECNamedCurveTable.GetOid(curve), CustomNamedCurves.GetByName(curve)), new SecureRandom()));
        var pair = generator.GenerateKeyPair();
        return curve switch
        {
            "P-256" => new TestKey(pair, new Sha256Digest(), new AlgorithmIdentifier(X9ObjectIdentifiers.ECDsaWithSha256)),
            "P-384" => new TestKey(pair, new Sha384Digest(), new AlgorithmIdentifier(X9ObjectIdentifiers.ECDsaWithSha384)),
            _ => new TestKey(pair, new Sha512Digest(), new AlgorithmIdentifier(X9ObjectIdentifiers.ECDsaWithSha512)),
        };
    }

    /// <summary>Makes an RSA key that signs PKCS1 with SHA-256.</summary>
    public static TestKey Rsa2048()
    {
        var generator = new RsaKeyPairGenerator();
        generator.Init(new RsaKeyGenerationParameters(BigInteger.ValueOf(0x10001), new SecureRandom(), 2_048, 64));
        return new TestKey(generator.GenerateKeyPair(), new Sha256Digest(), new AlgorithmIdentifier(PkcsObjectIdentifiers.Sha256WithRsaEncryption, DerNull.Instance));
    }

    /// <summary>Returns the same RSA key, signing PSS with SHA-384 and a salt of 48 bytes, as AMD does.</summary>
    public TestKey AsPss384()
    {
        var hash = new AlgorithmIdentifier(NistObjectIdentifiers.IdSha384);
        var parameters = new RsassaPssParameters(hash, new AlgorithmIdentifier(PkcsObjectIdentifiers.IdMgf1, hash), DerInteger.ValueOf(48), DerInteger.One);
        return new TestKey(_pair, new Sha384Digest(), new AlgorithmIdentifier(PkcsObjectIdentifiers.IdRsassaPss, parameters));
    }

    /// <summary>Signs: ECDSA in DER, RSA as its algorithm says.</summary>
    public byte[] Sign(ReadOnlySpan<byte> data)
    {
        var digest = DigestUtilities.GetDigest(_digest.AlgorithmName);
        if (_pair.Private is ECPrivateKeyParameters)
        {
            var (r, s) = SignEcdsa(data);
            return StandardDsaEncoding.Instance.Encode(((ECPrivateKeyParameters)_pair.Private).Parameters.N, r, s);
        }

        ISigner signer = Algorithm.Algorithm.Equals(PkcsObjectIdentifiers.IdRsassaPss)
            ? new PssSigner(new RsaBlindedEngine(), digest, digest.GetDigestSize())
            : new RsaDigestSigner(digest);
        signer.Init(forSigning: true, _pair.Private);
        signer.BlockUpdate(data);
        return signer.GenerateSignature();
    }

    /// <summary>Signs PSS with SHA-256 and a salt of 32 bytes, as Windows and TPMs do.</summary>
    public byte[] SignPss256(ReadOnlySpan<byte> data)
    {
        var signer = new PssSigner(new RsaBlindedEngine(), new Sha256Digest(), 32);
        signer.Init(forSigning: true, _pair.Private);
        signer.BlockUpdate(data);
        return signer.GenerateSignature();
    }

    /// <summary>Signs ECDSA with r and s side by side, big endian, each as long as the field.</summary>
    public byte[] SignRaw(ReadOnlySpan<byte> data)
    {
        var (r, s) = SignEcdsa(data);
        var length = (((ECPrivateKeyParameters)_pair.Private).Parameters.Curve.FieldSize + 7) / 8;
        var raw = new byte[2 * length];
        r.ToByteArrayUnsigned().CopyTo(raw, length - r.GetLengthofByteArrayUnsigned());
        s.ToByteArrayUnsigned().CopyTo(raw, (2 * length) - s.GetLengthofByteArrayUnsigned());
        return raw;
    }

    /// <summary>Returns the affine coordinates side by side, big endian.</summary>
    public byte[] Point() => ((ECPublicKeyParameters)_pair.Public).Q.GetEncoded(compressed: false)[1..];

    /// <summary>Returns the modulus and exponent of an RSA key, big endian.</summary>
    public (byte[] Modulus, byte[] Exponent) RsaNumbers()
    {
        var key = (RsaKeyParameters)_pair.Public;
        return (key.Modulus.ToByteArrayUnsigned(), key.Exponent.ToByteArrayUnsigned());
    }

    private (BigInteger R, BigInteger S) SignEcdsa(ReadOnlySpan<byte> data)
    {
        var digest = DigestUtilities.GetDigest(_digest.AlgorithmName);
        var hash = new byte[digest.GetDigestSize()];
        digest.BlockUpdate(data);
        digest.DoFinal(hash, 0);
        var signer = new ECDsaSigner();
        signer.Init(forSigning: true, _pair.Private);
        var parts = signer.GenerateSignature(hash);
        return (parts[0], parts[1]);
    }
}
