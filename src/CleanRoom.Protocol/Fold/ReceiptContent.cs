using CleanRoom.Protocol.Documents;

namespace CleanRoom.Protocol.Fold;

/// <summary>The one receipt that follows from a query, its charge and its result.</summary>
public static class ReceiptContent
{
    /// <summary>Builds it; the node signs it, the fold compares with it.</summary>
    /// <exception cref="InvalidOperationException">The run has no result.</exception>
    public static Receipt For(QueryState query, RunState run, NodeAttestation signer)
    {
        if (run is not { Result: { } result, ResultSequence: { } resultSequence })
        {
            throw new InvalidOperationException("a receipt needs a committed result");
        }

        return new Receipt
        {
            Type = Receipt.StatementType,
            PredicateType = Receipt.PredicateTypeV1,
            Subject = [new ReceiptSubject { Name = "result", Digest = new ReceiptDigest { Sha256 = result.Commitment } }],
            Predicate = new ReceiptPredicate
            {
                Collaboration = result.Collaboration,
                QueryDigest = query.Digest,
                ContractDigest = query.Query.ContractDigest,
                VerdictDigest = run.Charge.VerdictDigest,
                EvidenceDigest = DocumentCodec.DigestOf(signer),
                Manifests = query.Query.Inputs,
                Charged = run.Charge.Costs,
                ChargeSequence = run.ChargeSequence,
                ResultSequence = resultSequence,
                Receivers = query.Query.Receivers,
                Releases = result.Releases,
            },
        };
    }
}
