using System.Collections.Immutable;
using CleanRoom.Attestation;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Attestation.Tests;
using CleanRoom.Attestation.Tests.Support;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Benchmarks.Measures;

/// <summary>What <c>attest verify</c> does in a process that has started, for one piece of evidence of each kind, and its three steps apart.</summary>
internal static class AttestationMeasures
{
    /// <summary>The quickstart promises a verdict within half a second.</summary>
    private static readonly TimeSpan s_goal = TimeSpan.FromMilliseconds(500);

    private static readonly Expected<Bytes> s_learned = Expected.Learned<Bytes>("the time is measured");

    /// <summary>Returns four measures of each kind, of genuine evidence that is accepted where the vectors are beside the repository, else of made evidence; and one of each vector.</summary>
    public static IEnumerable<Measure> All() => Kinds().Concat(SharedVectors.Folder is null ? [] : ResultsTests.Cases().Select(Vector));

    private static IEnumerable<Measure> Kinds() => MadeEvidence.All()
        .Concat(SharedVectors.Folder is null ? [] : ResultsTests.Cases().Where(one => one.IsGenuine && one.FailedChecks.IsEmpty))
        .GroupBy(one => one.Verifier.Tee, StringComparer.Ordinal)
        .OrderBy(family => family.Key, StringComparer.Ordinal)
        .SelectMany(family => Of(family.OrderByDescending(one => one.IsGenuine).First()));

    private static IEnumerable<Measure> Of(VectorCase sample)
    {
        var name = sample.Verifier.Tee + (sample.IsGenuine ? string.Empty : " (made)");
        var verdict = Judge(sample).Verdict;
        yield return new Measure($"attest-verify/{name}", s_goal, () => Outcome.Require(Judge(sample).Verdict == verdict, name));
        if (!sample.Verifier.Parse(sample.Evidence.Span, sample.Endorsements).TryGet(out var parsed, out _)
            || !sample.Verifier.Verify(parsed, sample.At).TryGet(out var verified, out _))
        {
            // Steps that refuse end early: their time says nothing.
            yield break;
        }

        var (claims, tuple) = (verified.Claims, Tuple(sample.Verifier.Tee, verified.Claims));
        yield return new Measure($"parse/{name}", Goal: null, () =>
            Outcome.Require(sample.Verifier.Parse(sample.Evidence.Span, sample.Endorsements).TryGet(out _, out _), name));
        yield return new Measure($"verify/{name}", Goal: null, () => Outcome.Require(sample.Verifier.Verify(parsed, sample.At).TryGet(out _, out _), name));
        yield return new Measure($"appraise/{name}", Goal: null, () =>
            Outcome.Require(ReferenceTupleCheck.Failures(tuple, "the tuple", claims, allowInsecure: false).IsEmpty, name));
    }

    /// <summary>A vector, accepted or not: the goal is for every sample.</summary>
    private static Measure Vector(VectorCase sample) => new(
        $"attest-sample/{sample.Name}",
        s_goal,
        () => Outcome.Require(Judge(sample).Failures.Select(failure => failure.Check).ToHashSet(StringComparer.Ordinal).SetEquals(sample.FailedChecks), sample.Name));

    /// <summary>Finds out what it is, judges it and writes the result.</summary>
    private static AttestationResult Judge(VectorCase sample)
    {
        _ = PresentedEvidence.Detect(sample.Evidence, sample.Endorsements, EvidenceVerifiers.All);
        var result = EvidenceAppraiser.Authenticate(
            new PresentedEvidence(sample.Verifier.Tee, sample.Evidence, sample.Endorsements), s_learned, sample.At, [sample.Verifier]);
        Outcome.Require(result.ToJson().Members.Length > 0, sample.Name);
        return result;
    }

    /// <summary>A tuple that names everything that the evidence says.</summary>
    private static ReferenceTuple Tuple(string tee, EvidenceClaims claims) => new()
    {
        Tee = tee,
        Values = claims.Values.ContainsKey(EvidenceClaims.Measurement) ? claims.Values : claims.Values.Add(EvidenceClaims.Measurement, "none"),
        MinimumTcb = claims.Tcb,
        ChipIds = ["any"],
        Anchors = claims.Anchor is { } anchor ? [anchor] : ImmutableArray<Digest>.Empty,
        Debug = false,
    };
}
