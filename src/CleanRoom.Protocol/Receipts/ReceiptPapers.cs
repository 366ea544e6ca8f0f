using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Dsse;
using CleanRoom.Protocol.Fold;

namespace CleanRoom.Protocol.Receipts;

/// <summary>The checks of contract, query and evidence against a receipt. Spec: contracts/spec/0009 s.5.</summary>
internal sealed class ReceiptPapers(FoldServices services, ReceiptFindings findings)
{
    /// <param name="bundle">Trust: attacker-controlled.</param>
    /// <param name="receipt">The bundle's receipt.</param>
    /// <param name="rowTime">When the receipt was written.</param>
    /// <param name="at">The time to appraise at; null for the row's own time.</param>
    public void Check(ReceiptBundle bundle, Receipt receipt, Timestamp rowTime, Timestamp? at)
    {
        if (bundle.Contract is not { } contractBytes || bundle.Query is not { } queryBytes)
        {
            findings.Check(
                bundle.Contract is null && bundle.Query is null && bundle.Delegations.IsEmpty && bundle.CodeEndorsements is null,
                RefusalCode.ReceiptInvalid, "contract, query, delegations and code endorsements, or none of them", "a part of them");
            findings.LeaveOpen(
                "Contract and query are redacted: who agreed to what is not shown, and the node's evidence was not appraised. "
                + "Their digests are in the receipt.");
            return;
        }

        var contractEnvelope = findings.Take(EnvelopeCodec.Parse(contractBytes.Span));
        var queryEnvelope = findings.Take(EnvelopeCodec.Parse(queryBytes.Span));
        var contract = contractEnvelope is null ? null : findings.Take(DocumentCodec.Parse<Contract>(contractEnvelope.Payload.Span));
        var query = queryEnvelope is null ? null : findings.Take(DocumentCodec.Parse<Query>(queryEnvelope.Payload.Span));
        var signers = findings.Take(ReceiptSigners.Of(bundle.Delegations, rowTime, services.Signatures));
        if (contractEnvelope is null || contract is null || queryEnvelope is null || query is null || signers is null)
        {
            return;
        }

        CheckTime(contract, query, rowTime, at);
        CheckContract(contractEnvelope, contract, receipt, signers);
        CheckQuery(queryEnvelope, query, contract, receipt, signers);
        findings.Check(signers.Unused == 0, RefusalCode.ReceiptInvalid, "the delegations of those who signed, each once", $"{signers.Unused} more");
        new ReceiptCode(services, findings).Check(bundle, receipt, contract, at ?? rowTime);
        ProveBudget(receipt);
    }

    private void CheckTime(Contract contract, Query query, Timestamp rowTime, Timestamp? at)
    {
        findings.Check(rowTime >= contract.NotBefore, RefusalCode.ContractNotActive, $"a receipt from {contract.NotBefore}", $"{rowTime}");
        findings.Check(rowTime >= query.NotBefore, RefusalCode.Stale, $"a receipt from {query.NotBefore}, when the query begins", $"{rowTime}");
        findings.Check(at is null || at < contract.Expires, RefusalCode.ContractExpired, $"a time before {contract.Expires}", $"{at}");
    }

    private void CheckContract(Envelope envelope, Contract contract, Receipt receipt, ReceiptSigners signers)
    {
        CheckIdentity(envelope, contract, "contract", receipt.Predicate.ContractDigest);
        var signed = new List<Delegation>();
        foreach (var signature in envelope.Signatures)
        {
            if (findings.Take(signers.Verify(envelope, signature, MemberRole.Admin, MemberRole.Owner)) is not { } signer)
            {
                continue;
            }

            if (ReceiptSigners.IsOf(contract, signer))
            {
                signed.Add(signer);
                continue;
            }

            // An amendment is also signed by those whom it removes, and by root keys that it replaces.
            findings.Check(
                contract.Previous is not null,
                RefusalCode.NotPermitted, $"a delegation by the root key of {signer.Collaborator} in the contract", "another root key");
            findings.LeaveOpen(
                $"{signer.Collaborator}/{signer.Member} has signed under a root key that this version does not name; "
                + "the version before is not shown.");
        }

        foreach (var collaborator in contract.Collaborators)
        {
            var wanted = contract.Approval.Quorum.FirstOrDefault(q => q.Collaborator == collaborator.Id)?.Members ?? 1;
            var got = signed.Where(signer => signer.Collaborator == collaborator.Id).Select(signer => signer.Member).Distinct(StringComparer.Ordinal).Count();
            findings.Check(got >= wanted, RefusalCode.SignatureMissing, $"{wanted} signature(s) of {collaborator.Id} on the contract", $"{got}");
        }

        if (findings.AllHold)
        {
            var all = string.Join(", ", contract.Collaborators.Select(c => c.Id));
            findings.Prove($"Contract \"{contract.Title}\", version {contract.Version}, is signed by {all}.");
        }
    }

    private void CheckQuery(Envelope envelope, Query query, Contract contract, Receipt receipt, ReceiptSigners signers)
    {
        var predicate = receipt.Predicate;
        CheckIdentity(envelope, query, "query", predicate.QueryDigest);
        Require(query.Collaboration == predicate.Collaboration, "a query in the receipt's collaboration", "a query in another");
        Require(query.ContractDigest == predicate.ContractDigest, "a query under the receipt's contract", "a query under another");
        Require(query.Inputs.SequenceEqual(predicate.Manifests), "the query's dataset versions", "others");
        Require(query.Receivers.SequenceEqual(predicate.Receivers, StringComparer.Ordinal), "the query's receivers", "others");
        var author = envelope.Signatures is [var signature] ? findings.Take(signers.Verify(envelope, signature, MemberRole.Analyst)) : null;
        findings.Check(
            author is not null && author.Collaborator == query.Analyst && ReceiptSigners.IsOf(contract, author),
            RefusalCode.SignatureMissing, $"a signature of {query.Analyst} on the query", author?.Collaborator ?? "none");
        if (findings.AllHold)
        {
            var (inputs, receivers) = (string.Join(", ", query.Inputs.Select(input => input.Dataset)), string.Join(", ", query.Receivers));
            findings.Prove($"It answers the query {predicate.QueryDigest.Abbreviated} of {query.Analyst} on {inputs}, to {receivers}.");
        }
    }

    private void ProveBudget(Receipt receipt)
    {
        if (findings.AllHold)
        {
            var charged = receipt.Predicate.Charged.Select(cost => $"{cost.Queries} {(cost.Queries == 1 ? "query" : "queries")} on {cost.Dataset}");
            var all = receipt.Predicate.Charged.IsEmpty ? "nothing" : string.Join(", ", charged);
            findings.Prove($"The node charged, in row {receipt.Predicate.ChargeSequence}: {all}.");
        }

        findings.LeaveOpen(
            "The verdict, the approvals, the charge and the result are rows of the log that the bundle does not hold; "
            + "cosignatures on the checkpoint were not checked.");
    }

    private void Require(bool holds, string wanted, string got) => findings.Check(holds, RefusalCode.ReceiptInvalid, wanted, got);

    private void CheckIdentity(Envelope envelope, Document document, string name, Digest wanted)
    {
        var (digest, type) = (envelope.PayloadDigest, DocumentCodec.PayloadTypeOf(document));
        findings.Check(digest == wanted, RefusalCode.ReceiptInvalid, $"{name} {wanted.Abbreviated}", digest.Abbreviated);
        findings.Check(envelope.PayloadType == type, RefusalCode.EnvelopeInvalid, $"payload type {type}", envelope.PayloadType);
    }
}
