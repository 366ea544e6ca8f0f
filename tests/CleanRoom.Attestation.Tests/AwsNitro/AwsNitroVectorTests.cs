using CleanRoom.Attestation.Tests.Support;

namespace CleanRoom.Attestation.Tests.AwsNitro;

/// <summary>Genuine documents get the verdict and the claims that the collection's own verifier reached.</summary>
public sealed class AwsNitroVectorTests
{
    [Fact]
    public void Vectors_agree()
    {
        var cases = AwsNitroVectors.Cases().ToList();
        cases.Should().HaveCount(9);
        cases.ForEach(VectorVerdict.Check);
    }
}
