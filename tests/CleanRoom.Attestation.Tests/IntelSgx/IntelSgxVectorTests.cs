using CleanRoom.Attestation.IntelSgx;
using CleanRoom.Attestation.IntelTdx;
using CleanRoom.Attestation.Tests.Intel;
using CleanRoom.Attestation.Tests.Support;

namespace CleanRoom.Attestation.Tests.IntelSgx;

/// <summary>Every genuine SGX quote, and every one derived from it, is judged as the collection says.</summary>
public sealed class IntelSgxVectorTests
{
    [Fact]
    public void Every_vector_is_judged_as_expected()
    {
        SharedVectors.Require();

        VectorAssertions.AllAgree(IntelSgxVectors.Cases);
    }

    [Fact]
    public void Genuine_quotes_are_recognised_by_this_verifier_alone()
    {
        SharedVectors.Require();

        foreach (var vector in IntelSgxVectors.Cases.Where(vector => vector.IsGenuine))
        {
            new IntelSgxVerifier().Recognises(vector.Evidence.Span).Should().BeTrue(vector.Name);
            new IntelTdxVerifier().Recognises(vector.Evidence.Span).Should().BeFalse(vector.Name);
        }
    }
}
