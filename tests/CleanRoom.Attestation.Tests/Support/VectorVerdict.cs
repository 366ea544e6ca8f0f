using System.Globalization;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.Tests.Support;

/// <summary>Compares what a verifier says of a vector with what the collection says.</summary>
internal static class VectorVerdict
{
    /// <summary>Asserts that the vector is recognised and agrees.</summary>
    public static void Check(VectorCase vector)
    {
        vector.Verifier.Recognises(vector.Evidence.Span).Should().BeTrue(vector.Name);
        Disagreements(vector).Should().BeEmpty();
    }

    /// <summary>Judges a vector the way <c>attest verify</c> does without a contract.</summary>
    public static AttestationResult Judge(VectorCase one) => EvidenceAppraiser.Authenticate(
        new PresentedEvidence(one.Verifier.Tee, one.Evidence, one.Endorsements),
        CleanRoom.Attestation.Expected.Learned<Bytes>("the collection says what the evidence commits to; the claims are compared with it"),
        one.At,
        [one.Verifier]);

    /// <summary>Returns where verdict or claims are not as the collection says: exactly the named checks fail, and every claim is found.</summary>
    public static IEnumerable<string> Disagreements(VectorCase one)
    {
        var result = Judge(one);
        var failed = result.Failures.Select(failure => failure.Check).Distinct().Order(StringComparer.Ordinal).ToList();
        if (!failed.SequenceEqual(one.FailedChecks.Distinct().Order(StringComparer.Ordinal)))
        {
            yield return $"{one.Name}: wanted failed checks [{string.Join(", ", one.FailedChecks)}]; got [{string.Join(", ", result.Failures)}]";
        }

        foreach (var (claim, wanted) in one.Claims)
        {
            var got = Claim(result.Claims, claim);
            if (got != wanted)
            {
                yield return $"{one.Name}: wanted {claim} {wanted}; got {got}";
            }
        }
    }

    private static string Claim(EvidenceClaims? claims, string name) => (claims, name) switch
    {
        (null, _) => "nothing readable",
        (_, "reportData") => claims.ReportData,
        (_, "chipId") => claims.ChipId ?? "none",
        (_, "debug") => claims.Debug ? "true" : "false",
        _ when claims.Values.TryGetValue(name, out var value) => value,
        _ when claims.Tcb.TryGetValue(name, out var version) => version.ToString(CultureInfo.InvariantCulture),
        _ => "none",
    };
}
