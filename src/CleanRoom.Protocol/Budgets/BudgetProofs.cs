using System.Collections.Immutable;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Dsse;
using CleanRoom.Protocol.Fold;
using CleanRoom.Protocol.Ledger;

namespace CleanRoom.Protocol.Budgets;

/// <summary>Makes and checks the proofs that a charge carries of the owners' budget logs. Pure. Spec: contracts/spec/0016 s.5.</summary>
public static class BudgetProofs
{
    /// <summary>Shows a row of a budget log.</summary>
    /// <param name="cost">Whose log it is.</param>
    /// <param name="log">The log as it is.</param>
    /// <param name="row">The row.</param>
    /// <param name="pinnedSize">The size of the newest checkpoint of it in the ledger; 0 for none. At most the log's size.</param>
    /// <param name="checkpoint">The log's newest signed checkpoint.</param>
    public static BudgetProof Show(OwnerCost cost, BudgetLogState log, LedgerRow row, long pinnedSize, string checkpoint) => new()
    {
        Owner = cost.Owner,
        Domain = cost.Domain,
        BudgetLog = log.Genesis!.BudgetLog,
        CheckpointKey = log.Genesis.CheckpointKey,
        Row = new Bytes(RowCodec.Encode(row)),
        Inclusion = MerkleTree.InclusionProof(log.Log.Leaves, row.Sequence, log.Log.Size),
        Checkpoint = checkpoint,
        Consistency = pinnedSize == 0 ? [] : MerkleTree.ConsistencyProof(log.Log.Leaves, pinnedSize, log.Log.Size),
    };

    /// <summary>Checks the proofs of a charge against the ledger's state.</summary>
    /// <param name="state">The state before the charge.</param>
    /// <param name="query">The query that is charged.</param>
    /// <param name="charge">The charge. Trust: attacker-controlled.</param>
    /// <param name="verifier">Checks signatures.</param>
    /// <returns>The newest checkpoint of every log, by the log's name, with those of this charge; or <see cref="RefusalCode.ProofInvalid"/>,
    /// <see cref="RefusalCode.CheckpointInconsistent"/>.</returns>
    public static Result<ImmutableDictionary<string, Checkpoint>> Check(
        CollaborationState state, Query query, Charge charge, ISignatureVerifier verifier)
    {
        var costs = OwnerCost.Of(state, query, charge.Costs);
        if (!costs.Select(cost => (cost.Owner, cost.Domain)).SequenceEqual(charge.BudgetLogs.Select(proof => (proof.Owner, proof.Domain))))
        {
            return Wrong(
                $"proofs of the budget logs of {List(costs.Select(cost => $"{cost.Owner} for {cost.Domain}"))}",
                List(charge.BudgetLogs.Select(proof => $"{proof.Owner} for {proof.Domain}")));
        }

        var pinned = state.BudgetLogs;
        foreach (var (cost, proof) in costs.Zip(charge.BudgetLogs))
        {
            if (!Check(state, charge, cost, proof, verifier).TryGet(out var checkpoint, out var refusals))
            {
                return refusals;
            }

            pinned = pinned.SetItem(cost.LogName, checkpoint);
        }

        return pinned;
    }

    private static Result<Checkpoint> Check(
        CollaborationState state, Charge charge, OwnerCost cost, BudgetProof proof, ISignatureVerifier verifier)
    {
        var pinned = state.BudgetLogs.GetValueOrDefault(cost.LogName);
        if (pinned is not null && pinned.Origin != proof.BudgetLog)
        {
            return new Refusal(RefusalCode.CheckpointInconsistent, $"budget log {pinned.Origin} of {cost.Owner}, with {pinned.Size} rows", $"budget log {proof.BudgetLog}");
        }

        var id = BudgetLogId.Of(cost.OwnerKey, cost.Domain, proof.CheckpointKey);
        if (proof.BudgetLog != id)
        {
            return Wrong($"the budget log {id} that follows from owner, domain and key", proof.BudgetLog);
        }

        if (!CheckpointNote.Verify(proof.Checkpoint, id, proof.CheckpointKey.Span, verifier).TryGet(out var checkpoint, out var unsigned))
        {
            return Wrong($"a checkpoint that the key of budget log {id} signed", unsigned[0].ToString());
        }

        if (WhyRowWrong(state, charge, cost, proof, checkpoint, verifier) is { } refusal)
        {
            return refusal;
        }

        return pinned is null
            ? proof.Consistency.IsEmpty ? checkpoint : Wrong("no consistency proof for the first checkpoint", $"{proof.Consistency.Length} hashes")
            : MerkleTree.VerifyConsistency(pinned.Size, checkpoint.Size, proof.Consistency, pinned.Root, checkpoint.Root)
                ? checkpoint
                : new Refusal(
                    RefusalCode.CheckpointInconsistent,
                    $"a budget log of {cost.Owner} that goes on from {pinned.Size} rows with root {pinned.Root.Abbreviated}",
                    $"{checkpoint.Size} rows with root {checkpoint.Root.Abbreviated}");
    }

    private static Refusal? WhyRowWrong(
        CollaborationState state, Charge charge, OwnerCost cost, BudgetProof proof, Checkpoint checkpoint, ISignatureVerifier verifier)
    {
        if (!RowCodec.Parse(proof.Row.Span).TryGet(out var row, out var malformed))
        {
            return Wrong("a row of a budget log", malformed[0].ToString());
        }

        if (!MerkleTree.VerifyInclusion(row.Leaf, row.Sequence, checkpoint.Size, proof.Inclusion, checkpoint.Root))
        {
            return Wrong($"a row in the tree of {checkpoint.Size} rows", "one that is not");
        }

        if (!BudgetFold.ChargeOf(row, verifier).TryGet(out var booked, out var unsigned))
        {
            return Wrong("an owner-charge signed by its node", unsigned[0].ToString());
        }

        var wanted = new OwnerCharge
        {
            BudgetLog = proof.BudgetLog,
            Collaboration = charge.Collaboration,
            QueryDigest = charge.QueryDigest,
            Run = charge.Run,
            Versions = cost.Versions,
            NanoRho = cost.NanoRho,
            AttoDelta = cost.AttoDelta,
            SigningKey = booked.SigningKey,
        };
        if (DocumentCodec.DigestOf(wanted) != DocumentCodec.DigestOf(booked))
        {
            return Wrong($"{cost.NanoRho} and {cost.AttoDelta} for run {charge.Run} of this query", $"{booked.NanoRho} and {booked.AttoDelta} for another");
        }

        return state.Nodes.ContainsKey(KeyId.Of(booked.SigningKey.Span))
            ? null
            : Wrong("a row by a node that this ledger admitted", $"key {KeyId.Of(booked.SigningKey.Span).Abbreviated}");
    }

    private static string List(IEnumerable<string> parts) => string.Join(", ", parts.DefaultIfEmpty("nobody"));

    private static Refusal Wrong(string wanted, string got) => new(RefusalCode.ProofInvalid, wanted, got);
}
