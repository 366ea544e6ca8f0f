using System.Collections.Immutable;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Dsse;
using CleanRoom.Protocol.Fold;
using CleanRoom.Protocol.Ledger;

namespace CleanRoom.Protocol.Receipts;

/// <summary>Makes receipt bundles from a folded ledger; a node and a member make the same one.</summary>
public static class ReceiptBundles
{
    private const string GenesisPayloadType = "application/vnd.cleanroom.genesis.v1+json";
    private const string AdmissionPayloadType = "application/vnd.cleanroom.node-admission.v1+json";

    /// <summary>Builds the bundle of one run.</summary>
    /// <param name="state">The folded ledger.</param>
    /// <param name="rows">The same ledger's rows, from row 0.</param>
    /// <param name="run">A run with a receipt.</param>
    /// <param name="checkpoint">The newest signed note, with cosignatures.</param>
    /// <param name="isRedacted">Leaves contract and query out; their digests stay in the receipt.</param>
    public static Result<ReceiptBundle> Build(
        CollaborationState state, IReadOnlyList<LedgerRow> rows, RunState run, string checkpoint, bool isRedacted)
    {
        if (run is not { ReceiptSequence: { } index, Receipt: { } receipt })
        {
            return new Refusal(RefusalCode.ResultUnknown, "a run with a receipt", "a run without one");
        }

        if (DocumentCodec.ParseReceipt(receipt.Payload.Span) is not { IsAccepted: true } parsed
            || AttestationOf(rows, parsed.Value.Predicate.EvidenceDigest) is not { } attestation)
        {
            return new Refusal(RefusalCode.ResultUnknown, "a receipt whose evidence is in the rows", "rows of another ledger");
        }

        var query = state.Queries[run.Charge.QueryDigest];
        var contract = state.Contracts[query.Query.ContractDigest];
        return new ReceiptBundle
        {
            Row = new Bytes(RowCodec.Encode(rows[(int)index])),
            InclusionProof = MerkleTree.InclusionProof(state.Log.Leaves, index, state.Log.Size),
            Checkpoint = checkpoint,
            Genesis = new Bytes(RowCodec.Encode(rows[0])),
            GenesisProof = MerkleTree.InclusionProof(state.Log.Leaves, 0, state.Log.Size),
            Attestation = attestation,
            Contract = isRedacted ? null : new Bytes(EnvelopeCodec.Encode(contract.Envelope)),
            Query = isRedacted ? null : new Bytes(EnvelopeCodec.Encode(query.Envelope)),
            CodeEndorsements = isRedacted || run.Endorsements.IsEmpty ? null : [state.Endorsements[run.Endorsements[0]].Endorsement.Encoded],
            Delegations = isRedacted ? [] : Delegations(state, rows, [.. contract.Envelope.Signatures, .. query.Envelope.Signatures]),
        };
    }

    /// <summary>The evidence that the receipt names: a node may have been admitted anew since, with other evidence for the same key.</summary>
    private static NodeAttestation? AttestationOf(IReadOnlyList<LedgerRow> rows, Digest evidenceDigest) => rows
        .Select(row => row.Envelope)
        .Where(envelope => envelope.PayloadType is GenesisPayloadType or AdmissionPayloadType)
        .Select(envelope => DocumentCodec.Parse(envelope.Payload.Span).Value switch
        {
            Genesis genesis => genesis.Attestation,
            NodeAdmission admission => admission.Attestation,
            _ => null,
        })
        .FirstOrDefault(attestation => attestation is not null && DocumentCodec.DigestOf(attestation) == evidenceDigest);

    private static ImmutableArray<Bytes> Delegations(
        CollaborationState state, IReadOnlyList<LedgerRow> rows, ImmutableArray<EnvelopeSignature> signatures) =>
    [
        .. signatures.Select(signature => state.Members[signature.KeyId].Sequence).Distinct().Order()
            .Select(sequence => new Bytes(EnvelopeCodec.Encode(rows[(int)sequence].Envelope))),
    ];
}
