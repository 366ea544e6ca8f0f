using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Dsse;
using CleanRoom.Protocol.Ledger;

namespace CleanRoom.Protocol.Budgets;

/// <summary>The fold of a budget log: state and row in, next state or why not. Pure. Spec: contracts/spec/0016 s.3.</summary>
public static class BudgetFold
{
    private const int CheckpointKeyLength = 32;

    /// <summary>Applies one row.</summary>
    /// <param name="state">The state before it.</param>
    /// <param name="row">The row. Trust: attacker-controlled.</param>
    /// <param name="verifier">Checks the node's signature.</param>
    public static Result<BudgetLogState> Apply(BudgetLogState state, LedgerRow row, ISignatureVerifier verifier)
    {
        if (row.Sequence != state.Log.Size)
        {
            return new Refusal(RefusalCode.RowInvalid, $"row {state.Log.Size}", $"row {row.Sequence}");
        }

        if (row.Time < state.Log.LastTime)
        {
            return new Refusal(RefusalCode.ClockWrong, $"a row time from {state.Log.LastTime}", $"{row.Time}");
        }

        return Document(row).Then<BudgetLogState>(document => document switch
        {
            BudgetGenesis genesis => Apply(state, row, genesis, verifier),
            OwnerCharge charge => Apply(state, row, charge, verifier),
            _ => new Refusal(RefusalCode.RowInvalid, "a statement of a budget log", DocumentCodec.TypeOf(document)),
        });
    }

    /// <summary>Reads the one statement of a row and checks that the node whose key it names has signed it.</summary>
    /// <param name="row">The row. Trust: attacker-controlled.</param>
    /// <param name="verifier">Checks the node's signature.</param>
    public static Result<OwnerCharge> ChargeOf(LedgerRow row, ISignatureVerifier verifier) => Document(row).Then(document =>
        document is OwnerCharge charge
            ? WhyNotSigned(row, charge.SigningKey, verifier) is { } refusal ? refusal : Result.Accept(charge)
            : new Refusal(RefusalCode.RowInvalid, "an owner-charge", DocumentCodec.TypeOf(document)));

    private static Result<Document> Document(LedgerRow row)
    {
        if (row.Envelope.Signatures.Length != 1)
        {
            return new Refusal(RefusalCode.SignatureMissing, "exactly one signature", $"{row.Envelope.Signatures.Length}");
        }

        return DocumentCodec.Parse(row.Envelope.Payload.Span).Then(document => row.Envelope.PayloadType == DocumentCodec.PayloadTypeOf(document)
            ? Result.Accept(document)
            : new Refusal(RefusalCode.EnvelopeInvalid, $"payload type {DocumentCodec.PayloadTypeOf(document)}", row.Envelope.PayloadType));
    }

    private static Result<BudgetLogState> Apply(BudgetLogState state, LedgerRow row, BudgetGenesis genesis, ISignatureVerifier verifier)
    {
        if (state.Genesis is not null)
        {
            return new Refusal(RefusalCode.RowInvalid, "one genesis, in row 0", "another");
        }

        if (genesis.OwnerKey.Length != EnvelopeVerifier.PublicKeyLength || genesis.CheckpointKey.Length != CheckpointKeyLength)
        {
            return new Refusal(
                RefusalCode.DocumentInvalid,
                $"keys of {EnvelopeVerifier.PublicKeyLength} and {CheckpointKeyLength} bytes",
                $"{genesis.OwnerKey.Length} and {genesis.CheckpointKey.Length}");
        }

        var id = BudgetLogId.Of(genesis.OwnerKey, genesis.Domain, genesis.CheckpointKey);
        if (genesis.BudgetLog != id)
        {
            return new Refusal(RefusalCode.RowInvalid, $"the id {id} that follows from owner, domain and key", genesis.BudgetLog);
        }

        return WhyNotSigned(row, genesis.SigningKey, verifier) is { } refusal
            ? refusal
            : state with { Genesis = genesis, Log = state.Log.Append(row.Leaf, row.Time) };
    }

    private static Result<BudgetLogState> Apply(BudgetLogState state, LedgerRow row, OwnerCharge charge, ISignatureVerifier verifier)
    {
        if (state.Genesis is not { } genesis)
        {
            return new Refusal(RefusalCode.RowInvalid, "a genesis in row 0", "an owner-charge");
        }

        if (charge.BudgetLog != genesis.BudgetLog)
        {
            return new Refusal(RefusalCode.NotPermitted, $"a charge in budget log {genesis.BudgetLog}", charge.BudgetLog);
        }

        if (charge is not { NanoRho: >= 0, AttoDelta: >= 0 } or { NanoRho: 0, AttoDelta: 0 })
        {
            return new Refusal(RefusalCode.DocumentInvalid, "costs of at least 0, one of them more", $"{charge.NanoRho} and {charge.AttoDelta}");
        }

        if (state.Find(charge.Collaboration, charge.QueryDigest, charge.Run) is { } sequence)
        {
            return new Refusal(RefusalCode.Replayed, "a run that is not charged yet", $"run {charge.Run}, charged in row {sequence}");
        }

        return WhyNotSigned(row, charge.SigningKey, verifier) is { } refusal
            ? refusal
            : state with { Charges = state.Charges.Add(charge), Log = state.Log.Append(row.Leaf, row.Time) };
    }

    private static Refusal? WhyNotSigned(LedgerRow row, Bytes signingKey, ISignatureVerifier verifier) =>
        EnvelopeVerifier.Verify(row.Envelope, row.Envelope.Signatures[0], signingKey, verifier) is { IsAccepted: false } refused ? refused.Refusals[0] : null;
}
