using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Dsse;
using CleanRoom.Protocol.Fold;
using CleanRoom.Protocol.Ledger;

namespace CleanRoom.Protocol.Receipts;

/// <summary>The checks of one bundle: is the receipt in the log of its collaboration, and who signed it? Spec: contracts/spec/0009 s.5.</summary>
internal sealed class ReceiptChecks(FoldServices services)
{
    private readonly ReceiptFindings _findings = new();

    /// <param name="bundle">Trust: attacker-controlled.</param>
    /// <param name="at">The time to appraise at; null for the row's own time.</param>
    public ReceiptReport Run(ReceiptBundle bundle, Timestamp? at)
    {
        var row = _findings.Take(RowCodec.Parse(bundle.Row.Span));
        var genesisRow = _findings.Take(RowCodec.Parse(bundle.Genesis.Span));
        var receipt = row is null ? null : _findings.Take(DocumentCodec.ParseReceipt(row.Envelope.Payload.Span));
        var genesis = genesisRow is null ? null : _findings.Take(DocumentCodec.Parse<Genesis>(genesisRow.Envelope.Payload.Span));
        if (row is not null && receipt is not null && genesisRow is not null && genesis is not null)
        {
            _findings.Check(at is null || at >= row.Time, RefusalCode.Stale, $"a time from the row's own, {row.Time}", $"{at}");
            CheckLog(bundle, row, genesisRow, genesis);
            CheckReceipt(row, receipt, genesis);
            CheckSigner(bundle, row, receipt, genesis);
            new ReceiptPapers(services, _findings).Check(bundle, receipt, row.Time, at);
        }

        return _findings.ToReport(receipt, row?.Time, isRedacted: bundle.Contract is null || bundle.Query is null);
    }

    private void CheckLog(ReceiptBundle bundle, LedgerRow row, LedgerRow genesisRow, Genesis genesis)
    {
        var id = CollaborationId.Of(genesis);
        _findings.Check(id == genesis.Collaboration, RefusalCode.ReceiptInvalid, $"collaboration {id}", "another name in row 0");
        if (genesis.CheckpointKey.Length != NoteVerifierKey.PublicKeyLength)
        {
            _findings.Check(false, RefusalCode.ReceiptInvalid, $"a checkpoint key of {NoteVerifierKey.PublicKeyLength} bytes", $"{genesis.CheckpointKey.Length} bytes");
            return;
        }

        if (_findings.Take(CheckpointNote.Verify(bundle.Checkpoint, id, genesis.CheckpointKey.Span, services.Signatures)) is not { } checkpoint)
        {
            return;
        }

        var isIncluded = MerkleTree.VerifyInclusion(row.Leaf, row.Sequence, checkpoint.Size, bundle.InclusionProof, checkpoint.Root);
        _findings.Check(isIncluded, RefusalCode.ProofInvalid, $"the receipt in row {row.Sequence} of the log", "a proof that leads to another root");
        var isGenesis = genesisRow.Sequence == 0
            && MerkleTree.VerifyInclusion(genesisRow.Leaf, 0, checkpoint.Size, bundle.GenesisProof, checkpoint.Root);
        _findings.Check(isGenesis, RefusalCode.ProofInvalid, "row 0 in the same log", "a proof that leads to another root");
        if (isIncluded && isGenesis)
        {
            _findings.Prove(
                $"The receipt is row {row.Sequence} of the log of collaboration {id[..12]}, "
                + $"whose checkpoint of {checkpoint.Size} rows is signed by the collaboration's key.");
        }
    }

    private void CheckReceipt(LedgerRow row, Receipt receipt, Genesis genesis)
    {
        var type = row.Envelope.PayloadType;
        _findings.Check(type == DocumentCodec.ReceiptPayloadType, RefusalCode.EnvelopeInvalid, $"payload type {DocumentCodec.ReceiptPayloadType}", type);
        var predicate = receipt.Predicate;
        _findings.Check(
            predicate.Collaboration == genesis.Collaboration, RefusalCode.ReceiptInvalid, $"a receipt of collaboration {genesis.Collaboration}", "one of another");
        _findings.Check(
            predicate.ChargeSequence < predicate.ResultSequence && predicate.ResultSequence < row.Sequence,
            RefusalCode.ReceiptInvalid,
            "a charge, then a result, then the receipt",
            $"rows {predicate.ChargeSequence}, {predicate.ResultSequence} and {row.Sequence}");
        CheckReleases(predicate);
    }

    /// <summary>Of a list: whose rows left. How many is shown, and who they are is committed to.</summary>
    private void CheckReleases(ReceiptPredicate predicate)
    {
        foreach (var release in predicate.Releases ?? [])
        {
            var input = predicate.Manifests.FirstOrDefault(input => input.ManifestDigest == release.ManifestDigest);
            _findings.Check(
                input is not null && ReleaseRules.WhyMalformed(release) is null,
                RefusalCode.ReceiptInvalid, "releases of the receipt's dataset versions, in their form", $"one of {release.ManifestDigest.Abbreviated}");
            if (input is not null)
            {
                _findings.Prove($"The answer lists rows of {release.Units} people of {input.Dataset}; who they are is in the commitment {release.Commitment.Abbreviated}.");
                _findings.LeaveOpen($"Who of {input.Dataset} is listed: {(release.Columns.IsEmpty ? "the answer does not name them" : "a receiver can show it with the answer and its salt")}.");
            }
        }
    }

    private void CheckSigner(ReceiptBundle bundle, LedgerRow row, Receipt receipt, Genesis genesis)
    {
        var binding = bundle.Attestation.Binding;
        _findings.Check(
            binding.Collaboration == genesis.Collaboration && binding.CheckpointKey == genesis.CheckpointKey && binding.CollaborationKey == genesis.SealingKey,
            RefusalCode.BindingMismatch, "evidence that binds this collaboration's keys", "evidence that binds others");
        var evidence = DocumentCodec.DigestOf(bundle.Attestation);
        var named = receipt.Predicate.EvidenceDigest;
        _findings.Check(evidence == named, RefusalCode.BindingMismatch, $"evidence {named.Abbreviated}", evidence.Abbreviated);
        if (row.Envelope.Signatures is not [var signature])
        {
            _findings.Check(false, RefusalCode.SignatureMissing, "one signature on the receipt", $"{row.Envelope.Signatures.Length}");
            return;
        }

        if (_findings.Take(EnvelopeVerifier.Verify(row.Envelope, signature, binding.SigningKey, services.Signatures)) is not null)
        {
            _findings.Prove($"The receipt is signed by the node whose attestation {evidence.Abbreviated} it names.");
        }
    }
}
