using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Ledger;

namespace CleanRoom.Client.Ledger;

/// <summary>What rows are about, for people who look for some of them.</summary>
public enum RowKind
{
    /// <summary>Nodes, contracts, stops and ends.</summary>
    Room = 1,

    /// <summary>Who acts.</summary>
    Members = 2,

    /// <summary>Datasets.</summary>
    Data = 3,

    /// <summary>Queries, verdicts, approvals and rules.</summary>
    Queries = 4,

    /// <summary>Charges, answers and receipts.</summary>
    Runs = 5,
}

/// <summary>Sorts rows by what they are about.</summary>
public static class RowKinds
{
    /// <summary>Returns what a row of a verified ledger is about.</summary>
    public static RowKind Of(LedgerRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        return !DocumentCodec.ParsePayload(row.Envelope).TryGet(out var document, out _)
            ? RowKind.Runs // Receipts alone are no documents of their own.
            : document switch
            {
                Delegation or MemberRevocation => RowKind.Members,
                DatasetManifest or KeyGrant or IngestStatement => RowKind.Data,
                Verdict or Query or Approval or ApprovalRule or Cancellation => RowKind.Queries,
                Revocation { Kind: RevocationKind.Query or RevocationKind.ApprovalRule } => RowKind.Queries,
                Charge or RunResult or RunFailure => RowKind.Runs,
                _ => RowKind.Room,
            };
    }
}
