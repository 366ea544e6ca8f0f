using CleanRoom.Attestation.Nodes;
using CleanRoom.Client.Rooms;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Dsse;
using CleanRoom.Protocol.Endorsements;

namespace CleanRoom.Client.Ledger;

/// <summary>A certificate that holds against a ledger: a node that the contract accepts has erased what it names, after the last row.</summary>
/// <param name="Certificate">What it says.</param>
/// <param name="Node">The node, appraised as of the time that it names.</param>
/// <param name="IsNamed">The ledger has an admission of this very start of the node, by its key.</param>
public sealed record VerifiedDestruction(DestructionCertificate Certificate, AppraisedNode Node, bool IsNamed);

/// <summary>Checks certificates of destruction against a member's own copy of the ledger.</summary>
/// <remarks>No network. Spec: contracts/spec/0024 s.4.</remarks>
public static class DestructionCheck
{
    /// <summary>Checks one certificate.</summary>
    /// <param name="certificate">Trust: whoever handed it over.</param>
    /// <param name="ledger">All rows up to the termination.</param>
    /// <param name="services">The client's parts.</param>
    /// <returns>
    /// What holds; or <see cref="RefusalCode.DocumentInvalid"/> for a ledger that has not ended or a certificate of another collaboration; or
    /// <see cref="RefusalCode.CheckpointInconsistent"/> and its kin for a checkpoint that is not the ledger's last; or every failed check of the evidence.
    /// </returns>
    public static Result<VerifiedDestruction> Check(DestructionCertificate certificate, LedgerMirror ledger, ClientServices services)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        ArgumentNullException.ThrowIfNull(ledger);
        ArgumentNullException.ThrowIfNull(services);
        var state = ledger.State;
        if (!state.IsTerminated || ledger.Contract is not { } contract)
        {
            return new Refusal(RefusalCode.DocumentInvalid, "a ledger that ends with the termination", $"{state.Log.Size} rows without it");
        }

        var destruction = certificate.Destruction;
        if (destruction.Collaboration != ledger.Collaboration)
        {
            return new Refusal(RefusalCode.DocumentInvalid, $"a certificate for {ledger.Collaboration}", "one for another collaboration");
        }

        var binding = certificate.Attestation.Binding;
        if (!LedgerMirror.VerifyNote(state, ledger.Collaboration, binding.Checkpoint, services.Fold).TryGet(out var last, out var refusals))
        {
            return refusals;
        }

        if (LedgerMirror.WhyOther(state, last) is { } other)
        {
            return other;
        }

        var expected = ExpectedBinding.Destruction(
            DestructionCertificate.NonceOf(destruction), ledger.Collaboration, state.Genesis!.SealingKey, state.Genesis.CheckpointKey, contract.Digest);
        return CodeAppraisal.Appraise(
                contract.Contract,
                state.EndorsementsOf(contract.Digest),
                destruction.Time,
                code => NodeAppraisal.Appraise(certificate.Attestation, expected, code, destruction.Time, services.Verifiers))
            .Then<VerifiedDestruction>(appraised => new VerifiedDestruction(certificate, appraised.Node, state.Nodes.ContainsKey(KeyId.Of(binding.SigningKey.Span))));
    }
}
