using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.Tests.Support;

/// <summary>Compares what a verifier says of a vector with what the collection says.</summary>
internal static class VectorVerdict
{
    /// <summary>Asserts that exactly the named checks fail, and that every claim is as expected.</summary>
    public static void Check(VectorCase vector)
    {
        vector.Verifier.Recognises(vector.Evidence.Span).Should().BeTrue(vector.Name);
        var result = EvidenceAppraiser.Authenticate(
            new PresentedEvidence(vector.Verifier.Tee, vector.Evidence, vector.Endorsements),
            CleanRoom.Attestation.Expected.Learned<Bytes>("a vector has no question"),
            vector.At,
            [vector.Verifier]);

        result.Failures.Select(failure => failure.Check).Distinct().Should().BeEquivalentTo(vector.FailedChecks, vector.Name);
        (result.Verdict == AttestationVerdict.Contraindicated).Should().Be(!vector.FailedChecks.IsEmpty, vector.Name);
        foreach (var (name, value) in vector.Claims)
        {
            var got = name switch
            {
                "reportData" => result.Claims!.ReportData,
                "chipId" => result.Claims!.ChipId,
                _ => result.Claims!.Values.GetValueOrDefault(name),
            };
            got.Should().Be(value, $"{name} of {vector.Name}");
        }
    }
}
