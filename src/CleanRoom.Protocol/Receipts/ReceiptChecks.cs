using System.Collections.Immutable;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Dsse;
using CleanRoom.Protocol.Fold;
using CleanRoom.Protocol.Ledger;

namespace CleanRoom.Protocol.Receipts;

/// <summary>The checks of one bundle, each adding what it proved, what it could not see, or why it failed.</summary>
internal sealed class ReceiptChecks(FoldServices services)
{
    private readonly ImmutableArray<string>.Builder _proven = ImmutableArray.CreateBuilder<string>();
    private readonly ImmutableArray<string>.Builder _notShown = ImmutableArray.CreateBuilder<string>();
    private readonly ImmutableArray<Refusal>.Builder _failures = ImmutableArray.CreateBuilder<Refusal>();

    public ReceiptReport Run(ReceiptBundle bundle, Timestamp? at)
    {
        var row = Take(RowCodec.Parse(bundle.Row.Span));
        var genesisRow = Take(RowCodec.Parse(bundle.Genesis.Span));
        var receipt = row is null ? null : Take(DocumentCodec.ParseReceipt(row.Envelope.Payload.Span));
        var genesis = genesisRow is null ? null : Take(DocumentCodec.Parse<Genesis>(genesisRow.Envelope.Payload.Span));
        if (row is not null && receipt is not null && genesisRow is not null && genesis is not null)
        {
            CheckLog(bundle, row, genesisRow, genesis);
            CheckSigner(bundle, row, receipt, genesis);
            CheckPapers(bundle, receipt, at ?? row.Time);
        }

        return new ReceiptReport
        {
            Receipt = receipt,
            Time = row?.Time,
            Proven = _proven.ToImmutable(),
            NotShown = _notShown.ToImmutable(),
            Failures = _failures.ToImmutable(),
        };
    }

    private void CheckLog(ReceiptBundle bundle, LedgerRow row, LedgerRow genesisRow, Genesis genesis)
    {
        var id = CollaborationId.Of(genesis.ContractDigest, genesis.SealingKey, genesis.CheckpointKey, genesis.Nonce);
        Check(id == genesis.Collaboration, RefusalCode.ReceiptInvalid, $"collaboration {id}", genesis.Collaboration);
        var checkpoint = Take(CheckpointNote.Verify(bundle.Checkpoint, id, genesis.CheckpointKey.Span, services.Signatures));
        if (checkpoint is null)
        {
            return;
        }

        var isIncluded = MerkleTree.VerifyInclusion(row.Leaf, row.Sequence, checkpoint.Size, bundle.InclusionProof, checkpoint.Root);
        Check(isIncluded, RefusalCode.ProofInvalid, $"the receipt in row {row.Sequence} of the log", "a proof that leads to another root");
        var isGenesis = genesisRow.Sequence == 0
            && MerkleTree.VerifyInclusion(genesisRow.Leaf, 0, checkpoint.Size, bundle.GenesisProof, checkpoint.Root);
        Check(isGenesis, RefusalCode.ProofInvalid, "row 0 in the same log", "a proof that leads to another root");
        if (isIncluded && isGenesis)
        {
            Prove($"The receipt is row {row.Sequence} of the log of collaboration {id[..12]}, whose checkpoint of {checkpoint.Size} rows is signed by the collaboration's key.");
        }
    }

    private void CheckSigner(ReceiptBundle bundle, LedgerRow row, Receipt receipt, Genesis genesis)
    {
        var binding = bundle.Attestation.Binding;
        Check(
            binding.Collaboration == genesis.Collaboration && binding.CheckpointKey == genesis.CheckpointKey && binding.CollaborationKey == genesis.SealingKey,
            RefusalCode.BindingMismatch, "evidence that binds this collaboration's keys", "evidence that binds others");
        var evidence = DocumentCodec.DigestOf(bundle.Attestation);
        Check(evidence == receipt.Predicate.EvidenceDigest, RefusalCode.BindingMismatch, $"evidence {receipt.Predicate.EvidenceDigest.Abbreviated}", evidence.Abbreviated);
        if (row.Envelope.Signatures is not [var signature])
        {
            Check(false, RefusalCode.SignatureMissing, "one signature on the receipt", $"{row.Envelope.Signatures.Length}");
            return;
        }

        if (Take(EnvelopeVerifier.Verify(row.Envelope, signature, binding.SigningKey, services.Signatures)) is not null)
        {
            Prove("The receipt is signed by the key that the node's evidence binds.");
        }

        Check(row.Envelope.PayloadType == DocumentCodec.ReceiptPayloadType, RefusalCode.EnvelopeInvalid, $"payload type {DocumentCodec.ReceiptPayloadType}", row.Envelope.PayloadType);
        Check(
            receipt.Type == Receipt.StatementType && receipt.PredicateType == Receipt.PredicateTypeV1 && receipt.Subject.Length == 1,
            RefusalCode.ReceiptInvalid, $"an in-toto statement of {Receipt.PredicateTypeV1} about one result", receipt.PredicateType);
        Check(
            receipt.Predicate.Collaboration == genesis.Collaboration,
            RefusalCode.ReceiptInvalid, $"a receipt of collaboration {genesis.Collaboration}", receipt.Predicate.Collaboration);
    }

    private void CheckPapers(ReceiptBundle bundle, Receipt receipt, Timestamp at)
    {
        if (bundle.Contract is not { } contractBytes || bundle.Query is not { } queryBytes)
        {
            _notShown.Add("Contract and query are redacted: who agreed to what, and which code was accepted, is not shown. Their digests are in the receipt.");
            return;
        }

        var members = new ReceiptSigners(services.Signatures, bundle.Delegations);
        var contractEnvelope = Take(EnvelopeCodec.Parse(contractBytes.Span));
        var contract = contractEnvelope is null ? null : Take(DocumentCodec.Parse<Contract>(contractEnvelope.Payload.Span));
        var queryEnvelope = Take(EnvelopeCodec.Parse(queryBytes.Span));
        var query = queryEnvelope is null ? null : Take(DocumentCodec.Parse<Query>(queryEnvelope.Payload.Span));
        if (contractEnvelope is null || contract is null || queryEnvelope is null || query is null)
        {
            return;
        }

        CheckContract(contractEnvelope, contract, receipt, members);
        CheckQuery(queryEnvelope, query, contract, receipt, members);
        if (Take(services.Nodes.Appraise(bundle.Attestation, contract, at)) is { } measurement)
        {
            Prove($"The code that answered has measurement {measurement[..Math.Min(16, measurement.Length)]}..., one that the contract accepts ({bundle.Attestation.Tee}).");
        }
    }

    private void CheckContract(Envelope envelope, Contract contract, Receipt receipt, ReceiptSigners members)
    {
        var digest = Digest.Of(envelope.Payload.Span);
        Check(digest == receipt.Predicate.ContractDigest, RefusalCode.ReceiptInvalid, $"contract {receipt.Predicate.ContractDigest.Abbreviated}", digest.Abbreviated);
        var signed = envelope.Signatures.Select(signature => Take(members.Verify(envelope, signature, contract))).ToList();
        foreach (var collaborator in contract.Collaborators)
        {
            var wanted = contract.Approval.Quorum.FirstOrDefault(q => q.Collaborator == collaborator.Id)?.Members ?? 1;
            var got = signed.Where(d => d?.Collaborator == collaborator.Id).Select(d => d!.Member).Distinct().Count();
            Check(got >= wanted, RefusalCode.SignatureMissing, $"{wanted} signature(s) of {collaborator.Id} on the contract", $"{got}");
        }

        if (_failures.Count == 0)
        {
            Prove($"Contract \"{contract.Title}\", version {contract.Version}, is signed by {string.Join(", ", contract.Collaborators.Select(c => c.Id))}.");
        }
    }

    private void CheckQuery(Envelope envelope, Query query, Contract contract, Receipt receipt, ReceiptSigners members)
    {
        var digest = Digest.Of(envelope.Payload.Span);
        Check(digest == receipt.Predicate.QueryDigest, RefusalCode.ReceiptInvalid, $"query {receipt.Predicate.QueryDigest.Abbreviated}", digest.Abbreviated);
        Check(query.ContractDigest == receipt.Predicate.ContractDigest, RefusalCode.ReceiptInvalid, "a query under the receipt's contract", "a query under another");
        Check(query.Inputs.SequenceEqual(receipt.Predicate.Manifests), RefusalCode.ReceiptInvalid, "the query's dataset versions", "others");
        Check(query.Receivers.SequenceEqual(receipt.Predicate.Receivers, StringComparer.Ordinal), RefusalCode.ReceiptInvalid, "the query's receivers", "others");
        var author = envelope.Signatures is [var signature] ? Take(members.Verify(envelope, signature, contract)) : null;
        Check(author?.Collaborator == query.Analyst, RefusalCode.SignatureMissing, $"a signature of {query.Analyst} on the query", author?.Collaborator ?? "none");
        if (_failures.Count == 0)
        {
            Prove($"It answers the query {digest.Abbreviated} of {query.Analyst} on {string.Join(", ", query.Inputs.Select(i => i.Dataset))}, to {string.Join(", ", query.Receivers)}.");
        }
    }

    private void Prove(string sentence) => _proven.Add(sentence);

    private void Check(bool holds, RefusalCode code, string wanted, string got)
    {
        if (!holds)
        {
            _failures.Add(new Refusal(code, wanted, got));
        }
    }

    private T? Take<T>(Result<T> result)
        where T : class
    {
        _failures.AddRange(result.Refusals);
        return result.IsAccepted ? result.Value : null;
    }
}
