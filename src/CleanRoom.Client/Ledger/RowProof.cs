using System.Collections.Immutable;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Ledger;

namespace CleanRoom.Client.Ledger;

/// <summary>Shows that a row stands in the tree of a signed checkpoint. Spec: contracts/spec/0005 s.4; RFC 9162 s.2.1.3.</summary>
/// <param name="Sequence">The row.</param>
/// <param name="Leaf">The hash of the row's bytes.</param>
/// <param name="Path">The hashes from the leaf's neighbour up.</param>
/// <param name="Size">The rows of the checkpoint.</param>
/// <param name="Root">Its root.</param>
public sealed record RowProof(long Sequence, Digest Leaf, ImmutableArray<Digest> Path, long Size, Digest Root)
{
    /// <summary>Makes the proof of a row and verifies it: the leaf from the row's bytes, the root from the signed note, neither from the other.</summary>
    /// <param name="mirror">The verified ledger.</param>
    /// <param name="sequence">The row's number.</param>
    /// <returns>The proof, which holds; or <see cref="RefusalCode.RowInvalid"/> for a row that is not there; or <see cref="RefusalCode.ProofInvalid"/>.</returns>
    public static Result<RowProof> Of(LedgerMirror mirror, long sequence)
    {
        ArgumentNullException.ThrowIfNull(mirror);
        if (sequence < 0 || sequence >= mirror.Rows.Count)
        {
            return new Refusal(RefusalCode.RowInvalid, $"a row from 0 to {mirror.Rows.Count - 1}", $"{sequence}");
        }

        var leaf = MerkleTree.LeafHash(RowCodec.Encode(mirror.Rows[(int)sequence]));
        return SignedNote.Parse(mirror.Note).Then(note => Checkpoint.Parse(note.Text)).Then(checkpoint =>
        {
            var path = MerkleTree.InclusionProof(mirror.State.Log.Leaves, sequence, checkpoint.Size);
            return Verified(new RowProof(sequence, leaf, path, checkpoint.Size, checkpoint.Root));
        });
    }

    /// <summary>Returns a proof that holds, or <see cref="RefusalCode.ProofInvalid"/>.</summary>
    public static Result<RowProof> Verified(RowProof proof)
    {
        ArgumentNullException.ThrowIfNull(proof);
        return MerkleTree.VerifyInclusion(proof.Leaf, proof.Sequence, proof.Size, proof.Path, proof.Root)
            ? proof
            : new Refusal(RefusalCode.ProofInvalid, $"row {proof.Sequence} in the tree of {proof.Size} rows with root {proof.Root.Abbreviated}", "one that is not");
    }
}
