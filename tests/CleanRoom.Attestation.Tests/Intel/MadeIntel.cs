using System.Collections.Immutable;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.Tests.Intel;

/// <summary>Judges made-up evidence without a contract.</summary>
internal static class MadeIntel
{
    /// <summary>Judges.</summary>
    public static AttestationResult Judge(IEvidenceVerifier verifier, Bytes evidence, ImmutableArray<Bytes> endorsements) => EvidenceAppraiser.Authenticate(
        new PresentedEvidence(verifier.Tee, evidence, endorsements), Expected.Learned<Bytes>("made for the test"), MadePlatform.At, [verifier]);

    /// <summary>Returns the names of the checks that failed, each once, sorted.</summary>
    public static IEnumerable<string> Checks(this AttestationResult result) =>
        result.Failures.Select(failure => failure.Check).Distinct().Order(StringComparer.Ordinal);
}
