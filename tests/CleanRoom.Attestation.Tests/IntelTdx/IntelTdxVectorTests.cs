using CleanRoom.Attestation.IntelSgx;
using CleanRoom.Attestation.IntelTdx;
using CleanRoom.Attestation.Tests.Intel;
using CleanRoom.Attestation.Tests.Support;

namespace CleanRoom.Attestation.Tests.IntelTdx;

/// <summary>Every genuine TDX quote, and every one derived from it, is judged as the collection says.</summary>
public sealed class IntelTdxVectorTests
{
    [Fact]
    public void Every_vector_is_judged_as_expected()
    {
        SharedVectors.Require();

        VectorAssertions.AllAgree(IntelTdxVectors.Cases);
    }

    [Fact]
    public void Genuine_quotes_are_recognised_by_this_verifier_alone()
    {
        SharedVectors.Require();

        foreach (var vector in IntelTdxVectors.Cases.Where(vector => vector.IsGenuine))
        {
            new IntelTdxVerifier().Recognises(vector.Evidence.Span).Should().BeTrue(vector.Name);
            new IntelSgxVerifier().Recognises(vector.Evidence.Span).Should().BeFalse(vector.Name);
        }
    }
}
