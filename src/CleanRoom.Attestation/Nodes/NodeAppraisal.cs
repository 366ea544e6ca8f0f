using System.Collections.Immutable;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Endorsements;

namespace CleanRoom.Attestation.Nodes;

/// <summary>Decides whether a node may be trusted with what a contract covers. Command line, portal, fold and peer nodes all call this.</summary>
/// <remarks>Pure: no network, no clock, no state. Spec: contracts/spec/0006 s.5.</remarks>
public static class NodeAppraisal
{
    /// <summary>Appraises against what a contract accepts, or refuses for every check that failed.</summary>
    /// <inheritdoc cref="Appraise(NodeAttestation, ExpectedBinding, AttestationPolicy, bool, Timestamp, IReadOnlyList{IEvidenceVerifier})"/>
    public static Result<AppraisedNode> Appraise(
        NodeAttestation attestation, ExpectedBinding expected, AcceptedCode code, Timestamp at, IReadOnlyList<IEvidenceVerifier> verifiers)
    {
        ArgumentNullException.ThrowIfNull(code);
        return Appraise(attestation, expected, code.Policy, code.AllowInsecure, at, verifiers);
    }

    /// <summary>Appraises against what a contract accepts and returns the whole attestation result, for people who want to see why.</summary>
    /// <inheritdoc cref="Examine(NodeAttestation, ExpectedBinding, AttestationPolicy, bool, Timestamp, IReadOnlyList{IEvidenceVerifier})"/>
    public static AttestationResult Examine(
        NodeAttestation attestation, ExpectedBinding expected, AcceptedCode code, Timestamp at, IReadOnlyList<IEvidenceVerifier> verifiers)
    {
        ArgumentNullException.ThrowIfNull(code);
        return Examine(attestation, expected, code.Policy, code.AllowInsecure, at, verifiers);
    }

    /// <summary>Appraises, or refuses for every check that failed.</summary>
    /// <returns>The node, or <see cref="RefusalCode.BindingMismatch"/>, <see cref="RefusalCode.EvidenceInvalid"/>,
    /// <see cref="RefusalCode.EvidenceNotAccepted"/>, <see cref="RefusalCode.EndorsementMissing"/>,
    /// <see cref="RefusalCode.InsecureNotAllowed"/> (all that apply).</returns>
    public static Result<AppraisedNode> Appraise(
        NodeAttestation attestation,
        ExpectedBinding expected,
        AttestationPolicy policy,
        bool allowInsecure,
        Timestamp at,
        IReadOnlyList<IEvidenceVerifier> verifiers)
    {
        var result = Examine(attestation, expected, policy, allowInsecure, at, verifiers);
        return result.Failures.IsEmpty && result.Claims is { } claims
            ? new AppraisedNode(attestation, result, claims.Values[EvidenceClaims.Measurement])
            : result.Failures.Select(failure => failure.ToRefusal()).ToImmutableArray();
    }

    /// <summary>Appraises and returns the whole attestation result, for people who want to see why.</summary>
    /// <remarks>The report data is recomputed from the binding; the evidence's own is only compared with it.</remarks>
    public static AttestationResult Examine(
        NodeAttestation attestation,
        ExpectedBinding expected,
        AttestationPolicy policy,
        bool allowInsecure,
        Timestamp at,
        IReadOnlyList<IEvidenceVerifier> verifiers)
    {
        ArgumentNullException.ThrowIfNull(attestation);
        var binding = BindingCheck.Failures(attestation.Binding, expected);
        var evidence = EvidenceAppraiser.Appraise(
            attestation, AttestationBinding.ReportData(attestation.Binding), policy, allowInsecure, at, verifiers);
        return evidence.With(binding);
    }
}
