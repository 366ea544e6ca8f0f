using CleanRoom.Attestation.Signatures;
using CleanRoom.TestKit.Certificates;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.Pkcs;
using Org.BouncyCastle.Asn1.X509;

namespace CleanRoom.Attestation.Tests.Signatures;

/// <summary>Keys that came as a point are known by the same digest as keys that came in a certificate.</summary>
public sealed class PointKeyTests
{
    [Theory]
    [InlineData("P-256")]
    [InlineData("P-384")]
    [InlineData("P-521")]
    public void Public_key_info_names_the_curve(string curve)
    {
        var key = TestKey.Ec(curve);
        var point = key.Point();

        VerificationKey.FromPoint(curve, point.AsSpan(0, point.Length / 2), point.AsSpan(point.Length / 2))!.ToSpki().Should().Equal(key.Spki);
    }

    [Fact]
    public void Public_key_info_longer_than_the_longest_key_is_refused()
    {
        // The same key, with parameters that nobody needs.
        var algorithm = new AlgorithmIdentifier(PkcsObjectIdentifiers.RsaEncryption, new DerOctetString(new byte[1_024]));
        var padded = new SubjectPublicKeyInfo(algorithm, SubjectPublicKeyInfo.GetInstance(TestKey.SharedRsa.Spki).ParsePublicKey()).GetDerEncoded();

        VerificationKey.FromSpki(TestKey.SharedRsa.Spki).Should().NotBeNull();
        VerificationKey.FromSpki(padded).Should().BeNull();
    }
}
