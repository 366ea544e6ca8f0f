using CleanRoom.Protocol.Api;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Dsse;
using CleanRoom.Protocol.Ledger;

namespace CleanRoom.Protocol.Recoveries;

/// <summary>What a member brings to a node that cannot read the ledger, verified: the log's own key has signed that this set of shares is in it.</summary>
/// <param name="Genesis">Row 0; the collaboration's id commits to its keys.</param>
/// <param name="Contract">The contract that the shares were made under: the fold took the row only while it was in force, so all have signed it.</param>
/// <param name="Shares">The set.</param>
/// <param name="Sequence">The row of the set.</param>
public sealed record VerifiedKit(Genesis Genesis, Contract Contract, RecoveryShareSet Shares, long Sequence)
{
    /// <summary>Returns a collaborator's share; null when the set has none.</summary>
    public CollaboratorShare? ShareOf(string collaborator) => Shares.Shares.FirstOrDefault(share => share.Collaborator == collaborator);
}

/// <summary>Verifies <see cref="RecoveryKit"/>s. Pure. Spec: contracts/spec/0026 s.5.</summary>
public static class RecoveryKits
{
    /// <summary>Verifies a kit.</summary>
    /// <param name="collaboration">The id that row 0 must lead to.</param>
    /// <param name="kit">Trust: attacker-controlled.</param>
    /// <param name="verifier">Checks the checkpoint's signature.</param>
    /// <returns>The verified kit; or <see cref="RefusalCode.RowInvalid"/> for another collaboration's row 0, the refusals of a note that the collaboration's
    /// key did not sign, <see cref="RefusalCode.ProofInvalid"/> for a row that is not in the log, <see cref="RefusalCode.ContractConflict"/> for another contract.</returns>
    public static Result<VerifiedKit> Verify(string collaboration, RecoveryKit kit, ISignatureVerifier verifier)
    {
        ArgumentNullException.ThrowIfNull(kit);
        if (!Genesis(collaboration, kit.Genesis.Span).TryGet(out var genesis, out var refusals)
            || !CheckpointNote.Verify(kit.Checkpoint, collaboration, genesis.CheckpointKey.Span, verifier).TryGet(out var checkpoint, out refusals)
            || !RowCodec.Parse(kit.Shares.Span).TryGet(out var row, out refusals)
            || !DocumentCodec.Parse<RecoveryShareSet>(row.Envelope.Payload.Span).TryGet(out var shares, out refusals)
            || !DocumentCodec.Parse<Contract>(kit.Contract.Span).TryGet(out var contract, out refusals))
        {
            return refusals;
        }

        if (!MerkleTree.VerifyInclusion(row.Leaf, row.Sequence, checkpoint.Size, kit.Proof, checkpoint.Root))
        {
            return new Refusal(RefusalCode.ProofInvalid, $"recovery shares in the log of {checkpoint.Size} rows with root {checkpoint.Root.Abbreviated}", $"a row {row.Sequence} that is not in it");
        }

        return Digest.Of(kit.Contract.Span) == shares.ContractDigest
            ? new VerifiedKit(genesis, contract, shares, row.Sequence)
            : new Refusal(RefusalCode.ContractConflict, $"contract {shares.ContractDigest.Abbreviated}, which the shares were made under", Digest.Of(kit.Contract.Span).Abbreviated);
    }

    private static Result<Genesis> Genesis(string collaboration, ReadOnlySpan<byte> row0)
    {
        if (!RowCodec.Parse(row0).TryGet(out var row, out var refusals)
            || !DocumentCodec.Parse<Genesis>(row.Envelope.Payload.Span).TryGet(out var genesis, out refusals))
        {
            return refusals;
        }

        return CollaborationId.WhyNone(genesis) is { } nameless ? nameless
            : genesis.Collaboration == collaboration ? genesis
            : new Refusal(RefusalCode.RowInvalid, $"row 0 of collaboration {collaboration}", $"that of {genesis.Collaboration}");
    }
}
