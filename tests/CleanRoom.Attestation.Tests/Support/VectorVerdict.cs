using System.Globalization;
using System.Runtime.CompilerServices;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.Tests.Support;

/// <summary>Compares what a verifier says of a vector with what the collection says.</summary>
internal static class VectorVerdict
{
    private static readonly ConditionalWeakTable<VectorCase, AttestationResult> s_judged = [];

    /// <summary>Asserts that the vector is recognised and agrees.</summary>
    public static void Check(VectorCase vector)
    {
        vector.Verifier.Recognises(vector.Evidence.Span).Should().BeTrue(vector.Name);
        Disagreements(vector).Should().BeEmpty();
    }

    /// <summary>Judges a vector the way <c>attest verify</c> does without a contract; once, since a verdict depends on nothing else.</summary>
    public static AttestationResult Judge(VectorCase one) => s_judged.GetValue(one, vector => EvidenceAppraiser.Authenticate(
        new PresentedEvidence(vector.Verifier.Tee, vector.Evidence, vector.Endorsements),
        CleanRoom.Attestation.Expected.Learned<Bytes>("the collection says what the evidence commits to; the claims are compared with it"),
        vector.At,
        [vector.Verifier]));

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
