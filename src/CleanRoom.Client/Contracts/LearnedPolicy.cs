using System.Collections.Immutable;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Client.Contracts;

/// <summary>Makes the policy that accepts exactly the machine and code that evidence shows, for a person to compare and to put into a contract.</summary>
public static class LearnedPolicy
{
    /// <summary>Describes what an appraisal found.</summary>
    /// <param name="result">An appraisal without a contract. Trust: none in what it shows; whoever signs the contract compares the measurement.</param>
    /// <returns>
    /// A policy of one tuple; or the checks that failed, or <see cref="RefusalCode.EvidenceInvalid"/> when nothing could be read. That the TEE is
    /// the simulated one does not refuse: that is for a contract to allow, here it is only described.
    /// </returns>
    public static Result<AttestationPolicy> Of(AttestationResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        var failures = result.Failures.Where(failure => failure.Code != RefusalCode.InsecureNotAllowed)
            .Select(failure => failure.ToRefusal())
            .ToImmutableArray();
        if (!failures.IsEmpty)
        {
            return failures;
        }

        return result.Claims is { } claims
            ? new AttestationPolicy { Accepted = [TupleOf(result.Tee, claims)], CodeEndorsers = [] }
            : new Refusal(RefusalCode.EvidenceInvalid, "evidence that can be read", "other bytes");
    }

    private static ReferenceTuple TupleOf(string tee, EvidenceClaims claims) => new()
    {
        Tee = tee,
        Values = ImmutableSortedDictionary<string, string>.Empty.Add(EvidenceClaims.Measurement, claims.Values[EvidenceClaims.Measurement]),
        MinimumTcb = claims.Tcb,
        ChipIds = ["any"],
        Anchors = claims.Anchor is { } anchor ? [anchor] : [],
        Debug = false,
    };
}
