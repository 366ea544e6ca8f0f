using System.Collections.Concurrent;
using System.Collections.Immutable;
using CleanRoom.Cryptography.Signatures;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Budgets;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Fold;
using CleanRoom.Protocol.Ledger;

namespace CleanRoom.TestKit.Collaborations;

/// <summary>The owners' budget logs beside a test room: made anew from the charges that the room holds, and what else a test books in them.</summary>
public static class TestBudgets
{
    private static readonly ConcurrentDictionary<string, LedgerRow> _firstRows = new(StringComparer.Ordinal);

    /// <summary>Returns the rows of an owner's log as far as a room knows them: row 0 and the charges, and nothing of other rooms.</summary>
    public static ImmutableArray<LedgerRow> Rows(CollaborationState state, OwnerCost cost) =>
    [
        _firstRows.GetOrAdd(cost.LogName, _ => FirstRow(cost)),
        .. state.Queries.Values.SelectMany(query => query.Runs)
            .SelectMany(run => run.Charge.BudgetLogs)
            .Where(proof => proof.BudgetLog == IdOf(cost))
            .Select(proof => RowCodec.Parse(proof.Row.Span).Value)
            .OrderBy(row => row.Sequence),
    ];

    /// <summary>Returns the row of a charge behind others.</summary>
    public static LedgerRow Next(ImmutableArray<LedgerRow> rows, Timestamp now, OwnerCharge charge) =>
        new(rows.Length, now, TestNode.First.Key.Sign(charge));

    /// <summary>Returns what a room's charge is booked as.</summary>
    public static OwnerCharge Booking(Charge charge, OwnerCost cost) => new()
    {
        BudgetLog = IdOf(cost),
        Collaboration = charge.Collaboration,
        QueryDigest = charge.QueryDigest,
        Run = charge.Run,
        Versions = cost.Versions,
        NanoRho = cost.NanoRho,
        AttoDelta = cost.AttoDelta,
        SigningKey = TestNode.First.Key.PublicKey,
    };

    /// <summary>Returns a charge with the proofs of its owners' logs.</summary>
    public static Charge Booked(this TestRoom room, Charge charge) => charge with
    {
        BudgetLogs = [.. OwnerCost.Of(room.State, room.State.Queries[charge.QueryDigest].Query, charge.Costs).Select(cost => Proof(room, charge, cost))],
    };

    /// <summary>Returns the proof that a charge stands in an owner's log.</summary>
    public static BudgetProof Proof(TestRoom room, Charge charge, OwnerCost cost)
    {
        var rows = Rows(room.State, cost);
        return Proof(room.State, cost, rows.Add(Next(rows, room.Now, Booking(charge, cost))));
    }

    /// <summary>Shows the newest row of a log.</summary>
    public static BudgetProof Proof(CollaborationState state, OwnerCost cost, ImmutableArray<LedgerRow> rows)
    {
        var log = rows.Aggregate(BudgetLogState.Empty, (folded, row) => BudgetFold.Apply(folded, row, TestRoom.Services.Signatures).Value);
        return BudgetProofs.Show(cost, log, rows[^1], state.BudgetLogs.GetValueOrDefault(cost.LogName)?.Size ?? 0, Checkpoint(cost, log));
    }

    /// <summary>Returns the signed note over a log.</summary>
    public static string Checkpoint(OwnerCost cost, BudgetLogState log)
    {
        using var key = Key(cost);
        return CheckpointNote.Build(
            new Checkpoint(IdOf(cost), log.Log.Size, log.Log.Root),
            new NoteVerifierKey(IdOf(cost), NoteKeyType.Ed25519, key.PublicKey.Span),
            text => key.Sign(text));
    }

    /// <summary>Returns the id of an owner's log.</summary>
    public static string IdOf(OwnerCost cost)
    {
        using var key = Key(cost);
        return BudgetLogId.Of(cost.OwnerKey, cost.Domain, key.PublicKey);
    }

    private static Ed25519Key Key(OwnerCost cost) => TestRandom.Ed25519($"budget log {cost.LogName}");

    private static LedgerRow FirstRow(OwnerCost cost)
    {
        using var key = Key(cost);
        var genesis = new BudgetGenesis
        {
            BudgetLog = IdOf(cost),
            OwnerKey = cost.OwnerKey,
            Domain = cost.Domain,
            CheckpointKey = key.PublicKey,
            SigningKey = TestNode.First.Key.PublicKey,
        };
        return new LedgerRow(0, TestRoom.Empty.Now, TestNode.First.Key.Sign(genesis));
    }
}
