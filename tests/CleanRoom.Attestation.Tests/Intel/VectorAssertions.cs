using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Attestation.Tests.Support;
using CleanRoom.Protocol;
using FluentAssertions.Execution;

namespace CleanRoom.Attestation.Tests.Intel;

/// <summary>Judges vectors and compares the verdicts, the failed checks and the claims.</summary>
internal static class VectorAssertions
{
    /// <summary>Judges without a contract, as a person does who looks at evidence.</summary>
    public static AttestationResult Judge(VectorCase vector) => EvidenceAppraiser.Authenticate(
        new PresentedEvidence(vector.Verifier.Tee, vector.Evidence, vector.Endorsements),
        Expected.Learned<Bytes>("the vectors' makers chose it"),
        vector.At,
        [vector.Verifier]);

    /// <summary>Asserts that every vector is judged as expected.</summary>
    public static void AllAgree(IEnumerable<VectorCase> vectors)
    {
        using var scope = new AssertionScope();
        foreach (var vector in vectors)
        {
            var result = Judge(vector);
            result.Failures.Select(failure => failure.Check).Distinct().Order(StringComparer.Ordinal)
                .Should().Equal(vector.FailedChecks.Order(StringComparer.Ordinal), $"{vector.Name} ({vector.Expected}): {string.Join("; ", result.Failures)}");
            (result.Claims is null && !vector.Claims.IsEmpty).Should().BeFalse($"{vector.Name} has claims");
            foreach (var (claim, wanted) in vector.Claims.Where(_ => result.Claims is not null))
            {
                Claim(result, claim).Should().Be(wanted, $"{claim} of {vector.Name}");
            }
        }
    }

    private static string? Claim(AttestationResult result, string claim) =>
        claim == "reportData" ? result.Claims?.ReportData
        : result.Claims?.Values.GetValueOrDefault(claim)
            ?? (result.Claims?.Tcb.TryGetValue(claim, out var number) == true ? $"{number}" : null);
}
