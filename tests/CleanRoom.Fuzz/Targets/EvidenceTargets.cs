using System.Collections.Immutable;
using CleanRoom.Attestation.Insecure;
using CleanRoom.Attestation.Tests;
using CleanRoom.Attestation.Tests.Support;

namespace CleanRoom.Fuzz.Targets;

/// <summary>Every kind of evidence: seeds with the verifier, the endorsements and the moment that belong to them.</summary>
/// <remarks>The seeds are made under the test PKI, and genuine ones where shared/vectors is beside the repository; a new family's come in by themselves.</remarks>
internal static class EvidenceTargets
{
    private const int MaxSeedBytes = 128 * 1024;

    /// <summary>Returns a target for each tee.</summary>
    public static IEnumerable<FuzzTarget> All() => Cases()
        .Where(one => one.Evidence.Length is > 0 and <= MaxSeedBytes && one.Verifier.Parse(one.Evidence.Span, one.Endorsements).TryGet(out _, out _))
        .GroupBy(one => one.Verifier.Tee, StringComparer.Ordinal)
        .OrderBy(family => family.Key, StringComparer.Ordinal)
        .Select(Target);

    private static IEnumerable<VectorCase> Cases() =>
        MadeEvidence.All().Append(Simulated()).Concat(SharedVectors.Folder is null ? [] : ResultsTests.Cases());

    private static FuzzTarget Target(IGrouping<string, VectorCase> family)
    {
        // What genuine evidence says is all that anybody signed.
        var signed = family.Where(one => one.IsGenuine || one.FailedChecks.IsEmpty)
            .Select(one => one.Verifier.Parse(one.Evidence.Span, one.Endorsements).TryGet(out var parsed, out _) ? EvidenceJudge.Statement(parsed.StatedClaims) : null)
            .OfType<string>()
            .ToImmutableHashSet(StringComparer.Ordinal);
        return new FuzzTarget(family.Key, [.. family.Select(one => new FuzzSeed(
            one.Name,
            [one.Evidence.ToArray(), .. one.Endorsements.Select(endorsement => endorsement.ToArray())],
            new EvidenceJudge(one, signed).Judge))],
            IsEvidence: true);
    }

    private static VectorCase Simulated()
    {
        var vector = AttestationVectors.Simulated.GetProperty("cases")[0];
        return new VectorCase
        {
            Family = "simulated",
            Name = "contracts/vectors/attestation/simulated.json",
            IsGenuine = false,
            Verifier = new InsecureSimulatedVerifier(),
            Evidence = AttestationVectors.Base64(vector, "evidence"),
            At = MadeEvidence.At,
            Expected = "accept",
        };
    }
}
