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

    /// <summary>Returns four measures of each kind: genuine evidence that is accepted where the vectors are beside the repository, else made evidence.</summary>
    public static IEnumerable<Measure> All() => MadeEvidence.All()
        .Concat(SharedVectors.Folder is null ? [] : ResultsTests.Cases().Where(one => one.IsGenuine && one.FailedChecks.IsEmpty))
        .GroupBy(one => one.Verifier.Tee, StringComparer.Ordinal)
        .OrderBy(family => family.Key, StringComparer.Ordinal)
        .SelectMany(family => Of(family.OrderByDescending(one => one.IsGenuine).First()));

    private static IEnumerable<Measure> Of(VectorCase sample)
    {
        var learned = Expected.Learned<Bytes>("the time is measured");
        var name = sample.Verifier.Tee + (sample.IsGenuine ? string.Empty : " (made)");
        Outcome.Require(sample.Verifier.Parse(sample.Evidence.Span, sample.Endorsements).TryGet(out var parsed, out _), name);
        Outcome.Require(sample.Verifier.Verify(parsed!, sample.At).TryGet(out var verified, out _), name);
        var (claims, tuple) = (verified!.Claims, Tuple(sample.Verifier.Tee, verified.Claims));
        yield return new Measure($"attest-verify/{name}", s_goal, () =>
        {
            _ = PresentedEvidence.Detect(sample.Evidence, sample.Endorsements, EvidenceVerifiers.All);
            var result = EvidenceAppraiser.Authenticate(
                new PresentedEvidence(sample.Verifier.Tee, sample.Evidence, sample.Endorsements), learned, sample.At, [sample.Verifier]);
            Outcome.Require(result.ToJson().Members.Length > 0 && result.Verdict != AttestationVerdict.Contraindicated, name);
        });
        yield return new Measure($"parse/{name}", Goal: null, () =>
            Outcome.Require(sample.Verifier.Parse(sample.Evidence.Span, sample.Endorsements).TryGet(out _, out _), name));
        yield return new Measure($"verify/{name}", Goal: null, () => Outcome.Require(sample.Verifier.Verify(parsed!, sample.At).TryGet(out _, out _), name));
        yield return new Measure($"appraise/{name}", Goal: null, () =>
            Outcome.Require(ReferenceTupleCheck.Failures(tuple, "the tuple", claims, allowInsecure: false).IsEmpty, name));
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
