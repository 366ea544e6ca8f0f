using CleanRoom.Protocol.Documents;

namespace CleanRoom.Protocol.Endorsements;

/// <summary>The code that may open the data at one moment. What a node's evidence is appraised against; only <see cref="CodeAppraisal"/> makes it.</summary>
public sealed class AcceptedCode
{
    private AcceptedCode(AttestationPolicy policy, bool allowInsecure) => (Policy, AllowInsecure) = (policy, allowInsecure);

    /// <summary>Gets the tuples of which one must hold whole.</summary>
    public AttestationPolicy Policy { get; }

    /// <summary>Gets the contract's word on simulated and debuggable machines.</summary>
    public bool AllowInsecure { get; }

    /// <summary>The code that the contract itself names.</summary>
    internal static AcceptedCode Of(Contract contract) => new(contract.Attestation, contract.AllowInsecure);

    /// <summary>The code of one endorsement, by itself.</summary>
    internal static AcceptedCode Of(Contract contract, VerifiedEndorsement endorsement) =>
        new(contract.Attestation with { Accepted = [endorsement.Endorsement.Tuple] }, contract.AllowInsecure);

    /// <summary>The code that the contract names, and after it that of endorsements.</summary>
    internal static AcceptedCode Of(Contract contract, IEnumerable<VerifiedEndorsement> endorsements) => new(
        contract.Attestation with { Accepted = [.. contract.Attestation.Accepted, .. endorsements.Select(one => one.Endorsement.Tuple)] }, contract.AllowInsecure);
}
