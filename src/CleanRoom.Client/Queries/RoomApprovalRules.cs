using System.Collections.Immutable;
using CleanRoom.Client.Rooms;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Api;
using CleanRoom.Protocol.Contracts;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Fold;

namespace CleanRoom.Client.Queries;

/// <summary>A member's approval of queries to come: given, listed, taken back. Spec: contracts/spec/0002 s.6.1.</summary>
public sealed class RoomApprovalRules(RoomClient room)
{
    /// <summary>Signs a rule over the checkpoint that this client has verified, and appends it.</summary>
    /// <returns>The rule as the ledger holds it, or the refusals.</returns>
    public async Task<Result<ApprovalRuleState>> GiveAsync(ApprovalRuleTerms terms, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(terms);
        if (!(await room.RefreshAsync(cancellationToken)).TryGet(out _, out var refusals))
        {
            return refusals;
        }

        if (!Draft(terms).TryGet(out var rule, out refusals))
        {
            return refusals;
        }

        return (await room.AppendAsync(rule, cancellationToken)).Then(_ => Result.Accept(room.State.ApprovalRules[DocumentCodec.DigestOf(rule)]));
    }

    /// <summary>Says in words what a rule of these terms would let through, before anything is signed.</summary>
    /// <returns>As <see cref="ApprovalRuleWords.Of"/>; or why there is no contract for it.</returns>
    public Result<ImmutableArray<string>> InWords(ApprovalRuleTerms terms)
    {
        ArgumentNullException.ThrowIfNull(terms);
        return Draft(terms).Then(rule =>
        {
            var by = new Signatory(room.Member.Collaborator, room.Member.Member, room.Member.Keys.Sign.PublicKey);
            return Result.Accept(ApprovalRuleWords.Of(room.State, new ApprovalRuleState(rule, DocumentCodec.DigestOf(rule), by, room.State.Log.Size), room.Services.Now));
        });
    }

    /// <summary>Takes a rule back: queries that it has approved and that were not charged yet need their approvers again.</summary>
    public Task<Result<StatementResponse>> TakeBackAsync(Digest rule, string reason, CancellationToken cancellationToken) =>
        room.RevokeAsync(RevocationKind.ApprovalRule, rule.ToString(), reason, cancellationToken);

    /// <summary>Returns the rules of the verified ledger, oldest first.</summary>
    public IReadOnlyList<ApprovalRuleState> List() => [.. room.State.ApprovalRules.Values.OrderBy(rule => rule.Sequence)];

    private Result<ApprovalRule> Draft(ApprovalRuleTerms terms) => room.State.ActiveContract is not { } contract
        ? room.State.WhyNotActive(room.Services.Now)!
        : new ApprovalRule
        {
            Collaboration = room.Collaboration,
            ContractDigest = contract,
            TemplateDigest = terms.TemplateDigest,
            Authors = terms.Authors,
            Receivers = terms.Receivers,
            Parameters = terms.Parameters,
            Inputs = terms.Inputs,
            Verdict = terms.Verdict,
            Conditions = terms.Conditions,
            Reason = terms.Reason,
            Checkpoint = room.Mirror.Note,
            Nonce = Nonces.Fresh(),
        };
}
