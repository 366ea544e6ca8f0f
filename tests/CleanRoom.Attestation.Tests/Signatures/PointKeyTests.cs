using CleanRoom.Attestation.Signatures;
using CleanRoom.TestKit.Certificates;

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
}
