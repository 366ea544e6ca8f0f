using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Dsse;
using CleanRoom.Protocol.Ledger;

namespace CleanRoom.Protocol.Fold;

/// <summary>The fold: state and row in, next state or all reasons why not. Spec: contracts/spec/0005 s.6.</summary>
/// <remarks>Pure and synchronous. The node folds a row before it appends it, a client after it was served; both refuse the same rows.</remarks>
public static class LedgerFold
{
    /// <summary>Applies one row.</summary>
    /// <param name="state">The state before it.</param>
    /// <param name="row">The row. Trust: attacker-controlled.</param>
    /// <param name="services">Signature verification and node appraisal.</param>
    public static Result<CollaborationState> Apply(CollaborationState state, LedgerRow row, FoldServices services)
    {
        if (row.Sequence != state.Log.Size)
        {
            return new Refusal(RefusalCode.RowInvalid, $"row {state.Log.Size}", $"row {row.Sequence}");
        }

        if (row.Time < state.Log.LastTime)
        {
            return new Refusal(RefusalCode.ClockWrong, $"a row time from {state.Log.LastTime}", $"{row.Time}");
        }

        if (row.Envelope.Signatures.Length != 1)
        {
            return new Refusal(RefusalCode.SignatureMissing, "exactly one signature", $"{row.Envelope.Signatures.Length}");
        }

        // A statement counts once. The signer belongs to its identity, since a contract is signed by several over the same bytes.
        var identity = StatementIdentity(row.Envelope);
        if (state.Seen.Contains(identity))
        {
            return new Refusal(RefusalCode.Replayed, "a statement that is not in the ledger yet", $"statement {identity.Abbreviated} again");
        }

        return ApplyStatement(new FoldInput(state, row, services)).Then(next => Result.Accept(next with
        {
            Seen = next.Seen.Add(identity),
            Log = next.Log.Append(row.Leaf, row.Time),
        }));
    }

    /// <summary>Returns what makes a statement the same statement: its payload and its signer.</summary>
    public static Digest StatementIdentity(Envelope envelope)
    {
        Span<byte> input = stackalloc byte[Digest.Length * 2];
        Digest.Of(envelope.Payload.Span).CopyTo(input);
        envelope.Signatures[0].KeyId.CopyTo(input[Digest.Length..]);
        return Digest.Labelled("cleanroom/v1/statement", input);
    }

    private static Result<CollaborationState> ApplyStatement(FoldInput input)
    {
        if (input.State.IsTerminated)
        {
            return new Refusal(RefusalCode.Terminated, "a collaboration that has not ended", input.Row.Envelope.PayloadType);
        }

        if (input.Row.Envelope.PayloadType == DocumentCodec.ReceiptPayloadType)
        {
            return input.State.Genesis is null
                ? new Refusal(RefusalCode.RowInvalid, "a genesis in row 0", nameof(Receipt))
                : DocumentCodec.ParseReceipt(input.Row.Envelope.Payload.Span).Then(receipt => RunFold.Apply(input, receipt));
        }

        if (!DocumentCodec.Parse(input.Row.Envelope.Payload.Span).TryGet(out var document, out var refusals))
        {
            return refusals;
        }

        if (input.Row.Envelope.PayloadType != DocumentCodec.PayloadTypeOf(document))
        {
            return new Refusal(RefusalCode.EnvelopeInvalid, $"payload type {DocumentCodec.PayloadTypeOf(document)}", input.Row.Envelope.PayloadType);
        }

        if (input.State.Genesis is null && document is not Genesis)
        {
            return new Refusal(RefusalCode.RowInvalid, "a genesis in row 0", document.GetType().Name);
        }

        return document switch
        {
            Genesis genesis => NodeFold.Apply(input, genesis),
            NodeAdmission admission => NodeFold.Apply(input, admission),
            Delegation delegation => MemberFold.Apply(input, delegation),
            MemberRevocation revocation => MemberFold.Apply(input, revocation),
            Contract contract => ContractFold.Apply(input, contract),
            DatasetManifest manifest => DatasetFold.Apply(input, manifest),
            KeyGrant grant => DatasetFold.Apply(input, grant),
            IngestStatement ingest => DatasetFold.Apply(input, ingest),
            Query query => QueryFold.Apply(input, query),
            Verdict verdict => QueryFold.Apply(input, verdict),
            Approval approval => QueryFold.Apply(input, approval),
            ApprovalRule rule => QueryFold.Apply(input, rule),
            Cancellation cancellation => QueryFold.Apply(input, cancellation),
            Charge charge => RunFold.Apply(input, charge),
            RunResult result => RunFold.Apply(input, result),
            RunFailure failure => RunFold.Apply(input, failure),
            Suspend suspend => ControlFold.Apply(input, suspend),
            Resume resume => ControlFold.Apply(input, resume),
            Terminate terminate => ControlFold.Apply(input, terminate),
            Revocation revocation => ControlFold.Apply(input, revocation),
            CodeAdmission admission => EndorsementFold.Apply(input, admission),
            RecoveryShareSet shares => RecoveryFold.Apply(input, shares),
            Recovery recovery => RecoveryFold.Apply(input, recovery),
            _ => new Refusal(RefusalCode.RowInvalid, "a document that belongs in a ledger", document.GetType().Name),
        };
    }
}
