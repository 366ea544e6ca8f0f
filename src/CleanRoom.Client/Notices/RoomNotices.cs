using System.Collections.Immutable;
using CleanRoom.Client.Ledger;
using CleanRoom.Client.Queries;
using CleanRoom.Client.Rooms;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Dsse;
using CleanRoom.Protocol.Fold;
using CleanRoom.Protocol.Ledger;

namespace CleanRoom.Client.Notices;

/// <summary>What a member may want to know of a verified ledger. Pure: nothing is asked of the node. Spec: contracts/spec/0019 s.2.</summary>
public static class RoomNotices
{
    /// <summary>Returns the notices from a row on, in row order. What the member itself signed is none, and what waits no longer neither.</summary>
    /// <param name="mirror">The verified ledger.</param>
    /// <param name="member">Who looks.</param>
    /// <param name="from">The first row that was not looked at yet.</param>
    /// <param name="now">The moment that decides what still waits.</param>
    public static ImmutableArray<Notice> Of(LedgerMirror mirror, MemberIdentity member, long from, Timestamp now)
    {
        ArgumentNullException.ThrowIfNull(mirror);
        ArgumentNullException.ThrowIfNull(member);
        return Of(mirror.Rows, mirror.State, member, from, now);
    }

    private static ImmutableArray<Notice> Of(IReadOnlyList<LedgerRow> rows, CollaborationState state, MemberIdentity member, long from, Timestamp now)
    {
        var own = KeyId.Of(member.Keys.Sign.PublicKey.Span);
        var waiting = Inbox.Of(state, member, now).ToDictionary(query => query.Digest);
        var batches = waiting.Values.Where(query => query.Query.TemplateDigest is not null).GroupBy(query => query.Query.TemplateDigest)
            .Where(group => group.Skip(1).Any()).ToDictionary(group => group.Max(query => query.Sequence), group => group.Key!.Value);
        return
        [
            .. rows.Skip((int)Math.Clamp(from, 0, rows.Count)).Where(row => row.Envelope.Signatures.All(signature => signature.KeyId != own))
                .SelectMany(row => Of(row, state, member, waiting, batches)),
        ];
    }

    private static IEnumerable<Notice> Of(
        LedgerRow row, CollaborationState state, MemberIdentity member, Dictionary<Digest, QueryState> waiting, Dictionary<long, Digest> batches)
    {
        if (!DocumentCodec.ParsePayload(row.Envelope).TryGet(out var document, out _))
        {
            yield break;
        }

        switch (document)
        {
            case Contract when IsToSign(state, row, member):
                yield return new Notice(NoticeKind.Contract, row.Sequence, row.Time, row.Envelope.PayloadDigest.ToString());
                break;
            case Query when waiting.ContainsKey(row.Envelope.PayloadDigest):
                yield return new Notice(NoticeKind.Query, row.Sequence, row.Time, row.Envelope.PayloadDigest.ToString());
                if (batches.TryGetValue(row.Sequence, out var template))
                {
                    yield return new Notice(NoticeKind.Batch, row.Sequence, row.Time, template.ToString());
                }

                break;
            case RunResult result when state.Queries.TryGetValue(result.QueryDigest, out var query) && query.Query.Receivers.Contains(member.Collaborator):
                yield return new Notice(NoticeKind.Result, row.Sequence, row.Time, result.QueryDigest.ToString());
                break;
            case MemberRevocation revoked:
                yield return new Notice(NoticeKind.Revocation, row.Sequence, row.Time, $"{revoked.Collaborator}/{revoked.Member}");
                break;
            case CodeAdmission:
                yield return new Notice(NoticeKind.Code, row.Sequence, row.Time, row.Envelope.PayloadDigest.ToString());
                break;
            case Revocation or Suspend or Terminate:
                yield return new Notice(NoticeKind.Revocation, row.Sequence, row.Time, row.Envelope.PayloadDigest.ToString());
                break;
            default:
                break;
        }
    }

    /// <summary>The first row of a version that is not in force, was not overtaken, and that nobody of the member's collaborator has signed enough.</summary>
    private static bool IsToSign(CollaborationState state, LedgerRow row, MemberIdentity member) =>
        state.Contracts.TryGetValue(row.Envelope.PayloadDigest, out var contract)
        && contract.Sequence == row.Sequence
        && contract.ActiveFrom is null
        && (state.Active is null || contract.Contract.Version > state.Active.Contract.Version)
        && contract.Find(member.Collaborator) is not null
        && contract.SignedBy.Count(key => state.Members.TryGetValue(key, out var signer) && signer.Delegation.Collaborator == member.Collaborator)
            < contract.QuorumOf(member.Collaborator);
}
