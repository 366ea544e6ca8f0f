using System.Globalization;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.Tests.Support;

/// <summary>Judges a vector the way <c>attest verify</c> does without a contract.</summary>
internal static class VectorCheck
{
    public static void ShouldAgree(VectorCase vector)
    {
        vector.Verifier.Recognises(vector.Evidence.Span).Should().BeTrue(vector.Name);
        var result = EvidenceAppraiser.Authenticate(
            new PresentedEvidence(vector.Verifier.Tee, vector.Evidence, vector.Endorsements), Expected.Learned<Bytes>("a vector"), vector.At, [vector.Verifier]);

        result.Failures.Select(failure => failure.Check).Should().BeEquivalentTo(vector.FailedChecks, vector.Name);
        foreach (var (name, value) in vector.Claims)
        {
            var got = name == "reportData" ? result.Claims!.ReportData
                : result.Claims!.Tcb.TryGetValue(name, out var part) ? part.ToString(CultureInfo.InvariantCulture)
                : result.Claims.Values.GetValueOrDefault(name);
            got.Should().Be(value, $"{name} of {vector.Name}");
        }
    }
}
