using System.Collections.Frozen;
using System.Collections.Immutable;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Attestation.Peers;

/// <summary>Which nodes this node speaks with: those that run the same code as itself, on machines that are at least as good.</summary>
/// <remarks>
/// Made from the node's own evidence and from nothing else. A file or a table that named other code would be the operator's word, and the operator is who
/// must not be able to put a machine of his own among those that hold data. Spec: contracts/spec/0020 s.4.
/// </remarks>
public sealed class FleetPolicy
{
    private static readonly FrozenDictionary<string, ImmutableArray<string>> s_code = new Dictionary<string, ImmutableArray<string>>(StringComparer.Ordinal)
    {
        [TeeNames.Simulated] = ["hostData"],
        [TeeNames.AmdSevSnp] = ["hostData", "familyId", "imageId", "idKeyDigest", "authorKeyDigest", "policy", "vmpl", "signingKey"],
        [TeeNames.IntelTdx] = ["rtmr0", "rtmr1", "rtmr2", "rtmr3", "mrConfigId", "mrOwner", "mrOwnerConfig", "tdAttributes", "xfam", "mrSeam", "mrSignerSeam", "seamAttributes"],
        [TeeNames.ArmCca] = ["rem0", "rem1", "rem2", "rem3", "personalizationValue", "implementationId", "platformConfig"],
        [TeeNames.AwsNitro] = ["pcr1", "pcr2", "pcr8"],
        [TeeNames.AzureVtpm] = ["launchMeasurement", "hardware"],
        [TeeNames.ConfidentialSpace] = ["args", "env", "restartPolicy", "hwModel"],
        [TeeNames.Tpm] = [],
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private FleetPolicy(AttestationPolicy policy, bool allowInsecure) => (Policy, AllowInsecure) = (policy, allowInsecure);

    /// <summary>Gets the one tuple of reference values: this node's own.</summary>
    public AttestationPolicy Policy { get; }

    /// <summary>Gets a value that says whether this node is itself simulated or debuggable, so that it has nothing to protect from its like.</summary>
    public bool AllowInsecure { get; }

    /// <summary>Makes the policy from a node's own evidence, which is verified like a stranger's.</summary>
    /// <returns>
    /// The policy, or what is wrong with the evidence: a node whose own evidence cannot be verified here, for want of an endorsement say, could judge nobody
    /// else's either. <see cref="RefusalCode.EvidenceNotAccepted"/> for a kind of evidence of which it is not known here which claims stand for the code.
    /// </returns>
    public static Result<FleetPolicy> Of(NodeAttestation own, Timestamp at, IReadOnlyList<IEvidenceVerifier> verifiers)
    {
        ArgumentNullException.ThrowIfNull(own);
        ArgumentNullException.ThrowIfNull(verifiers);
        var reportData = new Bytes(AttestationBinding.ReportData(own.Binding));
        var verification = Verification.Of(PresentedEvidence.Of(own), Expected.Exactly(reportData), at, verifiers);
        if (verification.Failures.Count > 0 || verification.Verified is not { Claims: var claims })
        {
            return verification.Failures.Select(failure => failure.ToRefusal()).ToImmutableArray();
        }

        return s_code.TryGetValue(own.Tee, out var code)
            ? new FleetPolicy(
                new AttestationPolicy { Accepted = [Own(own.Tee, claims, code)], CodeEndorsers = [] },
                own.Tee == TeeNames.Simulated || claims.Debug)
            : new Refusal(RefusalCode.EvidenceNotAccepted, $"a node with evidence of {string.Join(", ", s_code.Keys.Order(StringComparer.Ordinal))}", own.Tee);
    }

    private static ReferenceTuple Own(string tee, EvidenceClaims claims, ImmutableArray<string> code) => new()
    {
        Tee = tee,

        // Guarded claims too: where this node is safe its peers have to be, and where it is not, a contract has to say so of all of them.
        Values = code.Prepend(EvidenceClaims.Measurement).Concat(claims.Guarded.Select(guarded => guarded.Claim)).Distinct(StringComparer.Ordinal)
            .Where(claims.Values.ContainsKey)
            .ToImmutableSortedDictionary(claim => claim, claim => claims.Values[claim], StringComparer.Ordinal),
        MinimumTcb = claims.Tcb,
        ChipIds = ["any"],
        Anchors = claims.Anchor is { } anchor ? [anchor] : [],
        Debug = claims.Debug,
    };
}
