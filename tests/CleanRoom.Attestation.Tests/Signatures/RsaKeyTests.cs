using CleanRoom.Attestation.Signatures;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.Nist;
using Org.BouncyCastle.Asn1.Pkcs;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Crypto.Agreement;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Math;

namespace CleanRoom.Attestation.Tests.Signatures;

/// <summary>Which RSA keys are read, and that a modulus whose factors anyone can find verifies nothing, though the arithmetic would hold.</summary>
public sealed class RsaKeyTests
{
    private static readonly BigInteger _exponent = BigInteger.ValueOf(65_537);

    /// <summary>Primes that everyone knows, of 1,024 and 2,048 bits (RFC 2409 s.6.2, RFC 3526 s.3).</summary>
    private static readonly BigInteger _small = DHStandardGroups.rfc2409_1024.P, _large = DHStandardGroups.rfc3526_2048.P;

    private static readonly byte[] _data = "what is signed"u8.ToArray();

    [Fact]
    public void Product_of_two_large_primes_verifies()
    {
        var modulus = _small.Multiply(_large);
        var signature = Sign(modulus, Less(_small).Multiply(Less(_large)));

        Both(modulus, _exponent).Should().AllSatisfy(key => key!.VerifyPkcs1(HashName.Sha256, _data, signature).Should().BeTrue());
        Both(modulus, _exponent).Should().AllSatisfy(key => key!.VerifyPkcs1(HashName.Sha256, [.. _data, 0], signature).Should().BeFalse());
    }

    [Fact]
    public void Modulus_that_is_a_prime_verifies_nothing()
    {
        var signature = Sign(_large, Less(_large));

        Arithmetic(_large, signature).Should().BeTrue("anyone can make the private key");
        Both(_large, _exponent).Should().AllSatisfy(key => Refuses(key!, signature));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(743)]
    public void Modulus_with_a_small_factor_verifies_nothing(int factor)
    {
        var (small, modulus) = (BigInteger.ValueOf(factor), BigInteger.ValueOf(factor).Multiply(_large));
        var signature = Sign(modulus, Less(small).Multiply(Less(_large)));

        Arithmetic(modulus, signature).Should().BeTrue("anyone can make the private key");
        Both(modulus, _exponent).Should().AllSatisfy(key => Refuses(key!, signature));
    }

    [Fact]
    public void Modulus_that_is_even_is_refused() => Both(_large.Add(BigInteger.One), _exponent).Should().AllSatisfy(key => key.Should().BeNull());

    [Theory]
    [InlineData(2_047, false)]
    [InlineData(2_048, true)]
    [InlineData(4_096, true)]
    [InlineData(4_097, false)]
    public void Modulus_has_2048_to_4096_bits(int bits, bool isRead)
    {
        var modulus = BigInteger.One.ShiftLeft(bits - 1).SetBit(0);

        Both(modulus, _exponent).Select(key => key is not null).Should().AllBeEquivalentTo(isRead);
    }

    [Theory]
    [InlineData("00", false)]
    [InlineData("01", false)]
    [InlineData("02", false)]
    [InlineData("03", true)]
    [InlineData("010000", false)]
    [InlineData("010001", true)]
    [InlineData("FFFFFFFFFFFFFFFF", true)]
    [InlineData("010000000000000001", false)]
    public void Exponent_is_odd_from_3_and_at_most_64_bits(string hex, bool isRead) =>
        Both(_large, new BigInteger(hex, 16)).Select(key => key is not null).Should().AllBeEquivalentTo(isRead);

    [Fact]
    public void Key_is_known_by_the_same_bytes_whether_it_came_as_numbers_or_in_a_certificate()
    {
        var modulus = _small.Multiply(_large);

        Both(modulus, _exponent).Should().AllSatisfy(key => key!.ToSpki().Should().Equal(Spki(modulus, _exponent)));
    }

    [Fact]
    public void Key_that_is_for_encryption_alone_is_refused()
    {
        var modulus = _small.Multiply(_large);

        VerificationKey.FromSpki(Spki(modulus, _exponent, PkcsObjectIdentifiers.IdRsassaPss)).Should().NotBeNull();
        VerificationKey.FromSpki(Spki(modulus, _exponent, PkcsObjectIdentifiers.IdRsaesOaep)).Should().BeNull();
    }

    private static void Refuses(VerificationKey key, byte[] signature)
    {
        key.ModulusBytes.Should().Be(signature.Length);
        key.VerifyPkcs1(HashName.Sha256, _data, signature).Should().BeFalse();
        key.VerifyPss(HashName.Sha256, _data, signature).Should().BeFalse();
    }

    private static VerificationKey?[] Both(BigInteger modulus, BigInteger exponent) =>
        [VerificationKey.FromRsa(modulus.ToByteArrayUnsigned(), exponent.ToByteArrayUnsigned()), VerificationKey.FromSpki(Spki(modulus, exponent))];

    private static byte[] Spki(BigInteger modulus, BigInteger exponent, DerObjectIdentifier? algorithm = null) => new SubjectPublicKeyInfo(
        new AlgorithmIdentifier(algorithm ?? PkcsObjectIdentifiers.RsaEncryption, DerNull.Instance), new DerSequence(new DerInteger(modulus), new DerInteger(exponent))).GetDerEncoded();

    private static BigInteger Less(BigInteger prime) => prime.Subtract(BigInteger.One);

    /// <summary>Signs as who knows the number of units modulo the modulus can (RFC 8017 s.8.2.1).</summary>
    private static byte[] Sign(BigInteger modulus, BigInteger units)
    {
        var signature = Encoded(modulus).ModPow(_exponent.ModInverse(units), modulus).ToByteArrayUnsigned();
        return [.. new byte[((modulus.BitLength + 7) / 8) - signature.Length], .. signature];
    }

    /// <summary>What is left of a verification without questions about the modulus (RFC 8017 s.8.2.2).</summary>
    private static bool Arithmetic(BigInteger modulus, byte[] signature) =>
        new BigInteger(1, signature).ModPow(_exponent, modulus).Equals(Encoded(modulus));

    /// <summary>EMSA-PKCS1-v1_5 of the data with SHA-256 (RFC 8017 s.9.2).</summary>
    private static BigInteger Encoded(BigInteger modulus)
    {
        var digest = new Sha256Digest();
        var hash = new byte[digest.GetDigestSize()];
        digest.BlockUpdate(_data);
        digest.DoFinal(hash);
        var info = new DigestInfo(new AlgorithmIdentifier(NistObjectIdentifiers.IdSha256, DerNull.Instance), hash).GetDerEncoded();
        var padding = Enumerable.Repeat((byte)0xFF, ((modulus.BitLength + 7) / 8) - info.Length - 3);
        return new BigInteger(1, [0, 1, .. padding, 0, .. info]);
    }
}
