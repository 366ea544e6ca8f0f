using System.Collections.Frozen;
using System.Collections.Immutable;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Endorsements;

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

    /// <summary>Gets the one tuple of reference values: this node's own, or the one of <see cref="OtherBuild"/>.</summary>
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

    /// <summary>Makes the policy for the nodes of another build, to which rooms move: the code that is named, and this node's own word on everything else.</summary>
    /// <param name="named">Trust: host-controlled. Of it the claims that name code are taken, and whatever makes the policy narrower.</param>
    /// <returns>
    /// The policy; or <see cref="RefusalCode.NotPermitted"/> for another TEE, debug, no measurement, a claim about the machine that differs from this node's,
    /// and for this node's own code: of that, nodes are members of one cluster.
    /// </returns>
    /// <remarks>Whom it lets in gets no key by it, and is sent nothing that a stranger could not be sent. Spec: contracts/spec/0020 s.6.</remarks>
    public Result<FleetPolicy> OtherBuild(ReferenceTuple named)
    {
        ArgumentNullException.ThrowIfNull(named);
        var own = Policy.Accepted[0];
        var refusals = WhyNotOther(own, named).ToImmutableArray();
        return refusals.IsEmpty
            ? new FleetPolicy(
                Policy with
                {
                    Accepted =
                    [
                        own with
                        {
                            Values = own.Values.SetItems(named.Values),
                            MinimumTcb = own.MinimumTcb.SetItems(named.MinimumTcb.Where(floor => floor.Value > own.MinimumTcb.GetValueOrDefault(floor.Key))),
                            ChipIds = named.ChipIds,
                        },
                    ],
                },
                AllowInsecure)
            : refusals;
    }

    private static IEnumerable<Refusal> WhyNotOther(ReferenceTuple own, ReferenceTuple named)
    {
        if (named.Tee != own.Tee)
        {
            yield return new(RefusalCode.NotPermitted, $"another build on the tee of this node, {own.Tee}", named.Tee);
        }

        if (named.Debug && !own.Debug)
        {
            yield return new(RefusalCode.NotPermitted, "another build without debug", "one with it");
        }

        if (!named.Values.TryGetValue(EvidenceClaims.Measurement, out var measurement))
        {
            yield return new(RefusalCode.NotPermitted, $"the other build's {EvidenceClaims.Measurement}", "none");
        }
        else if (named.Values.Where(claim => EndorsementRules.NamesCode(claim.Key)).All(claim => own.Values.GetValueOrDefault(claim.Key) == claim.Value))
        {
            yield return new(RefusalCode.NotPermitted, "another build than this node's", measurement);
        }

        foreach (var (claim, value) in named.Values.Where(claim => !EndorsementRules.NamesCode(claim.Key)))
        {
            if (own.Values.TryGetValue(claim, out var mine) && mine != value)
            {
                yield return new(RefusalCode.NotPermitted, $"{claim} {mine}, as of this node: another build is no other machine", value);
            }
        }
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
