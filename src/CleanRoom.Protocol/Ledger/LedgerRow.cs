using CleanRoom.Protocol.Dsse;

namespace CleanRoom.Protocol.Ledger;

/// <summary>One statement at its place in a ledger.</summary>
/// <param name="Sequence">Place from 0; the index of its leaf.</param>
/// <param name="Time">Stamped by the node; never decreases along a ledger.</param>
/// <param name="Envelope">The signed statement.</param>
/// <remarks>Spec: contracts/spec/0005 s.3.</remarks>
public sealed record LedgerRow(long Sequence, Timestamp Time, Envelope Envelope)
{
    /// <summary>Gets SHA-256(0x00 || row bytes).</summary>
    public Digest Leaf => MerkleTree.LeafHash(RowCodec.Encode(this));
}
